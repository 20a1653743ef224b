package diagram

import (
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden drawings")

func TestGolden(t *testing.T) {
	graphs := map[string]Graph{
		"neighbourhood": Neighbourhood(Node{ID: "pay", Label: "Payments API", Sub: "Checkout · tier 1", Href: "payments-api.html"},
			Side{Neighbours: []Neighbour{
				{Node: Node{ID: "ledger", Label: "Ledger", Sub: "Money", Href: "ledger.html", Class: "service"}, Tier: 1},
				{Node: Node{ID: "fraud", Label: "Fraud check", Sub: "Risk", Href: "fraud.html", Class: "service"}, Tier: 2, Link: "degrades"},
				{Node: Node{ID: "db", Label: "payments-db", Href: "../resources/payments-db.html", Class: "resource"}, Tier: 1},
			}},
			Side{Neighbours: []Neighbour{{Node: Node{ID: "web", Label: "Checkout web", Href: "web.html", Class: "service"}}}}, 0),
		"cycle": {
			Nodes: []Node{{ID: "a"}, {ID: "b"}, {ID: "c"}},
			Edges: []Edge{
				{From: "a", To: "b", Class: "cyclic", Label: "http"},
				{From: "b", To: "c", Class: "cyclic"},
				{From: "c", To: "a", Class: "cyclic"},
				{From: "b", To: "b", Label: "retries"},
			},
		},
		"top-down": {
			Direction: TopDown,
			Nodes:     []Node{{ID: "eng", Label: "Engineering", Class: "team"}, {ID: "pay", Label: "Payments", Sub: "6 people", Class: "team"}, {ID: "risk", Label: "Risk", Class: "team"}, {ID: "lone", Label: "Design", Class: "team"}},
			Edges:     []Edge{{From: "eng", To: "pay"}, {From: "eng", To: "risk"}, {From: "eng", To: "platform", Class: "missing"}},
		},
	}
	for name, g := range graphs {
		t.Run(name, func(t *testing.T) {
			got := strings.ReplaceAll(string(Layout(g).SVG("Drawing of "+name, "What it shows.")), "><", ">\n<") + "\n"
			file := filepath.Join("testdata", name+".svg")
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("%s (-want +got); run the test with -update if it should be so:\n%s", file, diff)
			}
		})
	}
}

// elementsOf parses a drawing strictly and returns its elements.
func elementsOf(t *testing.T, svg string) []xml.StartElement {
	t.Helper()
	var all []xml.StartElement
	for d := xml.NewDecoder(strings.NewReader(svg)); ; {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatalf("%v in %s", err, svg)
		}
		if e, ok := tok.(xml.StartElement); ok {
			all = append(all, e.Copy())
		}
	}
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func TestHostileTexts(t *testing.T) {
	hostile := []string{
		`<script>alert(1)</script>`, `"><svg onload=alert(1)>`, `' onmouseover='alert(1)`, "]]>", "<!--", "&lt;",
		"a\x00b\x1b[31m", "\u202egnp.exe", strings.Repeat("\u0301", 5000), strings.Repeat("W", 100_000), "\xff\xfe", "",
	}
	allowed := []string{"svg", "g", "a", "title", "desc", "rect", "path", "text"}
	for _, h := range hostile {
		g := Graph{
			Nodes: []Node{{ID: "n" + h, Label: h, Sub: h, Href: h, Class: h}, {ID: "b", Label: h, Href: "javascript:alert(1)"}},
			Edges: []Edge{{From: "n" + h, To: "b", Label: h, Class: h}},
		}
		svg := string(Layout(g).SVG(h, h))
		for _, e := range elementsOf(t, svg) {
			if !slices.Contains(allowed, e.Name.Local) {
				t.Errorf("%q puts an element %s into the drawing", h, e.Name.Local)
			}
			for _, a := range e.Attr {
				if strings.HasPrefix(a.Name.Local, "on") || strings.Contains(attr(e, "href"), ":") {
					t.Errorf("%q makes an attribute %s=%q", h, a.Name.Local, a.Value)
				}
			}
		}
		if strings.ContainsRune(svg[strings.Index(svg, "<text"):], '\u202e') {
			t.Errorf("%q turns the direction of the text in the drawing", h)
		}
	}
}

func TestLinksCanBeReached(t *testing.T) {
	d := Layout(Graph{Nodes: []Node{{ID: "a", Label: "A", Sub: "of B", Href: "a.html"}, {ID: "b"}}})
	svg := string(d.SVG("Around A", ""))
	es := elementsOf(t, svg)
	if got := attr(es[0], "role"); got != "group" {
		t.Errorf("a drawing with links has role %q", got)
	}
	if got := attr(es[0], "aria-label"); got != "Around A" {
		t.Errorf("accessible name %q", got)
	}
	i := slices.IndexFunc(es, func(e xml.StartElement) bool { return e.Name.Local == "a" })
	if i < 0 || attr(es[i], "href") != "a.html" || es[i+1].Name.Local != "title" || !strings.Contains(svg, "<title>A, of B</title>") {
		t.Errorf("elements %v, want a named link", es)
	}
	d = Layout(Graph{Nodes: []Node{{ID: "b"}}})
	if got := attr(elementsOf(t, string(d.SVG("b", "")))[0], "role"); got != "img" {
		t.Errorf("a drawing without links has role %q", got)
	}
}

func TestShorten(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"Ledger", "Ledger"},
		{"payments-gateway-production-eu", "paymen…ion-eu"},
		{"payments-gateway-production-us", "paymen…ion-us"},
		{"Ae\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301", ""},
	} {
		got := shorten(c.text, labelSize, 110)
		if w := width(got, labelSize); w > 110 {
			t.Errorf("%q is %v px wide, want at most 110", got, w)
		}
		if strings.Contains(got, "…\u0301") {
			t.Errorf("%q holds a mark without its character", got)
		}
		if c.want != "" && got != c.want {
			t.Errorf("shorten(%q) = %q, want %q", c.text, got, c.want)
		}
	}
	if got := shorten("anything", labelSize, 3); got != "…" {
		t.Errorf("without room: %q, want the ellipsis alone", got)
	}
}
