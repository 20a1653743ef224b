package search

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
)

// fixture is a small organisation with its documents.
type fixture struct {
	Entities  []Entity
	Documents []Document
}

// relevanceCase says what a query must find first: the page of a document, an
// entity as kind:name, or nothing.
type relevanceCase struct {
	Query    string
	Document bool
	First    string
	Note     string
}

func readJSON(t testing.TB, name string, v any) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, v); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

func readFixture(t testing.TB) fixture {
	t.Helper()
	var f fixture
	readJSON(t, "fixture.json", &f)
	return f
}

func relevanceCases(t testing.TB) []relevanceCase {
	t.Helper()
	var cases []relevanceCase
	readJSON(t, "relevance.json", &cases)
	if len(cases) < 60 {
		t.Fatalf("only %d cases", len(cases))
	}
	return cases
}

// build returns the index of the fixture as a site's files.
func (f fixture) build(t testing.TB) fstest.MapFS {
	t.Helper()
	return f.buildShards(t, 0)
}

// buildShards builds the index with so many entities in a column file.
func (f fixture) buildShards(t testing.TB, rows int) fstest.MapFS {
	t.Helper()
	b := Builder{rowsPerShard: rows}
	for _, e := range f.Entities {
		b.AddEntity(e)
	}
	for _, d := range f.Documents {
		b.AddDocument(d)
	}
	return collect(t, &b)
}

func collect(t testing.TB, b *Builder) fstest.MapFS {
	t.Helper()
	files, err := b.Files()
	if err != nil {
		t.Fatal(err)
	}
	site := fstest.MapFS{}
	for path, data := range files {
		if site[path] != nil {
			t.Fatalf("%s written twice", path)
		}
		site[path] = &fstest.MapFile{Data: data}
	}
	return site
}

func open(t testing.TB, site fstest.MapFS) *Index {
	t.Helper()
	x, err := Open(site)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// answer is how a case names the first hit.
func answer(c relevanceCase, hits []Hit) string {
	switch {
	case len(hits) == 0:
		return ""
	case c.Document:
		return hits[0].URL
	}
	return hits[0].Kind + ":" + hits[0].Name
}
