package browsertest

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// violation is what axe-core holds against a page.
type violation struct {
	ID    string `json:"id"`
	Help  string `json:"help"`
	Nodes []struct {
		HTML    string `json:"html"`
		Summary string `json:"failureSummary"`
	} `json:"nodes"`
}

// runAxe checks WCAG 2.0 to 2.2 at levels A and AA, and axe-core's best practice.
const runAxe = `axe.run(document, {
	resultTypes: ["violations"],
	runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}).then((r) => r.violations)`

// axeSource returns the text of axe-core.
func axeSource(t testing.TB) string {
	t.Helper()
	data, err := os.ReadFile("node_modules/axe-core/axe.min.js")
	if errors.Is(err, fs.ErrNotExist) {
		missing(t, "axe-core")
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// checkAxe fails the test for every violation on the page as it is now, in both
// schemes of colours.
func (b *tab) checkAxe(source string) {
	b.Helper()
	b.do(chromedp.Evaluate[chromedp.Void](source))
	for _, dark := range []bool{false, true} {
		b.do(colours(dark))
		for _, v := range eval[[]violation](b, runAxe) {
			n := v.Nodes[0] // one place explains the others
			b.Errorf("%s, in %d places: %s (%s)\n\t%s\n\t%s", strings.Trim(schemeName(dark), "-"), len(v.Nodes), v.Help, v.ID,
				n.HTML, strings.ReplaceAll(n.Summary, "\n", "\n\t"))
		}
	}
}

func TestAxeFindsNothing(t *testing.T) {
	source := axeSource(t)
	for _, screen := range []view{laptop, phone} {
		screen.bypassPolicy = true // axe-core puts its own marks into the page
		for _, k := range pageKinds {
			t.Run(k.name+"/"+screen.name(), func(t *testing.T) {
				t.Parallel()
				b := newTab(t, screen)
				b.visit(k)
				b.checkAxe(source)
			})
		}
	}
}

// TestAxeSees proves that the check above would fail: on a page made bad, axe-core
// reports what was done to it.
func TestAxeSees(t *testing.T) {
	t.Parallel()
	v := laptop
	v.bypassPolicy = true
	b := newTab(t, v)
	b.open("index.html")
	eval[bool](b, `(document.querySelector("h1").replaceWith(Object.assign(document.createElement("img"), { src: document.querySelector("link[rel=icon]").href })), true)`)
	b.do(chromedp.Evaluate[chromedp.Void](axeSource(t)))
	var found []string
	for _, v := range eval[[]violation](b, runAxe) {
		found = append(found, v.ID)
	}
	if got := strings.Join(found, " "); !strings.Contains(got, "image-alt") || !strings.Contains(got, "page-has-heading-one") {
		t.Errorf("axe-core reports only %q on a page without a heading and with a picture without a text", got)
	}
}
