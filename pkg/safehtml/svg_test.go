package safehtml

import (
	"math"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

func TestSVG(t *testing.T) {
	var p Path
	p.Move(0, 0.04).Line(-0.04, 10).Curve(1, 2, 3.25, 4, 5.55, 6).Close()
	got := NewSVG(40, 20.5).Attr("class", "dg").Attr("role", "img").Attr("aria-label", `a "b" <c>`).
		Open("title").Text("x < y & z").Close().
		Open("a").Attr("href", "../teams/payments.html#sp-who").
		Open("path").Path(&p).Attr("fill", "none").Close().
		Open("text").Num("x", 1e300).Num("y", math.NaN()).Text("'`\x00\u0085").
		HTML()
	want := `<svg width="40" height="20.5" viewBox="0 0 40 20.5" class="dg" role="img" aria-label="a &#34;b&#34; &lt;c&gt;">` +
		`<title>x &lt; y &amp; z</title><a href="../teams/payments.html#sp-who">` +
		`<path d="M0 0L0 10C1 2 3.3 4 5.6 6Z" fill="none"/>` +
		"<text x=\"10000000\" y=\"0\">&#39;&#96;\uFFFD\uFFFD</text></a></svg>"
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestSVGRefuses(t *testing.T) {
	for name, build := range map[string]func(*SVG){
		"script":            func(s *SVG) { s.Open("script") },
		"style element":     func(s *SVG) { s.Open("style") },
		"foreignObject":     func(s *SVG) { s.Open("foreignObject") },
		"image":             func(s *SVG) { s.Open("image") },
		"use":               func(s *SVG) { s.Open("use") },
		"style attribute":   func(s *SVG) { s.Attr("style", "color:red") },
		"event handler":     func(s *SVG) { s.Attr("onload", "x") },
		"odd ARIA name":     func(s *SVG) { s.Attr(`aria-x="" onload`, "x") },
		"colour":            func(s *SVG) { s.Attr("fill", "red") },
		"reference":         func(s *SVG) { s.Attr("fill", "url(https://example.com/x.svg#a)") },
		"foreign id":        func(s *SVG) { s.Attr("id", "content") },
		"class with quote":  func(s *SVG) { s.Attr("class", `a" onload="x`) },
		"text in a group":   func(s *SVG) { s.Open("g").Text("x") },
		"href on a group":   func(s *SVG) { s.Open("g").Attr("href", "a.html") },
		"late attribute":    func(s *SVG) { s.Open("text").Text("x").Attr("class", "a") },
		"number for a word": func(s *SVG) { s.Num("class", 1) },
		"words for numbers": func(s *SVG) { s.Attr("width", "calc(1px)") },
		"one end too many":  func(s *SVG) { s.Close().Close() },
		"second root":       func(s *SVG) { s.Close().Open("g") },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("was written")
				}
			}()
			build(NewSVG(1, 1))
		})
	}
}

func TestSiteRelative(t *testing.T) {
	for href, want := range map[string]bool{
		"services/payments-api.html":  true,
		"../teams/payments.html#sp-x": true,
		"#sp-uses":                    true,
		"?q=a:b":                      true,
		"-/2.html":                    true,
		"a/b:c":                       true,
		"dienste/überweisung.html":    true,
		"":                            false,
		"/rooted":                     false,
		"//example.com":               false,
		`\\example.com`:               false,
		"https://example.com":         false,
		"javascript:alert(1)":         false,
		"java\tscript:alert(1)":       false,
		" javascript:alert(1)":        false,
		"\u00a0javascript:alert(1)":   false,
		"data:text/html,x":            false,
		"mailto:ada@example.com":      false,
		"a:b/c":                       false,
		"a\u202eb":                    false,
		`a"b`:                         false,
	} {
		if got := SiteRelative(href); got != want {
			t.Errorf("SiteRelative(%q) = %v, want %v", href, got, want)
		}
	}
	if got := NewSVG(1, 1).Open("a").Attr("href", "javascript:alert(1)").HTML(); strings.Contains(string(got), "href") {
		t.Errorf("%s holds a link that leaves the site", got)
	}
}

// Whatever text is passed, a browser's parser finds the elements that were built
// and no others, and the text as it was but for control characters.
func FuzzSVGText(f *testing.F) {
	f.Add("</text><script>alert(1)</script>")
	f.Add(`"><g onload=x>`)
	f.Add("]]><!--")
	f.Add("&#60;b&#62;")
	f.Fuzz(func(t *testing.T, text string) {
		drawn := NewSVG(1, 1).Attr("aria-label", text).
			Open("title").Text(text).Close().Open("text").Text(text).HTML()
		root, err := html.Parse(strings.NewReader("<body>" + string(drawn)))
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for n := range root.Descendants() {
			if n.Type == html.TextNode || n.Type == html.ElementNode && n.Data == "text" && len(n.Attr) == 0 {
				continue
			}
			names = append(names, n.Data)
		}
		if got := strings.Join(names, " "); got != "html head body svg title" {
			t.Errorf("%q makes the elements %s", text, got)
		}
	})
}
