package site

import (
	"bytes"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	sitetemplates "github.com/signpost-dev/signpost/site-templates"

	"github.com/signpost-dev/signpost/internal/costs"
)

func TestAssetsKeepTheirBudgets(t *testing.T) {
	a := buildTestAssets(t)
	size := func(p string) int { return costs.Compressed(t, a.file(t, p)) }
	budgets := []struct {
		what      string
		got, most int
	}{
		{"styles", size(a.Style), 12 << 10},
		{"scripts of every page", size(a.Theme) + size(a.Main), 15 << 10},
		{"scripts in all", size(a.Theme) + size(a.Main) + size(a.Palette) + size(a.List), 40 << 10},
	}
	for _, b := range budgets {
		t.Logf("%s: %d bytes compressed of %d", b.what, b.got, b.most)
		if b.got > b.most {
			t.Errorf("%s take %d bytes, the budget is %d", b.what, b.got, b.most)
		}
	}
}

// TestAssetsAreSafe looks for what the site's policy and its promises forbid.
func TestAssetsAreSafe(t *testing.T) {
	a := buildTestAssets(t)
	for _, p := range []string{a.Theme, a.Main, a.Palette, a.List} {
		for _, bad := range []string{"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "import("} {
			if bytes.Contains(a.file(t, p), []byte(bad)) {
				t.Errorf("%s uses %s", p, bad)
			}
		}
	}
	for _, bad := range []string{"url(", "@import", "http:", "https:"} {
		if bytes.Contains(a.file(t, a.Style), []byte(bad)) {
			t.Errorf("the styles use %s", bad)
		}
	}
}

func TestAssetsAreReproducible(t *testing.T) {
	if diff := cmp.Diff(buildTestAssets(t), buildTestAssets(t)); diff != "" {
		t.Errorf("two builds differ:\n%s", diff)
	}
}

func TestAssetsOverride(t *testing.T) {
	own := fstest.MapFS{"css/theme.css": {Data: []byte("h1 { color: rebeccapurple }")}}
	a, err := BuildAssets(Layers(own, sitetemplates.FS))
	if err != nil {
		t.Fatal(err)
	}
	if css := a.file(t, a.Style); !bytes.Contains(css, []byte("@layer theme{h1{color:#639}}")) {
		t.Errorf("the user's rule is not in the last layer of the styles")
	}
	if a.Style == buildTestAssets(t).Style {
		t.Errorf("other styles have the same name %s", a.Style)
	}
}

func TestAssetErrorsNameFileAndLine(t *testing.T) {
	tests := map[string]struct{ file, content, want string }{
		"script":  {"ts/theme.ts", "let x =\n  ;", "ts/theme.ts:2:3: "},
		"import":  {"ts/theme.ts", "import './nope';", `ts/theme.ts:1:8: "./nope" does not exist`},
		"package": {"ts/theme.ts", "import 'react';", `"react" must be a relative path`},
		"escape":  {"ts/theme.ts", "import '../../../etc/passwd';", "does not exist"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := BuildAssets(Layers(fstest.MapFS{test.file: {Data: []byte(test.content)}}, sitetemplates.FS))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want an error with %q", err, test.want)
			}
		})
	}
}

func buildTestAssets(t *testing.T) Assets {
	t.Helper()
	a, err := BuildAssets(sitetemplates.FS)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func (a Assets) file(t *testing.T, p string) []byte {
	t.Helper()
	for _, f := range a.Files {
		if f.Path == p {
			return f.Data
		}
	}
	t.Fatalf("there is no asset %q", p)
	return nil
}
