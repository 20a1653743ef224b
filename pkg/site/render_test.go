package site

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"github.com/signpost-dev/signpost/pkg/safehtml"

	sitetemplates "github.com/signpost-dev/signpost/site-templates"
)

var testAssets = Assets{
	Style: "assets/site.css", Theme: "assets/theme.js", Main: "assets/main.js",
	Palette: "assets/palette.js", List: "assets/list.js", Icon: "assets/icon.svg",
}

var testSite = Site{
	Title: "Larkspur", Organisation: "Larkspur Travel", BaseURL: "https://larkspur.example/catalog/",
	Nav: []NavItem{
		{Title: "Services", Path: "services/index.html", Key: "s"},
		{Title: "Teams", Path: "teams/index.html", Key: "t"},
		{Title: "APIs", Path: "apis/index.html", More: true},
	},
}

func newTestRenderer(t *testing.T, layers ...fs.FS) *Renderer {
	t.Helper()
	r, err := NewRenderer(Layers(append(layers, sitetemplates.FS)...), testAssets, testSite)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// draw renders a page and parses it as browsers do.
func draw(t *testing.T, r *Renderer, p Page) *html.Node {
	t.Helper()
	var b bytes.Buffer
	if err := r.Render(&b, p); err != nil {
		t.Fatal(err)
	}
	doc, err := html.Parse(&b)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func elements(doc *html.Node, match func(*html.Node) bool) []*html.Node {
	var found []*html.Node
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode && match(n) {
			found = append(found, n)
		}
	}
	return found
}

func tag(name string) func(*html.Node) bool {
	return func(n *html.Node) bool { return n.Data == name }
}

func with(key, value string) func(*html.Node) bool {
	return func(n *html.Node) bool { return attribute(n, key) == value }
}

func class(name string) func(*html.Node) bool {
	return func(n *html.Node) bool { return slices.Contains(strings.Fields(attribute(n, "class")), name) }
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func text(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

const hostileText = `"><script>alert(1)</script><img src=x onerror=alert(1)>'{{.}}` + "`${x}"

var hostileHrefs = []string{
	"javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,<script>alert(1)</script>",
	"//evil.example/", "vbscript:x", " javascript:alert(1)", `" onmouseover="alert(1)`, "blob:x", "https://fine.example/?a=1&b=2",
}

// filler fills views with hostile data: every text is markup, every address a trap.
type filler struct {
	n      int
	within map[reflect.Type]int // how often a view is being filled: some hold others of their kind
}

func (f *filler) fill(v reflect.Value, name string) {
	f.n++
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(time.Date(2026, 11, 23, 9, 0, f.n%60, 0, time.UTC).AddDate(0, 0, f.n)))
		return
	case template.HTML:
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(f.text(name))
	case reflect.Int:
		v.SetInt(int64(f.n))
	case reflect.Bool:
		v.SetBool(f.n%2 == 0)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.fill(v.Elem(), name)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 3, 3))
		for i := range v.Len() {
			f.fill(v.Index(i), name)
		}
	case reflect.Struct:
		if f.within[v.Type()] == 2 {
			return
		}
		f.within[v.Type()]++
		defer func() { f.within[v.Type()]-- }()
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				f.fill(v.Field(i), v.Type().Field(i).Name)
			}
		}
	default:
		panic("the filler does not know " + v.Kind().String())
	}
}

func (f *filler) text(name string) string {
	switch name {
	case "ID", "Code":
		return fmt.Sprintf("sp-x%d", f.n)
	case "Href", "Root", "Rule", "Search", "Home", "Page", "Previous", "Next", "Rules":
		return hostileHrefs[f.n%len(hostileHrefs)]
	}
	return hostileText
}

func hostile(view any) any {
	v := reflect.New(reflect.TypeOf(view)).Elem()
	(&filler{within: map[reflect.Type]int{}}).fill(v, "")
	return v.Interface()
}

// TestPagesKeepTheRules draws every template twice, empty and full of hostile data,
// and holds the page to what every page promises.
func TestPagesKeepTheRules(t *testing.T) {
	r := newTestRenderer(t)
	for _, name := range slices.Sorted(maps.Keys(zeroViews)) {
		for kind, view := range map[string]any{"empty": zeroViews[name], "hostile": hostile(zeroViews[name])} {
			t.Run(name+"/"+kind, func(t *testing.T) {
				page := Page{Path: "a/b.html", Template: name, Title: hostileText, Description: hostileText, Section: "services/index.html", Data: view}
				doc := draw(t, r, page)
				checkHead(t, doc)
				checkLandmarks(t, doc)
				checkNothingRuns(t, doc)
				checkIDs(t, doc)
			})
		}
	}
}

