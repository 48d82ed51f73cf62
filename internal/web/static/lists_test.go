package static_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"shingle/internal/body/discipline"
	"shingle/internal/body/membership"
)

// list follows an exported list from its first page, as a program does and as a reader does.
func list(t *testing.T, out, status string) (numbers []string) {
	t.Helper()
	file, folder := "api/v1/members/index.json", "list/"
	if status != "" {
		file, folder = "api/v1/members/status/"+status+"/0", "status/"+status+"/"
	}
	for {
		text, err := os.ReadFile(filepath.Join(out, file))
		if err != nil {
			t.Fatal(err)
		}
		var page struct {
			Members []struct{ Number, Name string }
			Next    *string
		}
		if err := json.Unmarshal(text, &page); err != nil {
			t.Fatal(err)
		}
		shown := "register"
		if status != "" {
			shown += "/status/" + status
		}
		if id := file[strings.LastIndexByte(file, '/')+1:]; id != "index.json" && id != "0" {
			shown = "register/" + folder + id
		}
		text, err = os.ReadFile(filepath.Join(out, shown, "index.html"))
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(text), `<a class="name"`); n != len(page.Members) {
			t.Errorf("%s shows %d members, and the API %d", shown, n, len(page.Members))
		}
		for _, m := range page.Members {
			numbers = append(numbers, m.Number)
			if !strings.Contains(string(text), `href="/register/`+m.Number+`/"`) {
				t.Errorf("%s does not show %s", shown, m.Number)
			}
		}
		if page.Next == nil {
			return numbers
		}
		file = "api/v1/members/" + folder + *page.Next
	}
}

func TestListsStayCompleteAsMembersComeMoveAndGo(t *testing.T) {
	t.Parallel()
	h := opened(t, 30)
	out := t.TempDir()
	x := h.export(out)
	run(t, x)
	check := func() {
		t.Helper()
		fresh := t.TempDir()
		run(t, h.export(fresh))
		for _, status := range []string{"", "good", "withdrawn", "expelled", "lapsed"} {
			if got, want := list(t, out, status), list(t, fresh, status); !slices.Equal(got, want) {
				t.Errorf("the list %q is\n%v, want\n%v", status, got, want)
			}
		}
	}
	for i := range 80 { // all between the same two names: pages are cut
		h.enrol(number(i), "Mountain "+string(rune('A'+i*7%26))+" "+number(i))
		if i%40 == 0 {
			run(t, x)
		}
	}
	run(t, x)
	if !strings.Contains(files(t, out)["register/index.html"], `"/register/list/`) {
		t.Error("the list has only one page")
	}
	for i := range 40 {
		h.Do(membership.Rename{Member: number(i), Name: "Aardvark " + number(i)})
		h.Do(membership.Withdraw{Member: number(i + 40)})
	}
	run(t, x)
	check()
	for i := range 40 {
		h.Do(membership.Rename{Member: number(i), Name: "Zebra " + number(i)})
	}
	run(t, x) // the first pages are empty now, and go
	check()
}

func TestManyNoticesKeepTheirPages(t *testing.T) {
	t.Parallel()
	h := opened(t, 30)
	out := t.TempDir()
	x := h.export(out)
	run(t, x)
	for range 70 {
		h.decide(discipline.Record{Member: "0014", Sanction: discipline.Reprimand, Findings: []string{"1=Letters were left unanswered."}})
		if h.Record.Position()%3 == 0 {
			run(t, x)
		}
	}
	run(t, x)
	var ids []string
	for file := "api/v1/notices/index.json"; file != ""; {
		text, err := os.ReadFile(filepath.Join(out, file))
		if err != nil {
			t.Fatal(err)
		}
		var page struct {
			Notices []struct{ ID string }
			Next    *string
		}
		if err := json.Unmarshal(text, &page); err != nil {
			t.Fatal(err)
		}
		for _, n := range page.Notices {
			ids = append(ids, n.ID)
		}
		file = ""
		if page.Next != nil {
			file = "api/v1/notices/page/" + *page.Next
		}
	}
	if len(ids) != 71 || !slices.IsSortedFunc(ids, func(a, b string) int { return strings.Compare(b, a) }) {
		t.Errorf("%d notices: %v", len(ids), ids)
	}
}
