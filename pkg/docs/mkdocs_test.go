package docs

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/signpost-dev/signpost/pkg/safehtml/safehtmltest"
)

const techdocs = `
-- services/ledger/service.yaml --
-- services/ledger/mkdocs.yml --
site_name: The ledger
nav:
  - index.md
  - Working with it:
    - Deploy it: ops/deploy.md
    - Alerts:
      - ops/alerts.md
  - Elsewhere: https://a.example/
plugins:
  - techdocs-core
  - macros:
      module_name: evil
markdown_extensions:
  - pymdownx.emoji:
      emoji_index: !!python/name:material.extensions.emoji.twemoji
hooks: [evil.py]
-- services/ledger/docs/index.md --
Welcome. [Deploy](ops/deploy/) or [root](/ops/deploy.md), [html](ops/alerts.html), [gone](/none.md).

!!! warning "Mind <b>this</b>"
    First.

    - Second

      !!! danger
          Third.

??? note
    Hidden.

???+ tip "Open"
    Shown.

=== "Linux"

    ` + "```sh\n    ls\n    ```" + `

=== "Windows"
    dir

!!! info ""
    Untitled.

After.
-- services/ledger/docs/ops/deploy.md --
# How to deploy
-- services/ledger/docs/ops/alerts.md --
# Alerts

--8<-- "other.md"

Costs {{ price }} and [a button](deploy.md){ .md-button }.
` + "\n`{{ code }}`\n" + `
-- services/ledger/docs/extra.md --
# Extra
-- services/ledger/notes.md --
# Notes

!!! note
    Code here.
`

func TestBooks(t *testing.T) {
	set, all, ds := load(t, techdocs)
	ds = append(ds, set.CheckLinks(scans(all))...)
	dir := "catalog/services/ledger/"
	want := strings.ReplaceAll(`DIR/mkdocs.yml:15:20: the tag !!python/name:material.extensions.emoji.twemoji is not allowed; nothing is run to read it [mkdocs-unsupported] leave it out, or accept that it has no effect here
DIR/mkdocs.yml:8:16: a link to elsewhere in the navigation is left out [mkdocs-unsupported] declare it under `+"`documents`"+` in the descriptor
DIR/mkdocs.yml:11:5: the plug-in "macros" of MkDocs has no effect here [mkdocs-unsupported] write what it makes into the documents
DIR/mkdocs.yml:16:1: "hooks" has no effect here: nothing of a catalog is run or loaded [mkdocs-unsupported] leave it out, or accept that
DIR/docs/index.md:1:91: the link leads to "DIR/docs/none.md", which does not exist [link-broken]
DIR/docs/ops/alerts.md:3:1: a snippet (--8<--) is shown as it is written, for nothing in a document is run [mkdocs-unsupported] write what should be shown
DIR/docs/ops/alerts.md:5:7: a macro ({{ … }}) is shown as it is written, for nothing in a document is run [mkdocs-unsupported] write what should be shown
DIR/docs/ops/alerts.md:5:44: a list of attributes ({: … }) is shown as it is written, for nothing in a document is run [mkdocs-unsupported] write what should be shown
`, "DIR/", dir)
	if d := cmp.Diff(want, lines(ds)); d != "" {
		t.Errorf("findings (-want +got):\n%s", d)
	}
	type placed struct {
		Title    string
		Place    int
		Sections string
	}
	got := map[string]placed{}
	for _, d := range set.Documents {
		got[strings.TrimPrefix(d.File, "services/ledger/")] = placed{d.Title, d.Place, strings.Join(d.Sections, "/")}
	}
	if d := cmp.Diff(map[string]placed{
		"docs/index.md": {"The ledger", 1, ""}, "docs/ops/deploy.md": {"Deploy it", 2, "Working with it"},
		"docs/ops/alerts.md": {"Alerts", 3, "Working with it/Alerts"}, "docs/extra.md": {"Extra", 0, ""}, "notes.md": {"Notes", 0, ""},
	}, got); d != "" {
		t.Errorf("documents (-want +got):\n%s", d)
	}
	pages := map[string]string{}
	for _, p := range all {
		out, err := p.Render(Site{})
		if err != nil {
			t.Fatal(err)
		}
		if problems := safehtmltest.Problems(string(out)); len(problems) > 0 {
			t.Errorf("%s: %s", p.Document.Name, problems)
		}
		pages[strings.TrimPrefix(p.Document.File, "services/ledger/")] = string(out)
	}
	for file, parts := range map[string][]string{
		"docs/index.md": {
			`<a href="ops/deploy.html">Deploy</a> or <a href="ops/deploy.html">root</a>, <a href="ops/alerts.html">html</a>`,
			`<div class="sp-alert sp-alert-warning"><p class="sp-alert-title">Mind <b>this</b></p>`,
			`<div class="sp-alert sp-alert-caution"><p class="sp-alert-title">Danger</p>` + "\n<p>Third.</p>",
			`<details class="sp-alert sp-alert-note"><summary class="sp-alert-title">Note</summary>` + "\n<p>Hidden.</p>",
			`<details class="sp-alert sp-alert-tip" open=""><summary class="sp-alert-title">Open</summary>`,
			`<p><strong>Linux</strong></p>` + "\n<pre", `<p><strong>Windows</strong></p>` + "\n<p>dir</p>",
			`<div class="sp-alert sp-alert-note"><p>Untitled.</p>`, `<p>After.</p>`,
		},
		"docs/ops/alerts.md": {`--8&lt;-- &quot;other.md&quot;`, `{{ price }}`, `</a>{ .md-button }`},
		"notes.md":           {"<p>!!! note\nCode here.</p>"},
	} {
		for _, part := range parts {
			if !strings.Contains(pages[file], part) {
				t.Errorf("%s lacks %s:\n%s", file, part, pages[file])
			}
		}
	}
}