func checkHead(t *testing.T, doc *html.Node) {
	t.Helper()
	head := elements(doc, tag("head"))[0]
	first := elements(head, func(*html.Node) bool { return true })[0]
	want := []html.Attribute{
		{Key: "http-equiv", Val: "Content-Security-Policy"},
		{Key: "content", Val: "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; worker-src 'self'; form-action 'none'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types signpost"},
	}
	if diff := cmp.Diff(want, first.Attr); first.Data != "meta" || diff != "" {
		t.Errorf("first in head is <%s>, want the policy (-want +got):\n%s", first.Data, diff)
	}
	if got := text(elements(head, tag("title"))[0]); !strings.HasPrefix(got, hostileText) {
		t.Errorf("title is %q, want it to begin with the page's own", got)
	}
}

func checkLandmarks(t *testing.T, doc *html.Node) {
	t.Helper()
	if n := len(elements(doc, tag("h1"))); n != 1 {
		t.Errorf("got %d h1, want one", n)
	}
	mains := elements(doc, tag("main"))
	if len(mains) != 1 || attribute(mains[0], "id") != "sp-main" {
		t.Errorf("want one main with the id that the skip link names")
	}
	for _, nav := range elements(doc, tag("nav")) {
		if attribute(nav, "aria-label") == "" && attribute(nav, "aria-labelledby") == "" {
			t.Errorf("a nav has no name: %v", nav.Attr)
		}
	}
	for _, input := range elements(doc, tag("input")) {
		label := len(elements(doc, func(n *html.Node) bool {
			return n.Data == "label" && attribute(n, "for") == attribute(input, "id") && attribute(input, "id") != ""
		}))
		if label == 0 && input.Parent.Data != "label" {
			t.Errorf("an input has no label: %v", input.Attr)
		}
	}
}

// checkNothingRuns proves that no text became code and no address a trap.
func checkNothingRuns(t *testing.T, doc *html.Node) {
	t.Helper()
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		switch {
		case n.Data == "style", n.Data == "iframe", n.Data == "img", n.Data == "base":
			t.Errorf("the page holds <%s>", n.Data)
		case n.Data == "script" && (!strings.HasPrefix(attribute(n, "src"), "../assets/") && attribute(n, "src") != "../build.js" || n.FirstChild != nil):
			t.Errorf("the page holds a script that is not an asset: %v", n.Attr)
		}
		for _, a := range n.Attr {
			checkAttribute(t, n, a)
		}
	}
}

func checkAttribute(t *testing.T, n *html.Node, a html.Attribute) {
	t.Helper()
	switch {
	case a.Key == "style", strings.HasPrefix(a.Key, "on"):
		t.Errorf("<%s> has the attribute %s=%q", n.Data, a.Key, a.Val)
	case strings.Contains(a.Val, "ZgotmplZ"):
		t.Errorf("<%s %s> was made harmless, want it left out", n.Data, a.Key)
	case a.Key == "href" && n.Data == "a":
		if !safehtml.Linkable(a.Val) {
			t.Errorf("a link leads to %q", a.Val)
		}
		if safehtml.Outside(a.Val) && attribute(n, "rel") == "" {
			t.Errorf("the link to %q tells where the reader came from", a.Val)
		}
	}
}

func checkIDs(t *testing.T, doc *html.Node) {
	t.Helper()
	ids := map[string]bool{}
	for _, n := range elements(doc, func(n *html.Node) bool { return attribute(n, "id") != "" }) {
		id := attribute(n, "id")
		if ids[id] {
			t.Errorf("the id %q stands twice", id)
		}
		if !strings.HasPrefix(id, "sp-") {
			t.Errorf("the id %q does not begin with sp-", id)
		}
		ids[id] = true
	}
	for _, n := range elements(doc, func(n *html.Node) bool { return strings.HasPrefix(attribute(n, "href"), "#sp-i-") }) {
		if id := attribute(n, "href")[1:]; !ids[id] {
			t.Errorf("the icon %q is not in the page", id)
		}
	}
	for _, key := range []string{"aria-labelledby", "for"} {
		for _, n := range elements(doc, func(n *html.Node) bool { return attribute(n, key) != "" }) {
			if !ids[attribute(n, key)] {
				t.Errorf("%s=%q names nothing", key, attribute(n, key))
			}
		}
	}
}

