package site

import (
	"bytes"
	"testing"
)

// Every page's templates can be compiled, and draw what html/template draws.
func TestCompiledTemplatesDrawTheSame(t *testing.T) {
	r := newTestRenderer(t)
	for name, view := range zeroViews {
		if r.fast[name] == nil {
			t.Errorf("%s is not compiled", name)
			continue
		}
		compareEngines(t, r, Page{Path: "a/" + name, Template: name, Data: view})
	}
}

func compareEngines(t *testing.T, r *Renderer, p Page) {
	t.Helper()
	set := r.pages[p.Template]
	view, err := r.frame(set, p)
	if err != nil {
		t.Fatal(err)
	}
	var want, got bytes.Buffer
	if err := set.ExecuteTemplate(&want, "base.html", view); err != nil {
		t.Fatal(err)
	}
	if err := r.fast[p.Template].ExecuteTemplate(&got, "base.html", view); err != nil {
		t.Errorf("%s: %v", p.Path, err)
		return
	}
	if !bytes.Equal(want.Bytes(), got.Bytes()) {
		at := 0
		for at < min(want.Len(), got.Len()) && want.Bytes()[at] == got.Bytes()[at] {
			at++
		}
		from := max(0, at-80)
		t.Errorf("%s differs at byte %d\n got …%s\nwant …%s", p.Path, at,
			got.Bytes()[from:min(got.Len(), at+80)], want.Bytes()[from:min(want.Len(), at+80)])
	}
}
