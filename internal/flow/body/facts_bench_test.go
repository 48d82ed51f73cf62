package flowbody

import "testing"

func BenchmarkFactsOf(b *testing.B) {
	w := founded(b)
	b.ReportAllocs()
	for b.Loop() {
		FactsOf(w, "0042")
	}
}
