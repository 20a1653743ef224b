package site

import (
	"bytes"
	"fmt"
	"html/template"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
)

func TestSqueeze(t *testing.T) {
	tests := []struct{ what, page, want string }{
		{"plain values", `<a class="x" href="../a/b.html#c">y</a>`, `<a class=x href=../a/b.html#c>y</a>`},
		{"values that need quotes", `<a class="x y" href="?a=b" title="it's">y</a>`, `<a class="x y" href="?a=b" title="it's">y</a>`},
		{"no value", `<input disabled="" value="">`, `<input disabled value>`},
		{"quotes as references", `<a title="say &#34;x&#34;" lang="it&#39;s">&quot;&#34;&#39;&amp;&lt;</a>`, `<a title='say "x"' lang="it's">""'&amp;&lt;</a>`},
		{"both quotes", `<a title="&#34;&#39;">x</a>`, `<a title="&#34;'">x</a>`},
		{"a drawing", `<svg><rect x="1" y="2"/><path d="M 1"/></svg>`, `<svg><rect x=1 y=2 /><path d="M 1"/></svg>`},
		{"a value that ends with a slash", `<a href="../">x</a>`, `<a href=../>x</a>`},
		{"a list", "<ul>\n<li>a</li>\n<li>b <b>c</b> </li>\n</ul>\n<p>d</p>", "<ul><li>a<li>b <b>c</b> </ul><p>d</p>"},
		{"a table", "<table><thead>\n<tr>\n<th>a</th>\n</tr>\n</thead>\n<tbody><tr><td>b</td><td></td></tr></tbody></table>", "<table><thead><tr><th>a<tbody><tr><td>b<td></table>"},
		{"terms", "<dl><div><dt>a</dt> <dd>b</dd></div></dl>", "<dl><div><dt>a</dt> <dd>b</div></dl>"},
		{"paragraphs", "<div><p>a</p><p>b</p>c</div><a><p>d</p></a>", "<div><p>a<p>b</p>c</div><a><p>d</p></a>"},
		{"words between lines", "<p><b>a</b>\n<i>b</i></p>\n<p>c\nd</p>", "<p><b>a</b>\n<i>b</i><p>c\nd</p>"},
		{"code", "<pre class=\"c\"><code>\n  &quot;a&quot;\n\n<span>b</span>\n</code></pre>\n<hr>", "<pre class=c><code>\n  \"a\"\n\n<span>b</span>\n</code></pre><hr>"},
		{"what is not parsed", "<script>if (a<b) x = \"&#34;\"</script><style>\n a{}</style>", "<script>if (a<b) x = \"&#34;\"</script><style>\n a{}</style>"},
		{"a comment", `<!-- <a class="x"> --><!doctype html><a class="x">y</a>`, `<!-- <a class="x"> --><!doctype html><a class=x>y</a>`},
		{"other spellings", `<A CLASS='x' title=y  b = "c>&#34;">1 < 2 &lt; 3</A>`, `<A CLASS=x title=y  b = "c>&#34;">1 < 2 &lt; 3</A>`},
		{"a page", "<html><head><title>x</title></head>\n<body class=\"y\">\n<p>z</p>\n</body>\n</html>\n", "<html><head><title>x</title></head><body class=y><p>z</p></body></html>"},
	}
	for _, test := range tests {
		t.Run(test.what, func(t *testing.T) {
			if got := string(squeeze(nil, []byte(test.page))); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// outline writes the tree of a page as browsers see it, without texts of white space that
// they do not show.
func outline(t *testing.T, page []byte) string {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	var walk func(n *html.Node, deep int)
	walk = func(n *html.Node, deep int) {
		if n.Type == html.TextNode && isBreak([]byte(n.Data)) && n.Parent.Data != "pre" && n.Parent.Data != "code" && besideBlock(n) {
			return
		}
		fmt.Fprintf(&b, "%*s%d %s %v %q\n", deep, "", n.Type, n.Namespace, n.Attr, n.Data)
		for c := range n.ChildNodes() {
			walk(c, deep+1)
		}
	}
	walk(root, 0)
	return b.String()
}

// besideBlock reports whether a text stands at the edge of a block.
func besideBlock(n *html.Node) bool {
	for _, next := range []*html.Node{n.PrevSibling, n.NextSibling} {
		if next == nil && elementOf([]byte(n.Parent.Data)).block || next != nil && elementOf([]byte(next.Data)).block {
			return true
		}
	}
	return false
}

// TestSqueezedPagesAreTheSame draws every template, full of hostile data, and compares what
// browsers make of the full and of the squeezed form.
func TestSqueezedPagesAreTheSame(t *testing.T) {
	r := newTestRenderer(t)
	for _, name := range slices.Sorted(maps.Keys(zeroViews)) {
		for kind, data := range map[string]any{"empty": zeroViews[name], "hostile": hostile(zeroViews[name])} {
			p := Page{Path: "a/b.html", Template: name, Title: hostileText, Description: hostileText, Data: data}
			if d, ok := data.(DocumentView); ok {
				d.Body = template.HTML(randomDocument(rand.New(rand.NewPCG(1, 2)), 300))
				p.Data = d
			}
			view, err := r.frame(r.pages[name], p)
			if err != nil {
				t.Fatal(err)
			}
			var full bytes.Buffer
			if err := r.execute(&full, r.pages[name], view); err != nil {
				t.Fatal(err)
			}
			small := squeeze(nil, full.Bytes())
			if diff := cmp.Diff(outline(t, full.Bytes()), outline(t, small)); diff != "" {
				t.Errorf("%s, %s: squeezing changes the page (-full +squeezed):\n%s", name, kind, diff)
			}
			if len(small) > full.Len()*19/20 {
				t.Errorf("%s, %s: %d bytes of %d are left", name, kind, len(small), full.Len())
			}
		}
	}
}

// randomDocument nests elements of documents at random, with every kind of white space
// between them, each where a browser lets it stand.
func randomDocument(random *rand.Rand, n int) string {
	var b strings.Builder
	pick := func(of ...string) string { return of[random.IntN(len(of))] }
	space := func() string { return pick("", "", " ", "\n", "\n  ", "x", " \n y ", "&quot;&#39; &amp;#34;") }
	var flow func(deep int)
	inline := func() {
		for range random.IntN(3) {
			fmt.Fprintf(&b, `%s<%[2]s title="%[3]s" lang="%[4]s">%[5]s</%[2]s>`, space(), pick("b", "code", "span", "a"), pick("", "x", "x y", "a=b", "&#34;", "&#39;", "&#34;&#39;", "/", "é"), pick("", "en"), space())
		}
		b.WriteString(space())
	}
	within := func(tag string, deep int) {
		gap := pick("", "\n", " ")
		fmt.Fprintf(&b, "%s<%s>", gap, tag)
		flow(deep + 1)
		fmt.Fprintf(&b, "</%s>%s", tag, gap)
	}
	flow = func(deep int) {
		for range random.IntN(4) {
			if n--; n < 0 || deep > 6 {
				return
			}
			switch tag := pick("p", "div", "ul", "ol", "dl", "table", "pre", "blockquote", "details", "h2"); tag {
			case "p", "h2", "pre":
				fmt.Fprintf(&b, "<%s>", tag)
				inline()
				fmt.Fprintf(&b, "</%s>", tag)
			case "ul", "ol":
				fmt.Fprintf(&b, "<%s>\n", tag)
				within("li", deep)
				within("li", deep)
				fmt.Fprintf(&b, "</%s>", tag)
			case "dl":
				b.WriteString("<dl>")
				within("dt", deep+5)
				within("dd", deep)
				b.WriteString("</dl>")
			case "table":
				b.WriteString("<table>\n<thead>\n<tr>")
				within("th", deep+5)
				b.WriteString("</tr>\n</thead>\n<tbody><tr>")
				within("td", deep)
				within("td", deep)
				b.WriteString("</tr></tbody></table>")
			default:
				within(tag, deep)
			}
			b.WriteString(space())
		}
		inline()
	}
	for n > 0 {
		flow(0)
	}
	return b.String()
}

// TestSqueezedDocumentsAreTheSame does so for documents of every shape.
func TestSqueezedDocumentsAreTheSame(t *testing.T) {
	for seed := range uint64(300) {
		full := []byte("<!doctype html><html lang=\"en\"><head></head><body>" + randomDocument(rand.New(rand.NewPCG(seed, 3)), 40) + "</body></html>")
		small := squeeze(nil, full)
		if diff := cmp.Diff(outline(t, full), outline(t, small)); diff != "" {
			t.Fatalf("seed %d: squeezing changes the document (-full +squeezed):\n%s\n%s\n%s", seed, diff, full, small)
		}
		if again := squeeze(nil, small); !bytes.Equal(again, small) {
			t.Fatalf("seed %d: squeezing twice gives something else", seed)
		}
	}
}

func FuzzSqueeze(f *testing.F) {
	f.Add(`<p a='b' c=d e="f">x</p>`)
	f.Add("<a b=\"</a>\n<!-- \">")
	f.Fuzz(func(t *testing.T, page string) {
		if got := squeeze(nil, []byte(page)); len(got) > len(page)+strings.Count(page, "/") {
			t.Errorf("%q became longer: %q", page, got)
		}
	})
}

func BenchmarkSqueeze(b *testing.B) {
	page := []byte(randomDocument(rand.New(rand.NewPCG(1, 4)), 400))
	b.SetBytes(int64(len(page)))
	var out []byte
	for b.Loop() {
		out = squeeze(out[:0], page)
	}
}
