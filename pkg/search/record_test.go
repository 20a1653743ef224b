package search

import (
	"bytes"
	"fmt"
	"testing"
)

func documentsForRecords() []Document {
	var all []Document
	for i := range 40 {
		all = append(all, Document{
			URL: fmt.Sprintf("services/a/runbooks/r%d.html", i), Title: fmt.Sprintf("Runbook %d of Zürich", i), Kind: "runbook", KindTitle: "Runbook",
			Entity: "services/a.html",
			Sections: []Section{
				{Text: "What to do when the queue is long, the disk is full or word" + fmt.Sprint(i)},
				{ID: "confirm", Heading: "Confirm", Text: "Look at the graphs of queues. Naïve café."},
			},
		})
	}
	return all
}

func filesOf(t *testing.T, b *Builder) map[string]string {
	t.Helper()
	b.AddEntity(Entity{URL: "services/a.html", Kind: "service", KindTitle: "Service", Name: "a", Title: "A", Description: "Takes words."})
	files, err := b.Files()
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for name, data := range files {
		all[name] = string(bytes.Clone(data))
	}
	return all
}

// An index made of an earlier run's records, of new documents and in another order is the
// same to the byte.
func TestRecordsMakeTheSameIndex(t *testing.T) {
	documents := documentsForRecords()
	var first, second, clean Builder
	records := map[string]Record{}
	for _, d := range documents[:30] {
		records[d.URL] = first.AddDocument(d)
	}
	second.Learn(first.Dictionary())
	documents[7].Sections[0].Text = "changed, with a wholly unheard-of word"
	for i := len(documents) - 1; i >= 0; i-- {
		d := documents[i]
		clean.AddDocument(d)
		r, kept := records[d.URL]
		if i == 7 || !kept {
			second.AddDocument(d)
			continue
		}
		d.Sections = nil
		if !second.AddRecord(d, r) {
			t.Fatalf("the record of %s cannot be used", d.URL)
		}
	}
	want, got := filesOf(t, &clean), filesOf(t, &second)
	if len(want) != len(got) {
		t.Errorf("%d files, want %d", len(got), len(want))
	}
	for name, data := range want {
		if got[name] != data {
			t.Errorf("%s differs\n got %.200s\nwant %.200s", name, got[name], data)
		}
	}
}

// A record is refused by a builder that lacks its dictionary, and so is a damaged one.
func TestRecordIsRefused(t *testing.T) {
	d := documentsForRecords()[0]
	var first, none Builder
	r := first.AddDocument(d)
	if none.AddRecord(d, r) {
		t.Error("a record without its dictionary was used")
	}
	var known Builder
	known.Learn(first.Dictionary())
	if known.AddRecord(d, r[:3]) {
		t.Error("a damaged record was used")
	}
	if !known.AddRecord(d, r) {
		t.Error("a good record was not used")
	}
}
