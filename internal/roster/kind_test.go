package roster

import (
	"errors"
	"strings"
	"testing"
)

func TestCompletionsAreReadFromManyMakersFiles(t *testing.T) {
	for header, want := range map[string]string{
		"person,course,on,minutes,attendance,mark,checks,for": "person=person course=course on=on minutes=minutes attendance=attendance mark=mark checks=checks for=for",
		"Learner ID;Course Code;Completion Date;Score":        "person=Learner ID course=Course Code on=Completion Date mark=Score",
	} {
		_, in, err := readAs(Completions, header+"\n", nil)
		if err != nil || strings.Join(in.mapped, " ") != want {
			t.Errorf("%s: %v, %v", header, in.mapped, err)
		}
	}
	for header, says := range map[string]string{
		"person,course":         "no column for the day of completion",
		"course,on":             "no column for the person's number",
		"person,on":             "no column for the course's number",
		"person,course,on,date": "",
	} {
		_, _, err := readAs(Completions, header+"\n", nil)
		var h *HeaderError
		if says == "" && err != nil || says != "" && (!errors.As(err, &h) || !strings.Contains(err.Error(), says)) {
			t.Errorf("%s: %v, want %q", header, err, says)
		}
	}
	if _, err := Completions.ParseMapping("name=X"); err == nil || !strings.Contains(err.Error(), "no column of a list of completions") {
		t.Error(err)
	}
}

// A file that contradicts itself is told so by its own lines, whatever the record holds.
func TestCompletionsThatContradictOneAnother(t *testing.T) {
	rows, _, err := readAs(Completions, `person,course,on,minutes
0001,C-0001,2026-06-01,600
0001,C-0001,2026-06-01 09:00,600
0001,C-0002,2026-06-01,900
0001,C-0002,2026-06-02,900
0002,C-0001,2026-06-01,
0001,C-0003,2026-06-01,many
,C-0001,2026-06-01,60
`, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, says := range []string{
		"", "person 0001, course C-0001 on 2026-06-01 are already in line 2", "with the lines above, person 0001 has 1500 minutes on 2026-06-01", "", "", "", "",
	} {
		got := Reject{Faults: rows[i].faults}.Reason()
		if got != says {
			t.Errorf("line %d: %q, want %q", i+2, got, says)
		}
	}
}
