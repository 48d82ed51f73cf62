package roster

import (
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
)

// read reads a whole file and returns its rows, checked against one another.
func read(t *testing.T, file, mapping string) (rows []*row, in *input, err error) {
	t.Helper()
	m, err := ParseMapping(mapping)
	if err != nil {
		return nil, nil, err
	}
	return readAs(Members, file, m)
}

func readAs(k *Kind, file string, m Mapping) (rows []*row, in *input, err error) {
	if in, err = k.open(strings.NewReader(file), m); err != nil {
		return nil, nil, err
	}
	check := k.check()
	for {
		r, err := in.next()
		if errors.Is(err, io.EOF) {
			return rows, in, nil
		}
		if err != nil {
			return rows, in, err
		}
		if r.values != nil {
			check(in, r)
		}
		rows = append(rows, r)
	}
}

func TestHeadersOfManyMakersAreUnderstood(t *testing.T) {
	for name, test := range map[string]struct{ header, mapping, want string }{
		"ours":         {"number,name,status", "", "number=number name=name status=status"},
		"with a mark":  {"\ufeffNumber;Name", "", "number=Number name=Name"},
		"tabs":         {"name\tnumber", "", "number=number name=name"},
		"CiviCRM":      {"Membership ID,Organization Name,Member Since,Membership Status,Street Address,City,Country,Email", "", "number=Membership ID name=Organization Name address=Street Address place=City country=Country contact_email=Email admitted=Member Since status=Membership Status"},
		"Tendenci":     {"member_number,company_name,join_dt,expiration_dt,status_detail,url", "", "number=member_number name=company_name domains=url admitted=join_dt paid_through=expiration_dt status=status_detail"},
		"mapped":       {"CIK,Security,Added", "number=CIK,name=Security,admitted=Added", "number=CIK name=Security admitted=Added"},
		"mapped twice": {"number,name,Trading", "name=Trading", "number=number name=Trading"},
	} {
		t.Run(name, func(t *testing.T) {
			_, in, err := read(t, test.header+"\n", test.mapping)
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(in.mapped, " "); got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
}

func TestHeadersThatCannotBeUsedSayWhy(t *testing.T) {
	for name, test := range map[string]struct{ file, mapping, says string }{
		"nothing":            {"", "", "the file is empty"},
		"no number":          {"name,place\n", "", "no column for the member's number; it has: name, place"},
		"twice":              {"number,name,name\n", "", "twice (columns 2 and 3)"},
		"a column not there": {"number,name\n", "place=City", `no column "City" for place`},
		"one for two":        {"number,X\n", "name=X,place=X", "cannot be both name and place"},
		"an unknown column":  {"number,name\n", "color=X", `"color" is no column of a roster`},
		"no pair":            {"number,name\n", "name", `"name" is not of the form`},
		"a spreadsheet":      {"PK\x03\x04…", "", "is a spreadsheet"},
		"UTF-16":             {"\xff\xfen\x00", "", "is in UTF-16"},
		"an open quote":      {"number,\"name\n", "", "header row cannot be read"},
		"old Macs":           {"number,name\r1,One\r2,Two\r", "", "end in a carriage return alone"},
		"a header too long":  {"number,name," + strings.Repeat("x", 2*maxRow), "", "header row cannot be read"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := read(t, test.file, test.mapping)
			var h *HeaderError
			if !errors.As(err, &h) || !strings.Contains(err.Error(), test.says) {
				t.Errorf("%v, want %q", err, test.says)
			}
		})
	}
}

func TestRowsThatCannotBeTakenInSayWhere(t *testing.T) {
	for name, test := range map[string]struct {
		row, column, says string
		line              int
	}{
		"too few cells":       {"0001,One", "", "the row has 2 cells, the header has 5", 2},
		"not UTF-8":           {"0001,On\xe9,,,", "name", "is not UTF-8", 2},
		"control characters":  {"0001,One\x07,,,", "name", "holds control characters", 2},
		"a stray quote":       {"0001,O\"ne,,,", "", "the row cannot be read (line 2, column 7)", 2},
		"number used":         {"0001,One,,,\n0001,Two,,,", "number", "number 0001 is already used in line 2", 3},
		"domain used":         {"0001,One,one.example,,\n0002,Two,WWW.One.example,,", "domains", "domain one.example is already used in line 2", 3},
		"suspended on paper":  {"0001,One,,,Suspended", "status", "cannot be imported as suspended: that needs an order", 2},
		"expelled on paper":   {"0001,One,,,expelled", "status", "cannot be imported as expelled: that needs an order", 2},
		"behind a line break": {"0001,\"One\nand only\",,,\n0002,Two,x,,,,", "", "the row has 7 cells", 4},
		"over several lines":  {"0001,\"One,,,\n0002,Two\",,,,,\n", "", "it takes up the lines 2 to 3", 2},
		"old Mac rows":        {"0001,One,,,\r0002,Two,,,", "", "the row has 9 cells", 2},
		"far too long":        {"0001," + strings.Repeat("x", maxCell+1) + ",,,", "name", "longer than 64 KiB", 2},
	} {
		t.Run(name, func(t *testing.T) {
			rows, _, err := read(t, "number,name,domains,admitted,status\n"+test.row+"\n", "")
			if err != nil {
				t.Fatal(err)
			}
			got := rows[len(rows)-1]
			if len(got.faults) != 1 || got.line != test.line || got.faults[0].Column != test.column || !strings.Contains(got.faults[0].Reason, test.says) {
				t.Errorf("%+v, want %q at line %d, column %q", got, test.says, test.line, test.column)
			}
		})
	}
}

func TestARowTellsAllItsFaults(t *testing.T) {
	rows, _, err := read(t, "number,name,domains,admitted,status\n0001,One,one.example;two.example,,\n0001,On\xe9,two.example;one.example,,expelled\n", "")
	if err != nil {
		t.Fatal(err)
	}
	r := Reject{Line: rows[1].line, Faults: rows[1].faults}
	if r.Column() != "name; status; number; domains" || len(r.Faults) != 5 {
		t.Errorf("%s: %+v", r.Column(), r.Faults)
	}
	if want := "name: is not UTF-8; save the file as UTF-8 and try again; status: a member cannot"; !strings.HasPrefix(r.Reason(), want) {
		t.Errorf("%q, want %q…", r.Reason(), want)
	}
	if r.Faults = r.Faults[:1]; r.Reason() != "is not UTF-8; save the file as UTF-8 and try again" {
		t.Errorf("one fault reads %q", r.Reason())
	}
}

func TestAnOpenQuotationMarkStopsTheImportWhereItStands(t *testing.T) {
	for name, test := range map[string]struct {
		rows string
		read int
		line int
		says string
	}{
		"a later cell is quoted":     {"0001,One\n0002,\"Two\n0003,Three\n0004,\"Four, Inc.\"\n0005,Five\n", 1, 3, "opened in line 3 is not closed properly by line 5"},
		"none is":                    {"0001,One\n0002,\"Two\n0003,Three\n", 1, 3, "opened in line 3 is not closed properly by line 4"},
		"in the last line":           {"0001,One\n0002,\"Two", 1, 3, "opened in line 3 is not closed properly by line 3"},
		"behind a cell of two lines": {"0001,One\r\n\"00\r\n02\",\"Two\r\n0003,Three\r\n", 1, 3, "opened in line 4 is not closed properly by line 5"},
		"in a file without end":      {"0001,One\n\n0002,\"Two\n" + strings.Repeat("0003,Three\n", maxRow/5), 1, 4, "longer than 1 MiB"},
	} {
		t.Run(name, func(t *testing.T) {
			rows, _, err := read(t, "number,name\n"+test.rows, "")
			var broken *BrokenFile
			if !errors.As(err, &broken) || broken.Line != test.line || len(rows) != test.read {
				t.Fatalf("%d rows, %v", len(rows), err)
			}
			if !strings.Contains(err.Error(), test.says) {
				t.Errorf("%v, want %q", err, test.says)
			}
		})
	}
}

func TestARowThatCannotBeReadKeepsItsCells(t *testing.T) {
	for name, test := range map[string]struct {
		row  string
		want []string
	}{
		"a stray mark":        {`0001,O"ne,"a,b"`, []string{"0001", `O"ne`, "a,b"}},
		"something behind it": {`0001,"One"x,a`, []string{"0001", `"One"x`, "a"}},
		"another encoding":    {"0001,Gr\xfcn,a", []string{"0001", "Gr\xfcn", "a"}},
	} {
		t.Run(name, func(t *testing.T) {
			rows, _, err := read(t, "number,name,place\n"+test.row+"\n0002,Two,b\n", "")
			if err != nil || len(rows) != 2 || rows[0].faults == nil || rows[1].faults != nil {
				t.Fatal(rows, err)
			}
			sent, err := json.Marshal(Reject{rows[0].line, rows[0].faults, rows[0].cells})
			if err != nil {
				t.Fatal(err)
			}
			var got Reject
			if err := json.Unmarshal(sent, &got); err != nil || !slices.Equal(got.Cells, test.want) {
				t.Errorf("%q, want %q (%s, %v)", got.Cells, test.want, sent, err)
			}
		})
	}
}

func TestAFileOfRejectsComesBackAsItWas(t *testing.T) {
	cells := []string{"0001", "+Plus", "'+Plus", "''=x", "'tis", "-", "", "@home"}
	file := "number,name,a,b,c,d,e,'=f,line,column,reason\n" + strings.Join(append(Escape(cells), "7", "name", "'=why"), ",") + "\n"
	rows, in, err := read(t, file, "")
	if err != nil || len(rows) != 1 || rows[0].faults != nil {
		t.Fatal(rows, err)
	}
	if !slices.Equal(rows[0].cells, cells) || rows[0].values["name"][0] != "+Plus" {
		t.Errorf("%q, want %q", rows[0].cells, cells)
	}
	if got := strings.Join(in.unknown, " "); got != "a b c d e =f" {
		t.Errorf("unused: %s", got)
	}
	if rows, _, err = read(t, "number,name\n0001,'+Plus\n", ""); err != nil || rows[0].values["name"][0] != "'+Plus" {
		t.Errorf("a file that is not of ours was changed: %v, %v", rows, err)
	}
}

func TestValuesOfOtherSystemsAreNormalised(t *testing.T) {
	rows, _, err := read(t, "number,name,domains,admitted,status\n 0001 , One ,https://www.One.example/about;two.example.,2019-05-01 00:00:00,Active\n\n", "")
	if err != nil || len(rows) != 1 {
		t.Fatal(rows, err)
	}
	v := rows[0].values
	if v["number"][0] != "0001" || v["domains"][0] != "one.example;two.example" || v["admitted"][0] != "2019-05-01" || normalStatus(v["status"][0]) != "good" {
		t.Fatal(v)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("number,name\n1,One\n")
	f.Add("\ufeffnumber;name;domains\n1;\"a\nb\";x\n\"")
	f.Add("number,name,line,column,reason\n1,'+One\n\n\"\n\"x\r\n\"")
	f.Fuzz(func(t *testing.T, file string) {
		rows, _, err := read(t, file, "")
		var h *HeaderError
		var b *BrokenFile
		if err != nil && !errors.As(err, &h) && (!errors.As(err, &b) || b.Line < 2) {
			t.Fatal(err)
		}
		for _, r := range rows {
			if r.faults != nil && (r.line < 2 || r.faults[0].Reason == "") {
				t.Fatalf("%+v", r)
			}
		}
	})
}
