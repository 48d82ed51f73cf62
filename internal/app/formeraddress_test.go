package app_test

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestWhoseAddressIsChangedIsToldAtTheOneBefore has an address corrected by somebody else: the letter goes where mail
// reached the person, and does not say where it goes now.
func TestWhoseAddressIsChangedIsToldAtTheOneBefore(t *testing.T) {
	v := demo(t)
	data := filepath.Join(v.data, "body")
	out := run(t, data, "act", "person.invite", "--member", "0042", "--role", "practitioner", "--name", "Ida Frost", "--email", "ida@before.example")
	var done struct{ Stream string }
	must(t, json.Unmarshal([]byte(out), &done))
	number := strings.TrimPrefix(done.Stream, "person/")
	registrar := v.guest()
	registrar.leads("/demo/sign-in/registrar", nil, "/office")
	registrar.post("/step-up", nil)
	correct := func(name, email string) {
		t.Helper()
		if status, said := registrar.act("person.correct", map[string]string{"person": number, "name": name, "email": email}); status != 201 {
			t.Fatalf("corrected: %d %s", status, said)
		}
	}
	correct("Ida Frost", "ida@first.example")
	first := letterSaying(t, data, "<ida@before.example>", "your e-mail address was changed")
	if strings.Contains(first, "first.example") || strings.Contains(first, "Ida") {
		t.Errorf("a stranger may read\n%s", first)
	}
	correct("Ida Frost-Pine", "IDA@first.example") // the same address
	correct("Ida Frost-Pine", "ida@second.example")
	second := letterSaying(t, data, "To: <IDA@first.example>", "your e-mail address was changed")
	if strings.Contains(second, "second.example") {
		t.Errorf("it says where letters go now:\n%s", second)
	}
	if n := look(t, data, "SELECT count(*) FROM work_mail WHERE kind = 'address-changed'"); n != "2" {
		t.Errorf("%s letters were written", n)
	}
	if n := look(t, data, "SELECT count(*) FROM work_mail WHERE person LIKE '%example%' OR about LIKE '%example%'"); n != "0" {
		t.Errorf("%s notes hold an address", n)
	}
	for n := range 9 { // a flood to others
		correct("Ida", strings.Repeat("x", n+1)+"@flood.example")
	}
	letterSaying(t, data, "To: <x@flood.example>")
	run(t, data, "act", "person.forget", "--person", number, "--reason", "objection")
	for until := time.Now().Add(time.Minute); len(lettersIn(t, data)) > 0; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(until) {
			t.Fatalf("letters to somebody who was forgotten still lie in the folder: %s", lettersIn(t, data))
		}
	}
	if n := look(t, data, "SELECT count(*) FROM work_mail WHERE kind = 'address-changed'"); n != "4" {
		t.Errorf("of twelve corrections in a day %s are told", n)
	}
}
