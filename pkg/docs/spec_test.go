package docs

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	nethtml "golang.org/x/net/html"
)

// example is one of a specification: a text, and what becomes of it.
type example struct{ name, markdown, html string }

// goldmarkFolder is where the library lies, which brings the examples of CommonMark and those
// of GFM's extensions with it.
func goldmarkFolder(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/yuin/goldmark").Output()
	if err != nil {
		t.Fatalf("where goldmark lies cannot be found: %v", err)
	}
	return strings.TrimSpace(string(out))
}

func commonMark(t *testing.T) []example {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(goldmarkFolder(t), "_test", "spec.json"))
	if err != nil {
		t.Fatal(err)
	}
	var spec []struct {
		Markdown, HTML, Section string
		Example                 int
	}
	if err := json.Unmarshal(data, &spec); err != nil {
		t.Fatal(err)
	}
	var all []example
	for _, s := range spec {
		all = append(all, example{fmt.Sprintf("CommonMark %d, %s", s.Example, s.Section), s.Markdown, s.HTML})
	}
	return all
}

// githubs reads the examples of the extensions of GFM: three parts each, with a rule between.
func githubs(t *testing.T) []example {
	t.Helper()
	var all []example
	for _, name := range []string{"table", "strikethrough", "linkify", "tasklist", "footnote"} {
		data, err := os.ReadFile(filepath.Join(goldmarkFolder(t), "extension", "_test", name+".txt"))
		if err != nil {
			t.Fatal(err)
		}
		for i, one := range strings.Split(string(data), "//= = = = = = = = = = = = = = = = = = = = = = = =//\n") {
			parts := strings.Split(one, "//- - - - - - - - -//\n")
			if len(parts) == 3 && !strings.Contains(parts[0], "OPTIONS") {
				all = append(all, example{fmt.Sprintf("GFM %s %d", name, i+1), parts[1], parts[2]})
			}
		}
	}
	return all
}

// TestSpecifications wants our parser, with all that we have added to it, to read at least the
// examples rightly that goldmark reads rightly with its extensions for GFM. Both trees are
// drawn by goldmark's renderer, since ours has other aims.
func TestSpecifications(t *testing.T) {
	theirs := goldmark.New(goldmark.WithExtensions(extension.GFM, extension.Footnote), goldmark.WithRendererOptions(html.WithUnsafe(), html.WithXHTML()))
	set := &Set{homes: smallCatalog(), parsers: newParsers([]string{"service", "team", "person"})}
	examples := append(commonMark(t), githubs(t)...)
	if len(examples) < 652+45 {
		t.Fatalf("there are only %d examples", len(examples))
	}
	for what, doc := range map[string]*Document{"documents": {}, "documents of MkDocs": {book: &book{}}} {
		t.Run(what, func(t *testing.T) {
			their, our := 0, 0
			for _, e := range examples {
				source := []byte(e.markdown)
				var want, got bytes.Buffer
				if err := theirs.Convert(source, &want); err != nil {
					t.Fatal(err)
				}
				tree := set.parsers.of(doc, source).Parse(text.NewReader(source), parser.WithContext(&guarded{Context: parser.NewContext()}))
				if err := theirs.Renderer().Render(&got, source, tree); err != nil {
					t.Fatal(err)
				}
				right := func(out string) bool { return normal(out) == normal(e.html) }
				if right(want.String()) {
					their++
				}
				if right(got.String()) {
					our++
				} else if right(want.String()) {
					t.Errorf("%s: %q gives %q, want %q", e.name, e.markdown, got.String(), e.html)
				}
			}
			t.Logf("of %d examples goldmark reads %d rightly, we %d", len(examples), their, our)
			if our < their || their < len(examples)*97/100 {
				t.Errorf("we read %d rightly, goldmark %d, of %d", our, their, len(examples))
			}
		})
	}
}

// normal takes the spaces at the ends away, which mean nothing.
func normal(out string) string { return strings.TrimSpace(out) }

// TestSpecificationsAreShown wants our own renderer to show what the examples of CommonMark
// say: the same words in the same order, whatever it makes of links and headings. Those with
// HTML of an author or with pictures are left out, since of these we show other words.
func TestSpecificationsAreShown(t *testing.T) {
	shown := 0
	for _, e := range commonMark(t) {
		if strings.Contains(e.html, "<img") || strings.Contains(e.name, "HTML") || strings.Contains(e.name, "Entity") {
			continue
		}
		set := testSet()
		out := page(t, set, e.markdown)
		out = strings.ReplaceAll(out, ">#</a>", "></a>") // our anchors of headings
		if got, want := wordsOf(t, out), wordsOf(t, e.html); got != want {
			t.Errorf("%s: %q shows %q, want %q", e.name, e.markdown, got, want)
			continue
		}
		shown++
	}
	if shown < 500 {
		t.Errorf("only %d examples were compared", shown)
	}
}

// wordsOf are the words that a reader of HTML sees.
func wordsOf(t *testing.T, out string) string {
	t.Helper()
	root, err := nethtml.Parse(strings.NewReader(out))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for n := range root.Descendants() {
		if n.Type == nethtml.TextNode {
			b.WriteString(n.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