// What only extensions of MkDocs understand is reported, once for a document, and shown as
// it is written: nothing is lost in silence.
func TestForeignParts(t *testing.T) {
	for text, want := range map[string]string{
		"--8<-- \"a.md\"":                             "2:1: a snippet (--8<--)",
		"```sh\n--8<-- \"a.sh\"\n```":                 "3:1: a snippet (--8<--)",
		"[TOC]":                                       "2:1: a table of contents ([TOC])",
		"::: package.module":                          "2:1: generated documentation (::: …)",
		"Term\n:   Its meaning":                       "3:1: a definition (: …)",
		"*[SLO]: Objective":                           "2:1: an abbreviation (*[…]: …)",
		"/// note | Title\ntext\n///":                 "2:1: a block (/// …)",
		"Done :material-check: today":                 "2:6: an icon (:material-…:)",
		"Press ++ctrl+c++ now":                        "2:7: a key (++…++)",
		"This is ==marked== text":                     "2:8: marked text (==…==)",
		"[x](https://a.example){ target=\"_blank\" }": "2:23: a list of attributes ({: … })",
		"Ask {{ config.site }}":                       "2:5: a macro ({{ … }})",
		"a == b and c == d, i++ + j++":                "",
		"`:material-check:` `==x==`":                  "",
		"```\nTerm\n: no\n[TOC]\n```":                 "",
		"rate(up{job=\"x\"})":                         "",
		"Note: this":                                  "",
	} {
		set, all, _ := load(t, "-- services/ledger/service.yaml --\n-- services/ledger/mkdocs.yml --\nsite_name: x\n-- services/ledger/docs/index.md --\n# T\n"+text+"\n")
		got := lines(set.CheckLinks(scans(all)))
		if want != "" {
			want = "catalog/services/ledger/docs/index.md:" + want + " is shown as it is written, for nothing in a document is run [mkdocs-unsupported] write what should be shown\n"
		}
		if got != want {
			t.Errorf("%q: got %swant %s", text, got, want)
		}
	}
}

func TestAdmonitionMarks(t *testing.T) {
	for text, want := range map[string]string{
		"!!!note\n    In.": `<div class="sp-alert sp-alert-note"><p class="sp-alert-title">Note</p>`,
		"!!! warning \"Use `ls`, see [T](index.md)\"": `<p class="sp-alert-title">Use <code>ls</code>, see <a href="index.html">T</a></p>`,
		"???tip \"Open *me*\"\n    In.":               `<details class="sp-alert sp-alert-tip"><summary class="sp-alert-title">Open <em>me</em></summary>`,
		"> !!! note \"In a quote\"\n>     In.":        `<blockquote>` + "\n" + `<div class="sp-alert sp-alert-note"><p class="sp-alert-title">In a quote</p>`,
		"???":                                         "<p>???</p>",
		"!!!":                                         "<p>!!!</p>",
		"!!!!note":                                    "<p>!!!!note</p>",
		"===\"Tab\"":                                  "<p>===&quot;Tab&quot;</p>",
		"!!! note \"one":                              "<p>!!! note &quot;one</p>",
	} {
		_, all, _ := load(t, "-- services/ledger/service.yaml --\n-- services/ledger/mkdocs.yml --\nsite_name: x\n-- services/ledger/docs/index.md --\n# T\n\n"+text+"\n")
		out, err := all[0].Render(Site{})
		if err != nil {
			t.Fatal(err)
		}
		if problems := safehtmltest.Problems(string(out)); len(problems) > 0 || !strings.Contains(string(out), want) {
			t.Errorf("%q: got %s\nwithout %s %v", text, out, want, problems)
		}
	}
}