// TestUnusedLeavesNoBox draws an entity of which only the owner is known.
func TestUnusedLeavesNoBox(t *testing.T) {
	doc := draw(t, newTestRenderer(t), Page{Path: "services/ledger.html", Template: "entity.html", Title: "Ledger", Data: EntityView{
		Head: Head{Kind: "Service", Title: "Ledger"},
		Post: Post{Blades: []Blade{{Answer: "owner", Label: "Owner", Text: "Money", Href: "../teams/money.html"}}},
	}})
	var headings []string
	for _, h := range elements(doc, tag("h2")) {
		headings = append(headings, text(h))
	}
	if diff := cmp.Diff([]string{"Who to talk to"}, headings); diff != "" {
		t.Errorf("headings (-want +got):\n%s", diff)
	}
	for _, name := range []string{"table", "details"} {
		if found := elements(elements(doc, tag("main"))[0], tag(name)); len(found) > 0 {
			t.Errorf("an empty <%s> is drawn", name)
		}
	}
}

func TestMissingAnswerIsNamed(t *testing.T) {
	doc := draw(t, newTestRenderer(t), Page{Path: "services/ledger.html", Template: "entity.html", Title: "Ledger", Data: EntityView{
		Head: Head{Title: "Ledger"},
		Post: Post{Blades: []Blade{{Answer: "oncall", Label: "On call now", Text: "No on-call rotation", Missing: "oncall", Href: "https://git.example/edit/ledger.yaml#L1"}}},
	}})
	blade := elements(doc, with("data-answer", "oncall"))[0]
	if !class("missing")(blade) {
		t.Errorf("the blade is not drawn dashed: %v", blade.Attr)
	}
	if got, want := text(blade), "On call nowNo on-call rotationAdd oncall"; got != want {
		t.Errorf("the blade says %q, want %q", got, want)
	}
	if got := attribute(elements(blade, tag("a"))[0], "href"); got != "https://git.example/edit/ledger.yaml#L1" {
		t.Errorf("the blade leads to %q, want the line to mend", got)
	}
}

// TestOnCallReadsWithoutScripts wants the rotation's name in the blade, and every
// shift in a table with absolute times.
func TestOnCallReadsWithoutScripts(t *testing.T) {
	zone := time.FixedZone("CET", 3600)
	plan := &OnCall{Name: "Payments primary", Zone: "Europe/Berlin", Shifts: []Shift{
		{From: time.Date(2026, 11, 23, 9, 0, 0, 0, zone), To: time.Date(2026, 11, 24, 9, 0, 0, 0, zone), Person: Link{"Amara Okafor", "../people/amara.html"}},
		{From: time.Date(2026, 11, 24, 9, 0, 0, 0, zone), To: time.Date(2026, 11, 25, 9, 0, 0, 0, zone), Person: Link{Text: "Jonas Weber"}},
	}}
	doc := draw(t, newTestRenderer(t), Page{Path: "services/x.html", Template: "entity.html", Title: "X", Data: EntityView{
		Post: Post{Blades: []Blade{{Answer: "oncall", Label: "On call now", Text: plan.Name, Href: "#sp-shifts", Main: true, OnCall: plan}}, Rotations: []Rotation{{OnCall: plan, ID: "sp-shifts"}}},
	}})
	face := elements(elements(doc, with("data-answer", "oncall"))[0], tag("a"))[0]
	if got, want := attribute(face, "data-shifts"), `{"p":[["Amara Okafor","../people/amara.html"],["Jonas Weber",""]],"s":[[1795420800,1795507200,0],[1795507200,1795593600,1]]}`; got != want {
		t.Errorf("shifts for scripts\n got %s\nwant %s", got, want)
	}
	if !strings.Contains(text(face), "Payments primary") || len(elements(doc, with("id", attribute(face, "href")[1:]))) != 1 {
		t.Errorf("the blade %q does not lead to the table of shifts", text(face))
	}
	var rows []string
	for _, row := range elements(elements(doc, with("id", "sp-shifts"))[0], tag("tr")) {
		rows = append(rows, text(row))
	}
	want := []string{"FromToWho", "Mon 23 Nov, 09:00 CETTue 24 Nov, 09:00 CETAmara Okafor", "Tue 24 Nov, 09:00 CETWed 25 Nov, 09:00 CETJonas Weber"}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("table of shifts (-want +got):\n%s", diff)
	}
}

