package body

import (
	"testing"

	"pgregory.net/rapid"
)

// TestWhatIsSmallCannotBeWorkedOut draws tables, and tries what a reader can: to subtract what is told from the sum.
func TestWhatIsSmallCannotBeWorkedOut(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		numbers := rapid.SliceOfN(rapid.OneOf(rapid.Int64Range(0, 6), rapid.Int64Range(0, 40)), 1, 9).Draw(rt, "numbers")
		cells := make([]Cell, len(numbers))
		var total int64
		for i, n := range numbers {
			cells[i].N = n
			total += n
		}
		withhold(cells)
		rest, hidden := total, 0
		for i, c := range cells {
			switch {
			case c.Hidden && c.N != 0:
				rt.Fatalf("%v: a number that is withheld is there: %+v", numbers, cells)
			case c.Hidden:
				hidden++
			case c.N != numbers[i] || c.N < smallest:
				rt.Fatalf("%v: %+v", numbers, cells)
			}
			if c.Small != (numbers[i] < smallest) {
				rt.Fatalf("%v: %+v", numbers, cells)
			}
			rest -= c.N
		}
		if lodged := alone(Cell{N: total}); lodged.Hidden != (total < smallest) || total < smallest && hidden != len(cells) && total > 0 {
			rt.Fatalf("%v: of all there are %+v, and of each %+v", numbers, lodged, cells)
		}
		if total >= smallest && hidden > 0 && rest > 0 && (hidden == 1 && len(cells) > 1 || rest < smallest) {
			rt.Fatalf("%v: %d numbers are withheld, and their sum is %d", numbers, hidden, rest)
		}
	})
}
