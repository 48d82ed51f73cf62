package documents

import "testing"

func BenchmarkAnnexPDF(b *testing.B) {
	a := example(b)
	for b.Loop() {
		if _, err := a.PDF(); err != nil {
			b.Fatal(err)
		}
	}
}
