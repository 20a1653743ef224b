package docs

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/signpost-dev/signpost/pkg/source"

	"github.com/signpost-dev/signpost/internal/costs"

	"github.com/signpost-dev/signpost/pkg/safehtml"
	"github.com/signpost-dev/signpost/pkg/safehtml/safehtmltest"
)

// sinks are the places of a document into which hostile text is put.
var sinks = map[string]string{
	"text":            "before %s after\n",
	"block":           "before\n\n%s\n\nafter\n",
	"link":            "[x](%s)\n",
	"pointed link":    "[x](<%s>)\n",
	"image":           "![x](%s)\n",
	"image text":      "![%s](a.png)\n",
	"reference":       "[x]\n\n[x]: %s\n",
	"title":           "[x](https://example.org/ \"%s\")\n",
	"table cell":      "| a | b |\n|---|---|\n| %s | c |\n",
	"heading":         "## %s\n",
	"fence info":      "```%s\ncode\n```\n",
	"code":            "```html\n%s\n```\n",
	"autolink":        "<%s>\n",
	"html attribute":  "<a href=\"%s\">x</a>\n",
	"html id":         "<a name=\"%s\">x</a>\n",
	"in html":         "<div>\n%s\n</div>\n",
	"footnote":        "a[^1]\n\n[^1]: %s\n",
	"alert":           "> [!NOTE]\n> %s\n",
	"task":            "- [ ] %s\n",
	"open html":       "<details><summary>%s\n\ntext\n",
	"closing html":    "</div></article>%s\n",
	"diagram":         "```mermaid\ngraph TD\na[\"%[1]s\"] -- %[1]s --> b\n```\n",
	"sequence":        "```mermaid\nsequenceDiagram\na->>b: %s\n```\n",
	"nested emphasis": "**_~~%s~~_**\n",
}

// testSet is a tree with one image, a.png, beside the documents of page.
func testSet() *Set {
	return &Set{
		homes:   noHomes{},
		listing: newListing([]source.File{{Path: "a/a.png", Type: source.Image}}),
		parsers: newParsers([]string{"service"}),
	}
}

// everything is a site that knows an answer to everything.
var everything = Site{
	Asset:      func(file string) (string, bool) { return "assets/" + file, true },
	Repository: func(p string) string { return "https://example.org/blob/main/" + p },
}

// page renders a document, or returns "" for one that is refused.
func page(t testing.TB, set *Set, body string) string {
	t.Helper()
	doc := &Document{File: "a/b.md", Name: "a/b.md", Page: "services/a/b.html", Title: "B"}
	p, ds := set.Parse(doc, []byte(body))
	if p == nil {
		if utf8.ValidString(body) && (len(ds) != 1 || ds[0].Code != "document-limit") {
			t.Errorf("no result, and findings %v", ds)
		}
		return ""
	}
	out, err := p.Render(everything)
	if err != nil {
		t.Errorf("what was parsed cannot be rendered: %v", err)
	}
	return string(out)
}

func attacks(t testing.TB) []string {
	t.Helper()
	var all []string
	files, err := filepath.Glob(filepath.Join(testData(t, "hostile/xss"), "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no lists of attacks: %v", err)
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(data)) {
			all = append(all, strings.TrimRight(line, "\r\n"))
		}
	}
	var strs []string
	readJSON(t, "hostile/strings/blns.json", &strs)
	var pairs []struct{ Payload string }
	readJSON(t, "hostile/xss/dompurify-expect.json", &pairs)
	for _, p := range pairs {
		strs = append(strs, p.Payload)
	}
	seen := map[string]bool{}
	var unique []string
	for _, a := range append(all, strs...) {
		if !seen[a] {
			seen[a] = true
			unique = append(unique, a)
		}
	}
	return unique
}

// every returns each nth string.
func every(all []string, n int) []string {
	var some []string
	for i := 0; i < len(all); i += n {
		some = append(some, all[i])
	}
	return some
}

func readJSON(t testing.TB, name string, to any) {
	t.Helper()
	data, err := os.ReadFile(testData(t, name))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, to); err != nil {
		t.Fatal(err)
	}
}

// mainSinks are those that get every attack; the others get one in five.
var mainSinks = map[string]bool{
	"text": true, "link": true, "image": true, "reference": true, "title": true, "table cell": true,
	"heading": true, "fence info": true, "html attribute": true, "in html": true,
}

// TestAttacks puts the attacks into the sinks.
func TestAttacks(t *testing.T) {
	all := attacks(t)
	if testing.Short() {
		all = every(all, 20)
	}
	for name, sink := range sinks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			set, all, bad := testSet(), all, 0
			if !mainSinks[name] {
				all = every(all, 5)
			}
			for _, attack := range all {
				out := page(t, set, fmt.Sprintf(sink, attack))
				if problems := safehtmltest.Problems(out); len(problems) > 0 {
					if bad++; bad <= 3 {
						t.Errorf("%q\ngave %q\n%s", attack, out, strings.Join(problems, "\n"))
					}
				}
			}
			if bad > 3 {
				t.Errorf("and %d more", bad-3)
			}
		})
	}
}

