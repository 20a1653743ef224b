package search

import "testing"

func TestRelevance(t *testing.T) {
	x := open(t, readFixture(t).build(t))
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
