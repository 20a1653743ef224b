package natural

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestCompare(t *testing.T) {
	want := []string{
		"", "007", "7", "12", "123456789012345678901234567890", "Ada", "ada", "Dep", "dep0", "dep2", "dep2-a", "Dep10", "dep10b",
		"v1.2", "v1.10", "Zoë", "Äpfel",
	}
	got := slices.Clone(want)
	rand.Shuffle(len(got), func(i, j int) { got[i], got[j] = got[j], got[i] })
	slices.SortFunc(got, Compare)
	if !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
	for _, a := range want {
		for _, b := range want {
			if Compare(a, b) != -Compare(b, a) || (a == b) != (Compare(a, b) == 0) {
				t.Errorf("%q and %q are not compared alike from both ends", a, b)
			}
		}
	}
}
