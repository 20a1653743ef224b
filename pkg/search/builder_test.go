package search

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// The files depend only on what was added, not on order or goroutines.
func TestFilesAreDeterministic(t *testing.T) {
	f := readFixture(t)
	want := f.build(t)
	rnd := rand.New(rand.NewPCG(5, 6))
	for range 5 {
		rnd.Shuffle(len(f.Entities), func(i, j int) { f.Entities[i], f.Entities[j] = f.Entities[j], f.Entities[i] })
		rnd.Shuffle(len(f.Documents), func(i, j int) { f.Documents[i], f.Documents[j] = f.Documents[j], f.Documents[i] })
		var b Builder
		var wg sync.WaitGroup
		for _, e := range f.Entities {
			wg.Go(func() { b.AddEntity(e) })
		}
		for _, d := range f.Documents {
			wg.Go(func() { b.AddDocument(d) })
		}
		wg.Wait()
		got := collect(t, &b)
		if len(got) != len(want) {
			t.Fatalf("%d files, want %d", len(got), len(want))
		}
		for path, file := range want {
			if got[path] == nil || !bytes.Equal(got[path].Data, file.Data) {
				t.Fatalf("%s differs", path)
			}
		}
	}
}

// What the columns and details hold is what was added.
func TestColumnsHoldEntities(t *testing.T) {
	f := readFixture(t)
	x := open(t, f.build(t))
	sortEntities(f.Entities)
	for i, e := range f.Entities {
		var d detailFile
		if err := x.readNumbered("d", i/detailRows, x.entry.Details[i/detailRows], &d); err != nil {
			t.Fatal(err)
		}
		r := x.rows[i]
		got := Entity{
			URL: r.url, Name: r.name, Title: r.title, Aliases: r.aliases, OwnerTitle: r.ownerTitle, KindTitle: x.kindTitle(x.value("kind", i)),
			Kind: x.value("kind", i), Namespace: x.value("namespace", i), Owner: x.value("owner", i), OnCall: x.value("oncall", i),
			Channel: x.value("channel", i), Tier: x.value("tier", i), Lifecycle: x.value("lifecycle", i), Type: x.value("type", i),
			Language: x.value("language", i), System: x.value("system", i), Domain: x.value("domain", i),
			Tags: x.set("tag", i), Gaps: x.set("gap", i), Fields: map[string][]string{},
			Description: d.Descriptions[i%detailRows], ChannelURL: d.ChannelURLs[i%detailRows], Runbook: d.Runbooks[i%detailRows],
		}
		for _, field := range x.entry.Fields {
			if values := x.set("."+field, i); values != nil {
				got.Fields[field] = values
			}
		}
		if len(e.Fields) == 0 {
			e.Fields = map[string][]string{}
		}
		if len(e.Tags) == 0 {
			e.Tags = nil
		}
		if diff := cmp.Diff(e, got); diff != "" {
			t.Errorf("%s (-added +read):\n%s", e.URL, diff)
		}
	}
}

// set is what a column of several values says of a row.
func (x *Index) set(column string, row int) []string {
	var values []string
	for _, code := range x.sets[column].codes[row] {
		values = append(values, x.sets[column].values[code])
	}
	return values
}

func TestOddURLsAreKept(t *testing.T) {
	var b Builder
	b.AddEntity(Entity{URL: "services/a.html", Kind: "service", Name: "a"})
	b.AddEntity(Entity{URL: "services/B-C.HTML", Kind: "service", Name: "B-C", Title: "b c"})
	b.AddEntity(Entity{URL: "elsewhere/d.html", Kind: "service", Namespace: "ns", Name: "d", Title: "D  d"})
	b.AddEntity(Entity{URL: "services/ns/e.html", Kind: "service", Namespace: "ns", Name: "e", Title: "É"})
	x := open(t, collect(t, &b))
	for query, want := range map[string][2]string{
		"a": {"services/a.html", "a"}, "b-c": {"services/B-C.HTML", "b c"}, "ns/d": {"elsewhere/d.html", "D  d"}, "e": {"services/ns/e.html", "É"},
	} {
		hits := x.Search(query, 1)
		if len(hits) != 1 || hits[0].URL != want[0] || hits[0].Title != want[1] {
			t.Errorf("%q: got %+v, want %v", query, hits, want)
		}
	}
}

