package safehtml

import (
	"strings"
	"testing"
	"time"

	"github.com/signpost-dev/signpost/internal/costs"

	"github.com/signpost-dev/signpost/pkg/safehtml/safehtmltest"
)

func TestMarkdown(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"our own form is passed on", `<h2 id="a">A <a class="sp-anchor" href="#a" aria-label="Link to A">#</a></h2>`, ""},
		{"a table", "<table>\n<thead>\n<tr>\n<th align=\"left\">a</th></tr></thead></table>", ""},
		{"an image of the site", `<img src="../a.png" alt="a &amp; b" width="50%">`, ""},
		{"a check box that cannot be used", `<input type="checkbox" checked="" disabled="">`, ""},
		{"a check box that could", `<input type="checkbox">`, ``},
		{"an outside image", `<img src="https://example.org/a.png">`, `<img>`},
		{"an outside image without a scheme", `<img src="//example.org/a.png">`, `<img>`},
		{"script", `a<script>alert(1)</script>b`, `ab`},
		{"a handler", `<p onclick="alert(1)">a</p>`, `<p>a</p>`},
		{"style", `<p style="position:fixed">a</p>`, `<p>a</p>`},
		{"a class of the site", `<p class="sp-header chroma">a</p>`, `<p>a</p>`},
		{"an id of the site", `<p id="sp-search">a</p>`, `<p>a</p>`},
		{"a forbidden scheme", `<a href="javascript:alert(1)">a</a>`, `<a>a</a>`},
		{"hidden behind an entity", `<a href="javascript&colon;alert(1)">a</a>`, `<a>a</a>`},
		{"hidden behind a line break", "<a href=\"java\nscript:alert(1)\">a</a>", `<a>a</a>`},
		{"another host without a scheme", `<a href="//example.org">a</a>`, `<a>a</a>`},
		{"the same with backslashes", `<a href="/\example.org">a</a>`, `<a href="/%5Cexample.org">a</a>`},
		{"an end tag too many", `a</div></article>b`, `ab`},
		{"an end tag too few", `<div><b>a`, `<div><b>a</b></div>`},
		{"tags that overlap", `<b><i>a</b>b</i>`, `<b><i>a</i></b>b`},
		{"items without an end", `<ul><li>a<li>b</ul>`, `<ul><li>a</li><li>b</li></ul>`},
		{"cells without an end", `<table><tr><td>a<td>b<tr><td>c</table>`, `<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>`},
		{"a paragraph without an end", `<p>a<div>b</div>`, `<p>a</p><div>b</div>`},
		{"a cell without a table", `<td>a</td>`, `a`},
		{"an item without a list", `<li>a</li>`, `a`},
		{"comments", `a<!-- b -->c`, `ac`},
		{"drawings", `<svg><p>a</p></svg>`, `<p>a</p>`},
		{"capital letters", `<B TITLE='x'>a</B>`, `<b title="x">a</b>`},
		{"self-closing", `a<br/>b`, `a<br>b`},
		{"NUL", "a\x00b", "a\ufffdb"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			want := tt.want
			if want == "" && !strings.Contains(tt.name, "could") {
				want = tt.in
			}
			if got := string(Markdown([]byte(tt.in))); got != want {
				t.Errorf("Markdown(%q)\n got %q\nwant %q", tt.in, got, want)
			}
		})
	}
}

// TestMarkdownIsBounded gives the second layer what makes browsers' own way of
// mending tags take very long.
func TestMarkdownIsBounded(t *testing.T) {
	var open strings.Builder
	for i := range 1000 {
		open.WriteString(`<b title="` + strings.Repeat("x", i%50) + `">`)
	}
	for name, in := range map[string]string{
		"elements to repeat": open.String() + strings.Repeat("<p>a</p>", 50_000),
		"never closed":       strings.Repeat("<div>", 200_000),
		"never opened":       open.String() + strings.Repeat("</i>", 200_000),
	} {
		var out string
		costs.Within(t, name, costs.Limit{Time: 2 * time.Second}, func() { out = string(Markdown([]byte(in))) })
		if len(out) > 3*len(in) {
			t.Errorf("%s: %d bytes became %d", name, len(in), len(out))
		}
	}
}

func TestLinkURL(t *testing.T) {
	tests := map[string]bool{
		"https://example.org/a?b#c": true,
		"HTTP://example.org":        true,
		"mailto:a@example.org":      true,
		"../a/b.md#c":               true,
		"#c":                        true,
		"":                          true,
		"?a:b":                      true,
		"a/b:c":                     true,
		"(https://example.org)":     true, // no scheme, so a strange file name
		"javascript:alert(1)":       false,
		" javascript:alert(1)":      false,
		"java\tscript:alert(1)":     false,
		"\x01javascript:alert(1)":   false,
		"data:text/html,a":          false,
		"ms-msdt:/id":               false,
		"file:///etc/passwd":        false,
		"blob:https://example.org":  false,
		"//example.org":             false,
		`\\example.org`:             false,
		`/\example.org`:             false,
		"https:example.org":         false,
		"https:///example.org":      false,
		":a":                        false,
	}
	for url, want := range tests {
		if got := LinkURL(url); got != want {
			t.Errorf("LinkURL(%q) = %v, want %v", url, got, want)
		}
	}
}

func FuzzMarkdown(f *testing.F) {
	for _, seed := range []string{
		`<a href="javascript&#58;alert(1)">x</a>`, `<svg><style><img src=x onerror=alert(1)>`, `</div><table><td><a></table></a>`,
		"<b <script>alert(1)//</script>0</script></b>", `<p id="sp-x"><input type="checkbox" disabled="">`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) {
		out := string(Markdown([]byte(in)))
		if problems := safehtmltest.Problems(out); len(problems) > 0 {
			t.Errorf("%q\ngave %q\n%s", in, out, strings.Join(problems, "\n"))
		}
		if again := string(Markdown([]byte(out))); again != out {
			t.Errorf("%q\ngave %q\nand then %q", in, out, again)
		}
	})
}

var sample = []byte(strings.Repeat(`<h2 id="restart">Restart <a class="sp-anchor" href="#restart" aria-label="Link to Restart">#</a></h2>
<p>Run the <code>restart</code> job of <a href="../payments.html">payments</a>, then <strong>wait</strong> until the queue is empty &amp; the alert is gone.</p>
<pre class="chroma" tabindex="0"><code><span class="nb">kubectl</span> rollout restart deploy/payments <span class="c"># takes a minute</span></code></pre>
<ul><li>one</li><li>two</li></ul>
`, 200))

func BenchmarkMarkdown(b *testing.B) {
	b.SetBytes(int64(len(sample)))
	b.ReportAllocs()
	for b.Loop() {
		Markdown(sample)
	}
}

// BenchmarkMarkdownSanitised takes the second path always.
func BenchmarkMarkdownSanitised(b *testing.B) {
	b.SetBytes(int64(len(sample)))
	b.ReportAllocs()
	for b.Loop() {
		isPlain(balance(sanitiser().SanitizeBytes(sample)))
	}
}