// TestLinksToAssets wants links that work from any depth and any sub-path.
func TestLinksToAssets(t *testing.T) {
	r := newTestRenderer(t)
	tests := []struct {
		page Page
		want string
	}{
		{Page{Path: "index.html", Template: "home.html", Data: HomeView{}}, "assets/site.css"},
		{Page{Path: "services/a/runbooks/b.html", Template: "document.html", Data: DocumentView{}}, "../../../assets/site.css"},
		{Page{Path: "404.html", Template: "notfound.html", Rooted: true, Data: NotFoundView{}}, "/catalog/assets/site.css"},
	}
	for _, test := range tests {
		doc := draw(t, r, test.page)
		if got := attribute(elements(doc, with("rel", "stylesheet"))[0], "href"); got != test.want {
			t.Errorf("%s links %s, want %s", test.page.Path, got, test.want)
		}
	}
}

func TestOnThisPageLeadsToSections(t *testing.T) {
	view := hostile(EntityView{}).(EntityView)
	doc := draw(t, newTestRenderer(t), Page{Path: "a/b.html", Template: "entity.html", Data: view})
	links := view.OnThisPage()
	if len(links) < 10 {
		t.Fatalf("got %d sections, want all of them", len(links))
	}
	for _, l := range links {
		if len(elements(doc, with("id", l.Href[1:]))) != 1 {
			t.Errorf("%q leads to %s, which is not on the page", l.Text, l.Href)
		}
	}
}

func TestOverrides(t *testing.T) {
	own := fstest.MapFS{"pages/search.html": {Data: []byte(`{{define "main"}}<main id="sp-main"><h1>Ours</h1></main>{{end}}`)}}
	doc := draw(t, newTestRenderer(t, own), Page{Path: "search/index.html", Template: "search.html", Data: SearchView{}})
	if got := text(elements(doc, tag("main"))[0]); got != "Ours" {
		t.Errorf("the page says %q, want the user's template", got)
	}
}

func TestErrorsNameFileAndLine(t *testing.T) {
	tests := map[string]struct {
		file, content, want string
	}{
		"syntax":        {"pages/search.html", "{{define \"main\"}}\n{{if}}\n{{end}}", "pages/search.html:2"},
		"unknown field": {"pages/search.html", "{{define \"main\"}}\n\n{{.Nope}}{{end}}", "pages/search.html:3"},
		"no main":       {"pages/search.html", "hello", `pages/search.html defines no "main"`},
		"part":          {"parts/bits.html", "{{define \"icon\"}}\n{{nofunc}}{{end}}", "parts/bits.html:2"},
		"context":       {"pages/search.html", "{{define \"main\"}}<a href=\"{{if .Lists}}\n\">{{end}}{{end}}", "pages/search.html:1"},
		"icon":          {"icons/find.svg", "<b>no</b>", "icons/find.svg must begin"},
		"unknown icon":  {"pages/search.html", `{{define "main"}}{{template "icon" "nope"}}{{end}}`, `no icon "nope"`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			own := fstest.MapFS{test.file: {Data: []byte(test.content)}}
			_, err := NewRenderer(Layers(own, sitetemplates.FS), testAssets, testSite)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want an error with %q", err, test.want)
			}
		})
	}
}

// TestTextIsNoIcon proves that a document which mentions an icon cannot break its page.
func TestTextIsNoIcon(t *testing.T) {
	draw(t, newTestRenderer(t), Page{Path: "a.html", Template: "document.html", Data: DocumentView{
		Head: Head{Title: `<use href="#sp-i-nope"/>`},
		Body: `<p><a href="#sp-i-nope">x</a> &lt;use href="#sp-i-nope"/&gt;</p>`,
	}})
}

func TestUnknownTemplate(t *testing.T) {
	err := newTestRenderer(t).Render(&bytes.Buffer{}, Page{Path: "a.html", Template: "nope.html"})
	if err == nil || err.Error() != `page a.html: there is no template "nope.html"` {
		t.Errorf("got %v", err)
	}
}

func TestLayers(t *testing.T) {
	front := fstest.MapFS{"css/theme.css": {Data: []byte("front")}, "pages/own.html": {Data: []byte("own")}}
	joined := Layers(front, fstest.MapFS{"css/theme.css": {Data: []byte("back")}, "pages/home.html": {Data: []byte("home")}})
	got, err := fs.ReadFile(joined, "css/theme.css")
	if err != nil || string(got) != "front" {
		t.Errorf("got %q, %v; want the first layer's file", got, err)
	}
	entries, err := fs.ReadDir(joined, "pages")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if diff := cmp.Diff([]string{"home.html", "own.html"}, names); diff != "" {
		t.Errorf("folder (-want +got):\n%s", diff)
	}
	if _, err := fs.ReadFile(joined, "nope"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want that it does not exist", err)
	}
}