// A heading of a book may have an id of its own, by which it is linked to.
func TestHeadingAttributes(t *testing.T) {
	set, all, _ := load(t, "-- services/ledger/service.yaml --\n-- services/ledger/mkdocs.yml --\nsite_name: x\n-- services/ledger/docs/index.md --\n"+
		"# Title { #top-of-it }\n\n## Install it {: .big #Install }\n\n## Other { #install }\n\n## Use `x` { .big }\n\n## Set {a, b}\n\n[a](#install) [b](#other) [c](#use-x) [d](#set-a-b) [e](#install-it)\n"+
		"-- services/ledger/plain.md --\n# Plain { #x }\n")
	if got, want := lines(set.CheckLinks(scans(all))), "catalog/services/ledger/docs/index.md:11:57: there is no heading \"#install-it\" in this document [anchor-missing] did you mean \"#install\"?\n"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	var got []string
	for _, h := range all[0].Headings {
		got = append(got, h.ID+": "+h.Text)
	}
	if d := cmp.Diff([]string{"top-of-it: Title", "install: Install it", "other: Other", "use-x: Use x", "set-a-b: Set {a, b}"}, got); d != "" {
		t.Errorf("headings (-want +got):\n%s", d)
	}
	if all[0].Document.Title != "Title" || all[1].Document.Title != "Plain { #x }" {
		t.Errorf("the titles are %q and %q", all[0].Document.Title, all[1].Document.Title)
	}
}

func TestNavigationNamesWhatIsThere(t *testing.T) {
	_, _, ds := load(t, "-- services/ledger/service.yaml --\n-- services/ledger/mkdocs.yml --\nnav:\n  - index.md\n  - Deep:\n    - Gone: ops/gone.md\n    - ../../x.md\nexclude_docs: a.md\n-- services/ledger/docs/index.md --\nText\n")
	want := strings.ReplaceAll(`DIR/mkdocs.yml:6:1: "exclude_docs" has no effect here: all documents of the folder are shown [mkdocs-unsupported] move what is not to be shown out of the folder
DIR/mkdocs.yml:4:13: the navigation leads to "DIR/docs/ops/gone.md", which is no file here [link-broken]
DIR/mkdocs.yml:5:7: the navigation leads to "catalog/services/x.md", which is no file here [link-broken]
`, "DIR/", "catalog/services/ledger/")
	if d := cmp.Diff(want, lines(ds)); d != "" {
		t.Errorf("findings (-want +got):\n%s", d)
	}
}

// TestHostileBooks wants nothing in a configuration of MkDocs to lead out of the catalog, nor
// to cost much.
func TestHostileBooks(t *testing.T) {
	deep := "nav:\n"
	for i := range 40 {
		deep += strings.Repeat("  ", i) + "- s:\n"
	}
	for name, text := range map[string]string{
		"out":      "docs_dir: ../../../../etc\n",
		"absolute": "docs_dir: /etc\n",
		"nav":      "nav: [../../../../etc/passwd, {x: [[[]]]}, 1, null]\n",
		"inherit":  "INHERIT: ../../../etc/passwd\n",
		"deep":     deep,
		"broken":   "nav: [\n",
		"bomb":     "a: &a [1,1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nnav: [*e,*e,*e,*e,*e,*e,*e]\n",
		"script":   "site_name: <script>alert(1)</script>\n",
	} {
		t.Run(name, func(t *testing.T) {
			_, all, _ := load(t, "-- services/ledger/mkdocs.yml --\n"+text+"-- services/ledger/docs/index.md --\nText\n")
			if len(all) != 1 || all[0].Document.Page != "services/ledger/docs/index.html" {
				t.Errorf("got %+v", all)
			}
		})
	}
	_, all, ds := load(t, "-- services/ledger/mkdocs.yml --\nsite_name: x\n-- services/ledger/docs/index.md --\n"+deepAdmonitions(60))
	if len(all) != 0 || len(ds) != 1 || ds[0].Code != "document-limit" {
		t.Errorf("admonitions in admonitions: %s", lines(ds))
	}
}

func deepAdmonitions(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat("    ", i) + "!!! note\n")
	}
	return b.String()
}
