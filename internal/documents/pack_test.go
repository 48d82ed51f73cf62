package documents

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"strings"
	"testing"
	"time"
)

func examplePack(t *testing.T) Pack {
	a := example(t)
	pdf, err := a.PDF()
	if err != nil {
		t.Fatal(err)
	}
	page, err := a.HTML()
	if err != nil {
		t.Fatal(err)
	}
	return Pack{
		Body: a.Body, Member: a.Member, At: time.Date(2026, 6, 10, 17, 0, 1, 500, time.UTC),
		Sentence: "Cobalt Ridge IT is a member in good standing.", Meaning: "It signed the code of ethics.", Since: time.Date(2026, 3, 1, 7, 0, 0, 0, time.UTC),
		Reasons: []string{"The number of continuing education courses is not yet set; meanwhile it fails nobody."},
		Receipt: []byte("shingle-standing/v1\n"), Standing: []byte("{}\n"), Keys: []byte("{}\n"),
		Notices:  []Notice{{ID: "2026-0001", Title: "Reprimand: Cobalt Ridge IT", Text: "It was late.\n", SHA256: "abc", Published: time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC), CorrectedBy: "2026-0002"}},
		Code:     Code{"2026.1", a.Code.Hash(), string(a.Code.Text)},
		AnnexPDF: pdf, AnnexHTML: page,
	}
}

func unzip(t *testing.T, archive []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		name, ok := strings.CutPrefix(f.Name, "0042-2026-06-10/")
		if !ok {
			t.Errorf("%s lies in no folder of the pack", f.Name)
		}
		files[name] = string(body)
	}
	return files
}

func TestAPackHoldsWhatAVendorFileNeeds(t *testing.T) {
	p := examplePack(t)
	archive, err := p.Zip()
	if err != nil {
		t.Fatal(err)
	}
	files := unzip(t, archive)
	golden(t, "README.txt", []byte(files["README.txt"]))
	golden(t, "standing.txt", []byte(files["standing.txt"]))
	golden(t, "notice.txt", []byte(files["notices/2026-0001.txt"]))
	sums := strings.Split(strings.TrimSpace(files["SHA256SUMS"]), "\n")
	if len(sums) != len(files)-1 || len(files) != 10 {
		t.Errorf("%d hashes of %d files", len(sums), len(files))
	}
	for _, line := range sums {
		sum, name, _ := strings.Cut(line, "  ")
		if got := sha256.Sum256([]byte(files[name])); hex.EncodeToString(got[:]) != sum {
			t.Errorf("the hash of %s is wrong", name)
		}
	}
	if sum := sha256.Sum256([]byte(files["code-2026.1.md"])); hex.EncodeToString(sum[:]) != p.Code.SHA256 {
		t.Error("the text is not what was signed")
	}
	if again, err := examplePack(t).Zip(); err != nil || !bytes.Equal(archive, again) {
		t.Errorf("the same facts, another archive, %v", err)
	}
}

func TestAPackWithoutAnAnnexSaysWhy(t *testing.T) {
	p := examplePack(t)
	p.AnnexPDF, p.AnnexHTML, p.Code, p.NoAnnex = nil, nil, Code{}, "The company has signed no text of the code."
	archive, err := p.Zip()
	if err != nil {
		t.Fatal(err)
	}
	files := unzip(t, archive)
	if len(files) != 7 || !strings.Contains(files["README.txt"], "There is no annex to a contract: The company has signed no text of the code.") {
		t.Errorf("%d files\n%s", len(files), files["README.txt"])
	}
}