func TestFilesRefuses(t *testing.T) {
	e := Entity{URL: "services/a.html", Kind: "service", Name: "a"}
	for want, add := range map[string]func(*Builder){
		"two entities have the page services/a.html":                              func(b *Builder) { b.AddEntity(e); b.AddEntity(e) },
		`the service "x" has no page`:                                             func(b *Builder) { b.AddEntity(Entity{Kind: "service", Name: "x"}) },
		"two documents have the page d.html":                                      func(b *Builder) { b.AddDocument(Document{URL: "d.html"}); b.AddDocument(Document{URL: "d.html"}) },
		`the document "T" has no page`:                                            func(b *Builder) { b.AddDocument(Document{Title: "T"}) },
		"the document d.html is about b.html, which is not the page of an entity": func(b *Builder) { b.AddDocument(Document{URL: "d.html", Entity: "b.html"}) },
	} {
		var b Builder
		add(&b)
		if _, err := b.Files(); err == nil || err.Error() != want {
			t.Errorf("got error %v, want %s", err, want)
		}
	}
	var b Builder
	collect(t, &b)
	if _, err := b.Files(); err == nil {
		t.Error("a second index from one builder was not refused")
	}
}

// A catalog without documents, and one without anything, have an index too.
func TestEmptyIndex(t *testing.T) {
	var b Builder
	site := collect(t, &b)
	if len(site) != 1 {
		t.Errorf("%d files, want the entry alone", len(site))
	}
	x := open(t, site)
	hits := x.Search("a", 5)
	docs, err := x.Documents("a", 5)
	if len(hits)+len(docs)+len(x.Nearest("a", 5)) > 0 || err != nil {
		t.Errorf("got %v %v %v, want nothing", hits, docs, err)
	}
	if _, err := Open(fstest.MapFS{}); !errors.Is(err, ErrNoIndex) {
		t.Errorf("got error %v, want ErrNoIndex", err)
	}
}

func TestNearest(t *testing.T) {
	x := open(t, readFixture(t).build(t))
	hits := x.Nearest("pyamnts-apy", 3)
	if len(hits) == 0 || hits[0].Name != "payments-api" {
		t.Errorf("got %+v, want payments-api first", hits)
	}
	if hits := x.Nearest("", 3); hits != nil {
		t.Errorf("got %+v for nothing", hits)
	}
}

// A term of very many documents keeps those that are most about it.
func TestFrequentTermsAreCut(t *testing.T) {
	var b Builder
	for i := range maxPostings + 500 {
		d := Document{URL: fmt.Sprintf("d/%05d.html", i), Title: "Note", Sections: []Section{{Text: "common"}}}
		if i >= maxPostings {
			d.Title = "Common"
		}
		b.AddDocument(d)
	}
	x := open(t, collect(t, &b))
	hits, err := x.Documents("common ", 600)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 500 {
		if want := fmt.Sprintf("d/%05d.html", maxPostings+i); hits[i].URL != want {
			t.Fatalf("hit %d is %s, want %s", i, hits[i].URL, want)
		}
	}
	all, err := x.Documents("common ", 10_000)
	if err != nil || len(all) != maxPostings {
		t.Errorf("%d documents (%v), want %d", len(all), err, maxPostings)
	}
}

var hostile = []string{
	`"`, `\`, `\"`, `</script><script>alert(1)</script>`, "<!--", "]]>", "\u2028\u2029", "\x00\x1f\x7f", "\xff\xfe", "${x}`'", "é𠮷🚀", "\ufeff", "\r\n",
}

func TestDataFile(t *testing.T) {
	script := DataFile(`a"b\`, hostile)
	for _, bad := range []string{"</", "<!", "\u2028", "\u2029", "\x00", "\r"} {
		if bytes.Contains(script, []byte(bad)) {
			t.Errorf("the script holds %q: %s", bad, script)
		}
	}
	if bytes.Count(script, []byte("\n")) != 1 {
		t.Errorf("the script is not one line: %q", script)
	}
	var got []string
	if err := ReadDataFile(script, &got); err != nil {
		t.Fatal(err)
	}
	want := slices.Clone(hostile)
	for i := range want {
		want[i] = strings.ReplaceAll(strings.ToValidUTF8(want[i], "\ufffd\ufffd"), "\ufffd\ufffd\ufffd\ufffd", "\ufffd\ufffd")
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-written +read):\n%s", diff)
	}
}

