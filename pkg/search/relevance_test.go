package search

import (
	"fmt"
	"testing"
)

// The cases hold whether the columns lie in one file or in many.
func TestRelevance(t *testing.T) {
	for _, rows := range []int{0, 7} {
		t.Run(fmt.Sprintf("%d rows in a shard", rows), func(t *testing.T) {
			checkRelevance(t, open(t, readFixture(t).buildShards(t, rows)))
		})
	}
}

func checkRelevance(t *testing.T, x *Index) {
	for _, c := range relevanceCases(t) {
		hits := x.Search(c.Query, 5)
		if c.Document {
			var err error
			if hits, err = x.Documents(c.Query, 5); err != nil {
				t.Fatal(err)
			}
		}
		if got := answer(c, hits); got != c.First {
			t.Errorf("%q (%s): got %q, want %q", c.Query, c.Note, got, c.First)
			for _, h := range hits {
				t.Logf("\t%6d %s:%s %s", h.Score, h.Kind, h.Name, h.URL)
			}
		}
	}
}