// TestSanitiserAlone gives the attacks to the second layer, as if there were no first.
func TestSanitiserAlone(t *testing.T) {
	for _, attack := range attacks(t) {
		out := string(safehtml.Markdown([]byte(attack)))
		if problems := safehtmltest.Problems(out); len(problems) > 0 {
			t.Errorf("%q\ngave %q\n%s", attack, out, strings.Join(problems, "\n"))
		}
	}
}

// TestAttacksAreSeen proves that the judge of the tests above would see attacks
// that came through.
func TestAttacksAreSeen(t *testing.T) {
	all := attacks(t)
	seen := 0
	for _, attack := range all {
		if len(safehtmltest.Problems(attack)) > 0 {
			seen++
		}
	}
	if seen*10 < len(all)*6 {
		t.Errorf("unsanitised, only %d of %d attacks are seen as such", seen, len(all))
	}
	t.Logf("%d attacks, %d of them seen when nothing is done against them", len(all), seen)
}

type hostileCase struct {
	Name  string
	Parts []struct {
		S     string
		N     int
		Index bool
		B64   string
	}
}

func (c hostileCase) body(t testing.TB, times int) string {
	var b strings.Builder
	for _, p := range c.Parts {
		if p.B64 != "" {
			data, err := base64.StdEncoding.DecodeString(p.B64)
			if err != nil {
				t.Fatal(err)
			}
			b.Write(data)
			continue
		}
		n := p.N
		if n > 1 {
			n *= times
		}
		for i := range n {
			if p.Index {
				fmt.Fprintf(&b, p.S, i)
			} else {
				b.WriteString(p.S)
			}
		}
	}
	return b.String()
}

// TestPathological gives the parser what makes parsers slow, at several sizes, and
// with the lines broken so that no line is too long to be read at all.
func TestPathological(t *testing.T) {
	var cases []hostileCase
	readJSON(t, "hostile/markdown/pathological.json", &cases)
	if len(cases) < 30 {
		t.Fatalf("only %d cases", len(cases))
	}
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			sizes := []int{1, 2, 4}
			if costs.Racing {
				sizes = sizes[:1] // the race detector looks for something else
			}
			for _, times := range sizes {
				body := c.body(t, times)
				renders(t, fmt.Sprintf("%d times", times), body)
				renders(t, fmt.Sprintf("%d times, broken", times), brokenLines(body))
			}
		})
	}
}

// brokenLines breaks lines that are too long, without making new paragraphs.
func brokenLines(body string) string {
	var b strings.Builder
	for line := range strings.Lines(body) {
		for len(line) > maxLine/2 {
			b.WriteString(line[:maxLine/2] + "\n")
			line = line[maxLine/2:]
		}
		b.WriteString(line)
	}
	return b.String()
}

func renders(t *testing.T, name, body string) {
	t.Helper()
	var out string
	took := costs.Within(t, name, costs.Limit{Time: 2 * time.Second, Bytes: 256 << 20}, func() { out = page(t, testSet(), body) })
	result := "refused"
	if out != "" {
		result = fmt.Sprintf("%d bytes", len(out))
		if problems := safehtmltest.Problems(out); len(problems) > 0 {
			t.Errorf("%s: %v", name, problems)
		}
	}
	t.Logf("%-20s %8d bytes → %s, %v", name, len(body), result, took.Round(time.Millisecond))
	if len(out) > maxOutput(len(body)) {
		t.Errorf("%s: %d bytes of output for %d of input", name, len(out), len(body))
	}
}

// FuzzPage renders whatever it is given: nothing may panic, what was parsed must
// be rendered within its limit, and the page must be harmless.
func FuzzPage(f *testing.F) {
	for _, sink := range sinks {
		f.Add(fmt.Sprintf(sink, `<a href="javascript&colon;alert(1)" id=sp-x onclick=x>[b](a.png "t")</a>`))
	}
	f.Add("> [!NOTE]\n> - [x] a[^1]\n>\n> | a | b |\n> |:-|-:|\n> | `c\\|d` |\n\n[^1]: ![e][f]\n\n[f]: <g h> 'i'\n")
	f.Add("```sh\n$ echo \"${a\" # b\n```\n~~~yaml\na: [b, \"c\"] # d\n~~~\n```diff\n+a\n-b\n```\n")
	f.Add("Setext\n===\n\n    code\n\n* * *\n\n1) a\n   - b\n\n<details><summary>x\n\n***y**\n")
	set := testSet()
	f.Fuzz(func(t *testing.T, body string) {
		out := page(t, set, body)
		if problems := safehtmltest.Problems(out); len(problems) > 0 {
			t.Errorf("%q\ngave %q\n%s", body, out, strings.Join(problems, "\n"))
		}
	})
}
