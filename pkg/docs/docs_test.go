package docs

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/source"
)

// catalog is a small catalog in the eyes of this package.
type catalog struct {
	folders     map[string]Home
	refs        map[string]Home
	descriptors map[string]string
}

func (c catalog) Folder(dir string) (Home, bool) { h, ok := c.folders[dir]; return h, ok }

func (c catalog) Find(ref string, _ Home) (Home, string, bool) {
	h, ok := c.refs[ref]
	if ok {
		return h, "", true
	}
	var names []string
	for name := range c.refs {
		names = append(names, name)
	}
	near, _ := diag.Nearest(ref, names)
	return Home{}, near, false
}

func (c catalog) Mentioned(ref string, _ Home) (Home, bool) { h, ok := c.refs[ref]; return h, ok }

func (c catalog) Kinds() []string { return []string{"service", "team"} }

func (c catalog) Descriptor(file string) (string, bool) { p, ok := c.descriptors[file]; return p, ok }

var (
	payments = Home{"service:payments-api", "services/payments-api.html"}
	ledger   = Home{"service:ledger", "services/ledger.html"}
)

func smallCatalog() catalog {
	return catalog{
		folders:     map[string]Home{"services/payments-api": payments, "services/ledger": ledger},
		refs:        map[string]Home{"service:payments-api": payments, "service:ledger": ledger},
		descriptors: map[string]string{"services/ledger/service.yaml": ledger.Page},
	}
}

// tree writes files below a folder "catalog" and returns that as a tree.
func tree(t *testing.T, archive string) *source.Tree {
	t.Helper()
	dir := t.TempDir()
	for _, f := range txtar.Parse([]byte(archive)).Files {
		p := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	tr, err := source.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tr.Close() })
	tr.Prefix("catalog/")
	return tr
}