// A damaged index gives errors, never a panic.
func FuzzDamagedIndex(f *testing.F) {
	site := readFixture(f).build(f)
	var paths []string
	for path := range site {
		paths = append(paths, path)
	}
	slices.Sort(paths)
	f.Add(uint16(0), uint32(100), byte('z'))
	for i := range paths {
		for at := uint32(0); at < 4000; at += 97 {
			f.Add(uint16(i), at, byte('0'))
			f.Add(uint16(i), at, byte('_'))
		}
	}
	f.Fuzz(func(_ *testing.T, file uint16, at uint32, b byte) {
		damaged := fstest.MapFS{}
		for path, data := range site {
			damaged[path] = data
		}
		path := paths[int(file)%len(paths)]
		data := bytes.Clone(site[path].Data)
		data[int(at)%len(data)] = b
		damaged[path] = &fstest.MapFile{Data: data}
		x, err := Open(damaged)
		if err != nil {
			return
		}
		for _, q := range []string{"payments api", "owner:payments key", "kind:runbook proc", "wharehouse"} {
			x.Search(q, 5)
			x.Nearest(q, 5)
			_, _ = x.Documents(q, 5) // may fail; must return
		}
	})
}

// A document says whose it is by the title of a team, be it its own owner, that of what
// it is about, or the team that it is about.
func TestDocumentsNameTheirOwners(t *testing.T) {
	var b Builder
	b.AddEntity(Entity{URL: "t.html", Kind: "team", KindTitle: "Team", Name: "Core", Title: "Core team"})
	b.AddEntity(Entity{URL: "s.html", Kind: "service", KindTitle: "Service", Name: "s", Title: "S", Owner: "core", OwnerTitle: "Core team"})
	b.AddEntity(Entity{URL: "o.html", Kind: "service", KindTitle: "Service", Name: "o", Title: "O", Owner: "other", OwnerTitle: "The others"})
	for _, d := range []Document{{URL: "1", Entity: "t.html"}, {URL: "2", Entity: "t.html", Owner: "core"}, {URL: "3", Entity: "t.html", Owner: "other"}, {URL: "4", Entity: "s.html"}, {URL: "5", Entity: "s.html", Owner: "other"}} {
		d.Title, d.Kind, d.KindTitle = "Words", "guide", "Guide"
		b.AddDocument(d)
	}
	index, err := b.Index()
	if err != nil {
		t.Fatal(err)
	}
	hits, err := index.Documents("words", 10)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, h := range hits {
		got[h.URL] = h.Owner + " " + h.OwnerTitle
	}
	want := map[string]string{"1": "core Core team", "2": "core Core team", "3": "other The others", "4": "core Core team", "5": "other The others"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("owners (-want +got):\n%s", diff)
	}
}

// A document is found by what its entity is called, though it says none of that itself, and
// comes first among those that only mention the entity.
func TestDocumentsAreAboutTheirEntities(t *testing.T) {
	var b Builder
	b.AddEntity(Entity{URL: "p.html", Kind: "service", KindTitle: "Service", Name: "payments", Title: "Payments", Aliases: []string{"till"}})
	b.AddEntity(Entity{URL: "o.html", Kind: "service", KindTitle: "Service", Name: "orders", Title: "Orders"})
	add := func(url, entity, text string) {
		b.AddDocument(Document{URL: url, Entity: entity, Title: "Latency", Kind: "guide", KindTitle: "Guide", Sections: []Section{{Text: text}}})
	}
	add("a-mentions", "o.html", "slow answers of payments")
	add("b-silent", "p.html", "slow answers")
	add("c-says-so", "p.html", "slow answers of payments")
	index, err := b.Index()
	if err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string][]string{"till ": {"b-silent", "c-says-so"}, "payments ": {"c-says-so", "b-silent", "a-mentions"}} {
		hits, err := index.Documents(query, 10)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, h := range hits {
			got = append(got, h.URL)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", query, diff)
		}
	}
}
