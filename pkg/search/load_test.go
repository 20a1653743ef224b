package search

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// Hostile text reaches the page as it is in Go, and folds into the same words.
func TestBrowserData(t *testing.T) {
	site := addPage(t, readFixture(t).build(t))
	var texts []string
	var want [][]string
	for _, c := range wordCases {
		texts = append(texts, c.text)
		want = append(want, append([]string{}, c.want...))
	}
	valid := slices.DeleteFunc(slices.Clone(hostile), func(s string) bool { return strings.ToValidUTF8(s, "") != s })
	site["data/hostile.js"] = &fstest.MapFile{Data: DataFile("hostile", valid)}
	ctx := newTab(t, serve(t, site, nil))
	if diff := cmp.Diff(want, call[[][]string](t, ctx, "((texts) => texts.map(sp.words))", texts)); diff != "" {
		t.Errorf("words (-Go +browser):\n%s", diff)
	}
	got := call[[]string](t, ctx, `sp.load`, "hostile", "data/hostile.js")
	if diff := cmp.Diff(valid, got); diff != "" {
		t.Errorf("(-Go +browser):\n%s", diff)
	}
}

// Only scripts of the site are loaded, and what cannot be loaded is an error that the
// next attempt does not inherit.
func TestBrowserLoadRefuses(t *testing.T) {
	site := addPage(t, readFixture(t).build(t))
	site["data/other.js"] = &fstest.MapFile{Data: DataFile("other", 1)}
	ctx := newTab(t, serve(t, site, nil))
	refusal := `(async (name, path) => { try { await sp.load(name, path); return ""; } catch (e) { return e.message; } })`
	for _, path := range []string{
		"//evil.example/x.js", "https://evil.example/x.js", "javascript:alert(1)", "data:text/javascript,1", "../x.js", "a/../../x.js", "/x.js", "a\\x.js",
		"x.js?y", "x.js#y", "%2e%2e/x.js", "x.html", "", "a//x.js", ".hidden.js",
	} {
		if got := call[string](t, ctx, refusal, "x", path); !strings.Contains(got, "not a script of this site") {
			t.Errorf("loading %q: got %q", path, got)
		}
	}
	if got := call[string](t, ctx, refusal, "none", "data/none.js"); got != "data/none.js could not be loaded" {
		t.Errorf("a missing file: got %q", got)
	}
	if got := call[string](t, ctx, refusal, "mine", "data/other.js"); got != "data/other.js does not hold mine" {
		t.Errorf("a file with other data: got %q", got)
	}
	site["data/none.js"] = &fstest.MapFile{Data: DataFile("none", "here")}
	if got := call[string](t, ctx, "sp.load", "none", "data/none.js"); got != "here" {
		t.Errorf("a file that came later: got %q", got)
	}
	site["data/other.js"] = &fstest.MapFile{Data: DataFile("mine", 2)}
	if got := call[int](t, ctx, "sp.load", "mine", "data/other.js"); got != 2 {
		t.Errorf("a file that was mended: got %d", got)
	}
	types := call[bool](t, ctx, `(() => { try { document.createElement("script").src = "x.js"; return false; } catch { return true; } })`)
	if !types {
		t.Error("the test page does not enforce trusted types")
	}
}

func TestBrowserMarksAndNearest(t *testing.T) {
	ctx := newTab(t, serve(t, addPage(t, readFixture(t).build(t)), nil))
	got := call[[]string](t, ctx, `(async () => sp.mark("Promote the replica; replicas are PROMOTED by hand.", await sp.parseQuery("replica promo tier:1")))`)
	want := []string{"", "Promote", " the ", "replica", "; ", "replicas", " are ", "PROMOTED", " by hand."}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("marks (-want +got):\n%s", diff)
	}
	near := call[[]string](t, ctx, `(async () => (await sp.nearest("pyamnts-apy", { limit: 3 })).map((h) => h.name))`)
	if len(near) == 0 || near[0] != "payments-api" {
		t.Errorf("nearest: got %q, want payments-api first", near)
	}
	aborted := call[string](t, ctx, `(async () => { try { await sp.search("payments", { signal: AbortSignal.abort() }); return ""; } catch (e) { return e.name; } })`)
	if aborted != "AbortError" {
		t.Errorf("an aborted search: got %q", aborted)
	}
}
