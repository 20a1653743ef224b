package docs

import (
	"os"
	"strings"
	"testing"

	"github.com/signpost-dev/signpost/pkg/diag"
)

func TestDiagrams(t *testing.T) {
	set := testSet()
	got := page(t, set, "```mermaid\nflowchart LR\n  a[\"one <b>\"] -- then --> b\n  accDescr: What happens.\n```\n\nafter\n")
	for _, want := range []string{
		`<div class="sp-diagram"><div class="sp-scroll" tabindex="0"><svg `, `role="img" aria-label="Flowchart: 2 boxes, 1 line"`, ">then</text>",
		"</svg></div>\n<p>What happens.</p>\n<details><summary>The diagram in words</summary>\n<ul>\n<li>one → b: then</li>\n</ul>\n</details>\n</div>\n<p>after</p>",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%s lacks %s", got, want)
		}
	}
	if strings.Contains(got, "flowchart LR") {
		t.Error("the source is shown as well")
	}
	got = page(t, set, "```Mermaid\npie title x\n```\n")
	if want := "<p>This kind of diagram is not drawn here: its source.</p>\n<pre class=\"chroma\" tabindex=\"0\"><code>pie title x\n"; !strings.Contains(got, want) {
		t.Errorf("%s lacks %s", got, want)
	}
	got = page(t, set, "~~~mermaid\ngraph TD\nA[x\n~~~\n")
	if want := "<p>This diagram cannot be drawn, for its source has a mistake: line 2, the text that begins with [ has no end (close it with ]).</p>\n<pre"; !strings.Contains(got, want) {
		t.Errorf("%s lacks %s", got, want)
	}
	got = page(t, set, "```mermaid\nsequenceDiagram\nloop x\nA->>B: y\nend\nB->>A: z\n```\n")
	if want := "<ul>\n<li>Repeated: x\n<ul>\n<li>A → B: y</li>\n</ul>\n</li>\n<li>B → A: z</li>\n</ul>\n"; !strings.Contains(got, want) {
		t.Errorf("%s lacks %s", got, want)
	}
}

// The drawings stand in their places also in a document whose author's HTML has to be
// put right, and whatever he writes that looks like a place.
func TestDiagramsKeepTheirPlaces(t *testing.T) {
	one, two := "```mermaid\ngraph TD\nfirst\n```\n", "```mermaid\ngraph TD\nsecond\n```\n"
	for _, between := range []string{"x", "<div><p>open <b>x", "<span class=\"sp-drawing\"></span>", "`<span class=\"sp-drawing\"></span>`", "</div></div></article>"} {
		got := page(t, testSet(), one+"\n"+between+"\n\n"+two+"\nlast\n")
		parts := strings.Split(got, "<svg ")
		if len(parts) != 3 || !strings.Contains(parts[1], ">first</text>") || !strings.Contains(parts[2], ">second</text>") || !strings.HasSuffix(parts[0], `<div class="sp-scroll" tabindex="0">`) {
			t.Errorf("%s: %s", between, got)
		}
	}
}

func TestBrokenDiagramIsFound(t *testing.T) {
	body := "---\ntitle: x\n---\n\n# T\n\n1. step\n\n   ```mermaid\n   graph TD\n   ä[x (y)]\n   ```\n\n```mermaid\n```\n\n```mermaid\ngantt\n```\n"
	doc := &Document{File: "a/b.md", Name: "a/b.md"}
	p, ds := testSet().Parse(doc, []byte(body))
	if p == nil {
		t.Fatal("no result")
	}
	var got []string
	for _, d := range ds {
		if d.Severity != diag.Warning {
			t.Errorf("%v is no warning", d)
		}
		got = append(got, lines([]diag.Diagnostic{d}))
	}
	want := []string{
		"a/b.md:11:8: the diagram cannot be drawn: \"(\" cannot stand in a text without quotes [diagram-broken] put the text in quotes: [\"…\"]\n",
		"a/b.md:14:1: the diagram cannot be drawn: the diagram is empty [diagram-broken]\n",
	}
	if strings.Join(got, "") != strings.Join(want, "") {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// What is drawn of a document is bounded, though each diagram alone may be large.
func TestManyDiagrams(t *testing.T) {
	boxes := "a" + strings.Repeat("&a", 21) // the same box: many lines, few characters
	block := "```mermaid\ngraph TD\n%% " + strings.Repeat("x", 1_000) + "\n" + boxes + "-->" + strings.ReplaceAll(boxes, "a", "b") + "\n```\n\n"
	doc := &Document{File: "a/b.md", Name: "a/b.md"}
	p, ds := testSet().Parse(doc, []byte(strings.Repeat(block, 40)))
	if p == nil {
		t.Fatal(lines(ds))
	}
	if len(ds) == 0 || !strings.Contains(ds[0].Message, "more than the 5000 parts") {
		t.Errorf("got %s", lines(ds))
	}
	if out, err := p.Render(Site{}); err != nil || len(out) > 2<<20 {
		t.Errorf("%d bytes, %v", len(out), err)
	}
}

// Search finds what a diagram says, not how it is written.
func TestDiagramsAreSearched(t *testing.T) {
	doc := &Document{File: "a/b.md", Name: "a/b.md"}
	p, _ := testSet().Parse(doc, []byte("```mermaid\ngraph TD\nx[The ledger] --> y[The bank]\n```\n"))
	if len(p.Sections) != 1 || p.Sections[0].Text != "The ledger → The bank" {
		t.Errorf("got %v", p.Sections)
	}
}

// Every diagram of the real runbooks is drawn.
func TestRealDiagrams(t *testing.T) {
	dir := testData(t, "gitlab-runbooks")
	if _, err := os.Stat(dir); err != nil {
		t.Fatal(err)
	}
	_, all, ds := loadAll(t, dir, Options{})
	for _, d := range ds {
		if d.Code == "diagram-broken" {
			t.Error(lines([]diag.Diagnostic{d}))
		}
	}
	drawn := 0
	for _, p := range all {
		for _, d := range p.drawings {
			if d.diagram != nil {
				drawn++
			}
		}
	}
	if drawn != 15 {
		t.Errorf("%d diagrams are drawn, want 15", drawn)
	}
}