func load(t *testing.T, archive string) (*Set, []*Parsed, []diag.Diagnostic) {
	t.Helper()
	tr := tree(t, archive)
	files, ds, err := tr.Files(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	set, found, err := Load(context.Background(), tr, files, Options{
		Homes:  smallCatalog(),
		Exists: func(p string) bool { return p == "deploy.sh" || p == "src" },
	})
	if err != nil {
		t.Fatal(err)
	}
	ds = append(ds, found...)
	var all []*Parsed
	for _, doc := range set.Documents {
		data, err := Read(tr, doc)
		if err != nil {
			t.Fatal(err)
		}
		p, found := set.Parse(doc, data)
		ds = append(ds, found...)
		if p != nil {
			all = append(all, p)
		}
	}
	return set, all, ds
}

// lines returns findings as reports show them, without severities.
func lines(ds []diag.Diagnostic) string {
	var b strings.Builder
	for _, d := range ds {
		b.WriteString(d.Span.String() + ": " + d.Message + " [" + d.Code + "]")
		if d.Hint != "" {
			b.WriteString(" " + d.Hint)
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestLoad(t *testing.T) {
	set, _, ds := load(t, `
-- README.md --
# Not a document
-- services/payments-api/README.md --
# The *Payments* API
-- services/payments-api/runbooks/Processor-Timeout.md --
---
title: The processor times out
---
# Something else
-- services/payments-api/adr/0001-ledger.md --
<!-- a comment -->

Ledger in Postgres
==================
-- services/payments-api/notes/no-heading.md --
Only text.
-- services/ledger/about-payments.md --
---
about: [service:payments-api, service:ledger]
kind: playbook
---
# Both
-- services/ledger/wrong.md --
---
about: service:ledgr
---
-- docs/orphan.md --
## Small heading
`)
	type document struct {
		File, Kind, Title, Page string
		About                   []Home
	}
	var got []document
	for _, d := range set.Documents {
		got = append(got, document{d.File, string(d.Kind), d.Title, d.Page, d.About})
	}
	want := []document{
		{"docs/orphan.md", "guide", "Small heading", "", nil},
		{"services/ledger/about-payments.md", "playbook", "Both", "services/payments-api/about-payments.html", []Home{payments, ledger}},
		{"services/ledger/wrong.md", "guide", "Wrong", "services/ledger/wrong.html", []Home{ledger}},
		{"services/payments-api/README.md", "guide", "The Payments API", "services/payments-api/readme.html", []Home{payments}},
		{"services/payments-api/adr/0001-ledger.md", "adr", "Ledger in Postgres", "services/payments-api/adr/0001-ledger.html", []Home{payments}},
		{"services/payments-api/notes/no-heading.md", "guide", "No heading", "services/payments-api/notes/no-heading.html", []Home{payments}},
		{"services/payments-api/runbooks/Processor-Timeout.md", "runbook", "The processor times out", "services/payments-api/runbooks/processor-timeout.html", []Home{payments}},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("documents (-want +got):\n%s", d)
	}
	wantFindings := `catalog/services/ledger/wrong.md:2:8: the document is about "service:ledgr", which does not exist [document-about] did you mean "service:ledger"?
`
	if d := cmp.Diff(wantFindings, lines(ds)); d != "" {
		t.Errorf("findings (-want +got):\n%s", d)
	}
}

func TestCollision(t *testing.T) {
	set, _, ds := load(t, `
-- services/ledger/guide.md --
# A
-- services/payments-api/guide.md --
---
about: service:ledger
---
`)
	want := `catalog/services/payments-api/guide.md: the page services/ledger/guide.html of this document is that of catalog/services/ledger/guide.md already [document-collision] rename one of the two files; letter case does not tell pages apart
`
	if d := cmp.Diff(want, lines(ds)); d != "" {
		t.Errorf("findings (-want +got):\n%s", d)
	}
	if set.Documents[0].Page == "" || set.Documents[1].Page != "" {
		t.Errorf("pages %q and %q; only the first should have one", set.Documents[0].Page, set.Documents[1].Page)
	}
}

func TestParse(t *testing.T) {
	_, all, ds := load(t, `
-- services/ledger/guide.md --
---
title: Guide
---

First *paragraph*
with [a link](a%20b.md "t") &amp; more.

# Top

Über `+"`code`"+` and ![pic](p.png).

## Top

    indented

Last <https://example.org> [ref]

[ref]: ../x.md#y
`)
	if len(ds) > 0 {
		t.Fatal(lines(ds))
	}
	p := all[0]
	at := func(line, col, endLine, endCol int) diag.Span {
		return diag.Span{File: "catalog/services/ledger/guide.md", Start: diag.Pos{Line: line, Col: col}, End: diag.Pos{Line: endLine, Col: endCol}}
	}
	wantHeadings := []Heading{
		{1, "Top", "top", at(8, 1, 8, 6)},
		{2, "Top", "top-1", at(12, 1, 12, 7)},
	}
	if d := cmp.Diff(wantHeadings, p.Headings); d != "" {
		t.Errorf("headings (-want +got):\n%s", d)
	}
	wantLinks := []Link{
		{"a%20b.md", false, at(6, 15, 6, 23)},
		{"p.png", true, at(10, 24, 10, 29)},
		{"https://example.org", false, at(16, 7, 16, 26)},
		{"../x.md#y", false, at(18, 8, 18, 17)},
	}
	if d := cmp.Diff(wantLinks, p.Scan.Links); d != "" {
		t.Errorf("links (-want +got):\n%s", d)
	}
	wantSections := []Section{
		{-1, "First paragraph with a link & more."},
		{0, "Über code and pic."},
		{1, "indented\n\nLast https://example.org ref"},
	}
	if d := cmp.Diff(wantSections, p.Sections); d != "" {
		t.Errorf("sections (-want +got):\n%s", d)
	}
	if want := "First paragraph with a link & more."; p.Summary != want {
		t.Errorf("summary %q, want %q", p.Summary, want)
	}
}

func TestCheckLinks(t *testing.T) {
	set, all, ds := load(t, `
-- services/ledger/service.yaml --
x
-- services/ledger/pic.png --
x
-- services/ledger/runbooks/other.md --
# Other

<a name="Old-Anchor"></a>
-- services/ledger/README.md --
# Ledger
-- services/ledger/guide.md --
# A guide

Good: [a](runbooks/other.md), [b](runbooks/other.md#OTHER), [c](runbooks/other.md#old-anchor), [d](./runbooks/),
[e](..), [f](service.yaml#L10), [g](/catalog/services/ledger/pic.png?raw=true), [h](../../../deploy.sh), [i](#a-guide),
[j](https://example.org/x), [k](mailto:a@example.org), [l](#top), [m](../ledger#ledger), [n](runbooks/other.md?plain=1#L3),
[o](%70ic.png), [p](../../../src), [q](#user-content-a-guide).

Bad: [a](runbooks/othr.md), [b](Runbooks/other.md), [c](#a-gide), [d](runbooks/other.md#nothing), ![e](/pic.png),
[f](../../../../etc/passwd), [g](javascript:alert(1)), [h][ref], [i][ref], [j](../../../build.sh),
<a href="gone.md">x</a> <img src="gone.png">

[ref]: other.md
`)
	if len(ds) > 0 {
		t.Fatal(lines(ds))
	}
	want := `catalog/services/ledger/guide.md:8:10: the link leads to "catalog/services/ledger/runbooks/othr.md", which does not exist [link-broken] did you mean "runbooks/other.md"?
catalog/services/ledger/guide.md:8:33: the link leads to "catalog/services/ledger/Runbooks/other.md", which does not exist [link-broken] did you mean "runbooks/other.md"?
catalog/services/ledger/guide.md:8:57: there is no heading "#a-gide" in this document [anchor-missing] did you mean "#a-guide"?
catalog/services/ledger/guide.md:8:71: there is no heading "#nothing" in other.md [anchor-missing]
catalog/services/ledger/guide.md:8:104: the image leads to "pic.png", which does not exist [link-broken]
catalog/services/ledger/guide.md:9:5: the link leads out of the repository [link-broken]
catalog/services/ledger/guide.md:9:34: links with "javascript:" are not shown [link-scheme] use an https, http or mailto address, or a path
catalog/services/ledger/guide.md:9:80: the link leads to "build.sh", which does not exist [link-broken]
catalog/services/ledger/guide.md:10:10: the link leads to "catalog/services/ledger/gone.md", which does not exist [link-broken]
catalog/services/ledger/guide.md:10:35: the image leads to "catalog/services/ledger/gone.png", which does not exist [link-broken]
catalog/services/ledger/guide.md:12:8: the link leads to "catalog/services/ledger/other.md", which does not exist [link-broken] did you mean "runbooks/other.md"?
`
	if d := cmp.Diff(want, lines(set.CheckLinks(scans(all)))); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestRender(t *testing.T) {
	_, all, ds := load(t, `
-- services/ledger/service.yaml --
x
-- services/ledger/pic.png --
x
-- services/ledger/the plan.pdf --
x
-- services/ledger/README.md --
# Ledger
-- services/payments-api/README.md --
# Payments
-- docs/orphan.md --
# Orphan
-- services/ledger/runbooks/guide.md --
# A guide

[a](../../payments-api/README.md#Payments) [b](../service.yaml) [c](../../../../deploy.sh#L3) [d](gone.md) [e](https://example.org/?a=1&b=2)
[f](..) [g](../../../docs/orphan.md) [h](#sp-limits) [i](data:text/html,x) [**j**](#x "T")

[plan](../the%20plan.pdf) ![plan](<../the plan.pdf>)

![pic](../pic.png) ![out](https://example.org/x.png) [![badge](https://example.org/b.svg)](https://example.org)

## SP limits <em>x</em>

# Second

> [!Warning]
> Look *out*.

- [x] done
- [ ] open

1. one

   more
4. two

| a | b |
|:--|--:|
| 1 | ~~2~~ |

`+"```sh title=x\n$ echo \"a\" # b\n```"+`

Note[^1].

[^1]: Text.

<details>
<summary>More</summary>

<h1 id="sp-x" class="sp-header">T</h1>

text <kbd>x</kbd> <a href=../README.md onclick=x>r</a>

</details>
`)
	if len(ds) > 0 {
		t.Fatal(lines(ds))
	}
	var guide *Parsed
	for _, p := range all {
		if p.Document.Title == "A guide" {
			guide = p
		}
	}
	got, err := guide.Render(everything)
	if err != nil {
		t.Fatal(err)
	}
	want := `<span id="a-guide"></span>
<p><a href="../../payments-api/readme.html#payments">a</a> <a href="../../ledger.html">b</a> <a href="https://example.org/blob/main/deploy.sh#L3" rel="noopener noreferrer">c</a> <span class="sp-broken" title="catalog/services/ledger/runbooks/gone.md does not exist">d</span> <a href="https://example.org/?a=1&amp;b=2" rel="noopener noreferrer">e</a>
<a href="../readme.html">f</a> <a href="https://example.org/blob/main/catalog/docs/orphan.md" rel="noopener noreferrer">g</a> <a href="#user-content-sp-limits">h</a> <span class="sp-broken" title="this address cannot be linked to">i</span> <a href="#x" title="T"><strong>j</strong></a></p>
<p><a href="../../../assets/services/ledger/the%20plan.pdf">plan</a> <a href="../../../assets/services/ledger/the%20plan.pdf">plan</a></p>
<p><img src="../../../assets/services/ledger/pic.png" alt="pic"> <a href="https://example.org/x.png" rel="noopener noreferrer">out</a> <a href="https://example.org" rel="noopener noreferrer">badge</a></p>
<h2 id="user-content-sp-limits-x">SP limits <em>x</em> <a class="sp-anchor" href="#user-content-sp-limits-x" aria-label="Link to SP limits x">#</a></h2>
<h2 id="second">Second <a class="sp-anchor" href="#second" aria-label="Link to Second">#</a></h2>
<div class="sp-alert sp-alert-warning"><p class="sp-alert-title">Warning</p>
<p>Look <em>out</em>.</p>
</div>
<ul class="task-list">
<li class="task-list-item"><input type="checkbox" checked="" disabled="" aria-label="done"> done</li>
<li class="task-list-item"><input type="checkbox" disabled="" aria-label="to do"> open</li>
</ul>
<ol>
<li id="step:1"><p>one</p>
<p>more</p>
</li>
<li id="step:2"><p>two</p>
</li>
</ol>
<div class="sp-scroll" tabindex="0"><table>
<thead>
<tr>
<th align="left">a</th>
<th align="right">b</th>
</tr>
</thead>
<tbody>
<tr>
<td align="left">1</td>
<td align="right"><del>2</del></td>
</tr>
</tbody>
</table></div>
<pre class="chroma" tabindex="0"><code><i class="gp">$</i> <i class="nb">echo</i> <i class="s">&quot;a&quot;</i> <i class="c"># b</i>
</code></pre>
<p>Note<sup class="footnote-ref"><a id="fnref:1" href="#fn:1" aria-label="Footnote 1">1</a></sup>.</p>
<details>
<summary>More</summary>
<h2 id="user-content-sp-x">T</h2>
<p>text <kbd>x</kbd> <a href="../readme.html">r</a></p>
</details>
<section class="footnotes">
<hr>
<ol>
<li id="fn:1"><p>Text. <a class="footnote-backref" href="#fnref:1" aria-label="Back to the text">↩</a></p>
</li>
</ol>
</section>
`
	if d := cmp.Diff(want, string(got)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestTextsThatStayText(t *testing.T) {
	set := testSet()
	for in, want := range map[string]string{
		"{{< hint danger >}}\nx\n{{< /hint >}}\n": "<p>{{&lt; hint danger &gt;}}\nx\n{{&lt; /hint &gt;}}</p>\n",
		"<%= partial %>\n":                        "<p>&lt;%= partial %&gt;</p>\n",
		"# T {#id .class}\n":                      `<h2 id="t-id-class">T {#id .class} <a class="sp-anchor" href="#t-id-class" aria-label="Link to T {#id .class}">#</a></h2>` + "\n",
		"> [!UNKNOWN]\n> x\n":                     "<blockquote>\n<p>[!UNKNOWN]\nx</p>\n</blockquote>\n",
		"\\*a\\* &copy; &#35; &lt;b&gt;\n":        "<p>*a* © # &lt;b&gt;</p>\n",
		"a `&amp; \\*` b\n":                       "<p>a <code>&amp;amp; \\*</code> b</p>\n",
		"\\&amp;\n":                               "<p>&amp;amp;</p>\n",
	} {
		if got := page(t, set, in); got != want {
			t.Errorf("%q\n got %q\nwant %q", in, got, want)
		}
	}
}

// TestHTMLHeadings counts headings of an author's HTML among the others, as GitHub does.
func TestHTMLHeadings(t *testing.T) {
	body := "<h1 align=\"center\">My <em>name</em></h1>\n\n# My name\n\n<h2 id=\"own\">My name</h2>\n\n<h3>open\n\n[a](#my-name) [b](#my-name-1) [c](#own) [d](#my-name-2)\n"
	set := testSet()
	doc := &Document{File: "a/b.md", Name: "a/b.md"}
	p, _ := set.Parse(doc, []byte(body))
	if ds := set.CheckLinks([]*Scan{p.Scan}); len(ds) > 0 {
		t.Error(lines(ds))
	}
	out := page(t, set, body)
	for _, want := range []string{`<h2 align="center" id="my-name">My <em>name</em></h2>`, `<h2 id="my-name-1">`, `<h2 id="own">`, "<h3>open"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in %q", want, out)
		}
	}
}

// TestSlugs holds ids against those that GitHub's page or its published slug
// library give.
func TestSlugs(t *testing.T) {
	s := slugs{}
	for _, tt := range [][2]string{
		{"alpha", "alpha"},
		{"alpha", "alpha-1"},
		{"alpha-1", "alpha-1-1"},
		{"alpha", "alpha-2"},
		{"Hello, World!", "hello-world"},
		{"I ♥ unicode", "i--unicode"},
		{"Dash-dash", "dash-dash"},
		{"en–dash", "endash"},
		{"😄 unicode emoji", "-unicode-emoji"},
		{"😄-😄", "-"},
		{":ok: No underscore", "ok-no-underscore"},
		{":ok_hand: Single", "ok_hand-single"},
		{"Привет non-latin 你好", "привет-non-latin-你好"},
		{"heading with an _ underscore", "heading-with-an-_-underscore"},
		{"Größe & Maß", "größe--maß"},
		{"1.2. Numbers (v2)", "12-numbers-v2"},
		{"İstanbul", "i̇stanbul"},
		{"tab\there", "tabhere"},
		{"", ""},
		{"", "-1"},
	} {
		if got := s.next(tt[0]); got != tt[1] {
			t.Errorf("%q: got %q, want %q", tt[0], got, tt[1])
		}
	}
}

func TestLimits(t *testing.T) {
	tests := []struct{ name, body, want string }{
		{"size", strings.Repeat("a b\n", maxBytes/4+1), "1:1: the document has 1048580 bytes"},
		{"line", "a\n" + strings.Repeat("b", maxLine+1), "2:1: the line has 65537 bytes"},
		{"nesting", "a\n\n" + strings.Repeat("> ", maxNesting+1) + "b", "3:65: lists and quotes are nested more than 32 deep"},
		{"columns", "a\n\n" + strings.Repeat("|a", maxColumns+1) + "|\n" + strings.Repeat("|-", maxColumns+1) + "|\n", "4:1: the table has 65 columns"},
		{"cells", "|a|b|c|d|\n|-|-|-|-|\n" + strings.Repeat("|x|\n", maxCells/4), "2:1: the table has 20004 cells"},
		{"definitions", strings.Repeat("[a]: b\n\n", maxDefinitions+1), "1:1: the document defines more than the 10000 link targets"},
		{"footnotes", strings.Repeat("[^a]: b\n\n", maxFootnotes+1), "2001:1: the document has more than the 1000 footnotes"},
		{"links", "[a]: /" + strings.Repeat("b", 1000) + "\n\n" + strings.Repeat("[a]\n", 5000), "the page would have more than the"},
		{"markup", strings.Repeat("*a **a ", 300) + "b" + strings.Repeat(" a** a*", 300), "markup is nested more than 200 deep"},
		{"work", strings.Repeat("*a_ ", 15_000) + "\n" + strings.Repeat("*a_ ", 15_000), "the markup inside of paragraphs is too much to read"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, ds := testSet().Parse(&Document{File: "a.md", Name: "a.md"}, []byte(tt.body))
			if p != nil || len(ds) != 1 || ds[0].Code != "document-limit" || !strings.Contains(lines(ds), tt.want) {
				t.Errorf("got %v, %s\nwant one finding with %q", p != nil, lines(ds), tt.want)
			}
		})
	}
}

func TestNotUTF8(t *testing.T) {
	_, all, ds := load(t, "-- services/ledger/a.md --\nä\xe4\n")
	if len(all) != 0 || len(ds) != 1 || ds[0].Code != "source-encoding" {
		t.Errorf("got %d documents and %q, want one finding", len(all), lines(ds))
	}
}

func TestHugeFile(t *testing.T) {
	_, all, ds := load(t, "-- services/ledger/a.md --\n"+strings.Repeat("a b\n", maxBytes/2)+"-- services/ledger/b.md --\n# B\n")
	want := "catalog/services/ledger/a.md:1:1: the document is larger than the 1048576 bytes that are allowed; the document is not shown [document-limit] split it into several documents\n"
	if len(all) != 1 || lines(ds) != want {
		t.Errorf("got %d documents and %q, want one and %q", len(all), lines(ds), want)
	}
}

func TestAttachmentType(t *testing.T) {
	for _, c := range []struct{ file, data, want string }{
		{"a/plan.pdf", "%PDF-1.7\n", ".pdf"},
		{"a/Plan.PDF", "%PDF-1.7\n", ".pdf"},
		{"a/plan.pdf", "<script>", ""},
		{"a/b.xlsx", "PK\x03\x04", ".xlsx"},
		{"a/b.xlsx", "<html>", ""},
		{"a/b.csv", "caf\xe9,1\n", ".csv"},
		{"a/b.txt", "<script>", ".txt"}, // is shown as text
		{"a/b.html", "<script>", ""},
		{"a/b.svg", "<svg>", ""},
		{"a/b.xml", "<a/>", ""},
		{"a/b", "x", ""},
	} {
		if got, ok := AttachmentType(c.file, []byte(c.data)); got != c.want || ok != (c.want != "") {
			t.Errorf("AttachmentType(%q, %q) = %q, %t", c.file, c.data, got, ok)
		}
	}
}

func TestImageType(t *testing.T) {
	for data, want := range map[string]string{
		"\x89PNG\r\n\x1a\nx":          ".png",
		"\xff\xd8\xff\xe0":            ".jpg",
		"GIF89a":                      ".gif",
		"RIFF\x00\x00\x00\x00WEBPVP8": ".webp",
		"<svg xmlns=\"http://www.w3.org/2000/svg\"/>": "",
		"RIFF\x00\x00\x00\x00WAVE":                    "",
		"<html>":                                      "",
		"":                                            "",
	} {
		if got, ok := ImageType([]byte(data)); got != want || ok != (want != "") {
			t.Errorf("%q: got %q, %v, want %q", data, got, ok, want)
		}
	}
}

// TestTitleIsShownOnce leaves out a heading that says what the page's title says,
// also where the title stands in the front matter; another heading stays.
func TestTitleIsShownOnce(t *testing.T) {
	_, parsed, _ := load(t, `
-- services/ledger/same.md --
---
title: Ledger in ten minutes
---
# Ledger in ten Minutes

Text.
-- services/ledger/other.md --
---
title: Ledger
---
# How it books

Text.
-- services/ledger/adr/0003-router.md --
---
title: Retries live in the router
---
# 3. Retries live in the router

Text.
-- services/ledger/adr/0004-adr.md --
---
title: Keys come from the caller
---
# ADR-0004: Keys come from the caller

Text.
-- services/ledger/adr/0005-other.md --
---
title: Keys
---
# 5. Locks

Text.
`)
	var got []string
	for _, p := range parsed {
		html, err := p.Render(Site{})
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprintf("%s %t", p.Document.Title, strings.Contains(string(html), "<h2")))
	}
	want := []string{
		"Retries live in the router false", "Keys come from the caller false", "Keys true",
		"Ledger true", "Ledger in ten minutes false",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("title and whether a heading stays (-want +got):\n%s", diff)
	}
}

// Texts without addresses are parsed without the part that looks for them, and come out
// the same.
func TestPlainParserReadsTheSame(t *testing.T) {
	set := testSet()
	only := testSet()
	only.parsers.plain = only.parsers.full
	texts := []string{
		"a b  \nc *d e* _f_ ~~g~~ (h) [i](j k) `l m`\n\n- [ ] n o\n\n| p q | r |\n|---|---|\n| s  | t u |\n",
		"# A heading with *words*\n\n> [!NOTE]\n> b c\n\nd[^1] e\n\n[^1]: f g\n\n1. h\n\n   i \\* j\\\nk\n",
	}
	for _, text := range texts {
		if mayHoldAddress([]byte(text)) {
			t.Errorf("%q is taken to hold an address", text)
		}
		if d := cmp.Diff(page(t, only, text), page(t, set, text)); d != "" {
			t.Errorf("%q (-with looking for addresses +without):\n%s", text, d)
		}
	}
	for _, text := range []string{"see https://a.example", "see www.a.example", "write to a@b.example"} {
		if !strings.Contains(page(t, set, text), "<a ") {
			t.Errorf("%q is not linked", text)
		}
	}
}

// TestSummaryOfDecision begins with why there was something to decide, not with what
// became of it.
func TestSummaryOfDecision(t *testing.T) {
	_, parsed, _ := load(t, `
-- services/ledger/adr/0001-a.md --
# Keys

**Superseded** by another.

## Context and problem

Calls fail.
-- services/ledger/adr/0002-b.md --
# Locks

## Status

Accepted

## Problem

Writers meet.
-- services/ledger/adr/0003-c.md --
# Free form

We lock.

## Consequences

It waits.
-- services/ledger/guide.md --
# Guide

First.

## Context

Second.
`)
	var got []string
	for _, p := range parsed {
		got = append(got, p.Summary)
	}
	if diff := cmp.Diff([]string{"Calls fail.", "Writers meet.", "We lock.", "First."}, got); diff != "" {
		t.Errorf("summaries (-want +got):\n%s", diff)
	}
}

// TestTablesAsText keeps the cells of a table apart where its text stands in one line.
func TestTablesAsText(t *testing.T) {
	_, parsed, _ := load(t, `
-- services/ledger/table.md --
# T

| Time | Event |
| --- | --- |
| 08:02 | It **fails** |
| 08:10 | It works |
`)
	got := strings.Join(strings.Fields(parsed[0].Sections[0].Text), " ")
	if want := "Time · Event; 08:02 · It fails; 08:10 · It works;"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestOpenLink wants a link that was never closed to cost no other link.
func TestOpenLink(t *testing.T) {
	out := page(t, testSet(), "An <a name=\"old\">anchor.\n\n[link](https://a.example)\n\n- <a href=\"https://b.example\">b\n- [c](https://c.example)\n")
	for _, want := range []string{`<a href="https://a.example" rel="noopener noreferrer">link</a>`, `<a href="https://c.example" rel="noopener noreferrer">c</a>`} {
		if !strings.Contains(out, want) {
			t.Errorf("%s lacks %s", out, want)
		}
	}
}
