package body

import (
	"io/fs"
	"regexp"
	"slices"
	"testing"
)

// A table that is missing in the list would be neither made anew by a rebuild nor compared by the doctor.
func TestEveryTableOfTheRegisterIsDrawn(t *testing.T) {
	files, err := fs.Glob(Migrations, "sqlite/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	made := regexp.MustCompile(`(?m)^CREATE TABLE (\w+)`)
	for _, file := range files {
		text, err := fs.ReadFile(Migrations, file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range made.FindAllStringSubmatch(string(text), -1) {
			if !slices.ContainsFunc(drawn, func(d struct{ table, about string }) bool { return d.table == m[1] }) {
				t.Errorf("%s makes the table %s, which is not in the list", file, m[1])
			}
		}
	}
}
