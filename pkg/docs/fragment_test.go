package docs

import (
	"strings"
	"testing"
)

// Text from other files becomes the same harmless HTML as a document's, without anchors,
// and with links to the web only.
func TestFragment(t *testing.T) {
	set, _, err := Load(t.Context(), tree(t, ""), nil, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"":                                "",
		"A plain sentence.":               "<p>A plain sentence.</p>\n",
		"Uses `code` & *stress*.":         "<p>Uses <code>code</code> &amp; <em>stress</em>.</p>\n",
		"# Top\n\n## Next":                "<h3>Top</h3>\n<h4>Next</h4>\n",
		"---\ntitle: x\n---\n":            "<hr>\n<h4>title: x</h4>\n",
		"[here](#x) [there](../a.md) end": "<p>here there end</p>\n",
		"[web](https://a.example/)":       "<p><a href=\"https://a.example/\" rel=\"noopener noreferrer\">web</a></p>\n",
		"![x](a.png)":                     "<p>x</p>\n",
		"<script>alert(1)</script>":       "",
		"<img src=x onerror=alert(1)> ok": "",
	} {
		got := string(set.Fragment(text, 3))
		if strings.Contains(got, "<script") || strings.Contains(got, "onerror=") && !strings.Contains(got, "&lt;") {
			t.Errorf("%q becomes %q", text, got)
		}
		if want != "" && got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
	if got := set.Code("json", "{\"a\": \"<b>\"}"); !strings.Contains(string(got), "&lt;b&gt;") {
		t.Errorf("code becomes %q", got)
	}
	var none *Set
	if got := none.Fragment("*a* <b>", 3); got != "<p>*a* &lt;b&gt;</p>\n" {
		t.Errorf("without documents, text becomes %q", got)
	}
}
