package docs

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/signpost-dev/signpost/internal/costs"
)

func TestHighlight(t *testing.T) {
	tests := []struct{ language, code, want string }{
		{"bash", "kubectl get pods -n a | grep \"$X\" # c\n", `[nb:kubectl] get pods [nt:-n] a | [nb:grep] [s:"$X"] [c:# c]`},
		{"sh", "if true; then export A=${B}; fi\n", `[k:if] [nb:true]; [k:then] [k:export] [nb:A]=[nv:${B}]; [k:fi]`},
		{"console", "$ ls\na b\n", "[gp:$] [nb:ls]\n[nb:a] b"},
		{"yaml", "a:\n  - b-c: \"d\" # e\n    f: 12\n    g: true\n", "[nt:a]:\n  - [nt:b-c]: [s:\"d\"] [c:# e]\n    [nt:f]: [m:12]\n    [nt:g]: [k:true]"},
		{"json", `{"a": ["b", 1, null]}` + "\n", `{[nt:"a"]: [[s:"b"], [m:1], [k:null]]}`},
		{"go", "func a() { /* b */ return `c\nd` }\n", "[k:func] a() { [c:/* b */] [k:return] [s:`c\nd`] }"},
		{"python", "def a(): # b\n  return \"\"\"c\n\"\"\"\n", "[k:def] a(): [c:# b]\n  [k:return] [s:\"\"\"c\n\"\"\"]"},
		{"SQL", "SELECT a FROM b -- c\n", "[k:SELECT] a [k:FROM] b [c:-- c]"},
		{"html", "<a href=\"b\">c \"d\"</a><!-- e -->\n", "[k:<a] [nt:href]=[s:\"b\"]>c \"d\"[k:</a]>[c:<!-- e -->]"},
		{"diff", "@@ 1 @@\n+a\n-b\n c\n", "[gh:@@ 1 @@\n][gi:+a\n][gd:-b\n] c"},
		{"unknown", "a \"b\" # c\n", `a "b" # c`},
		{"", "a\n", "a"},
		{"bash", "\"never closed\nls\n", "[s:\"never closed]\n[nb:ls]"},
	}
	for _, tt := range tests {
		got := string(highlight(nil, tt.language, []byte(tt.code)))
		got = strings.NewReplacer(`<i class="`, "[", `">`, ":", "</i>", "]").Replace(got)
		got = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&quot;", `"`, "&amp;", "&").Replace(strings.TrimSuffix(got, "\n"))
		if got != tt.want {
			t.Errorf("%s %q\n got %q\nwant %q", tt.language, tt.code, got, tt.want)
		}
	}
}

// TestHighlightIsLinear repeats what makes scanners look at the same code again.
func TestHighlightIsLinear(t *testing.T) {
	seen := map[*language]bool{}
	for name, l := range languages {
		if seen[l] {
			continue
		}
		seen[l] = true
		for _, piece := range []string{"${", "$(", "/*", "<!--", "\"\"\"", "`", "\"\\", "'", "<a ", "#", "-", "a:", "a ", "1", "{", "a=b;", "é"} {
			code := []byte(strings.Repeat(piece, 60_000/len(piece)))
			var out []byte
			costs.Within(t, fmt.Sprintf("%s %q", name, piece), costs.Limit{Time: time.Second}, func() { out = highlight(nil, name, code) })
			if len(out) > highlighted*len(code) {
				t.Errorf("%s %q: %d bytes", name, piece, len(out))
			}
		}
	}
}

func TestContrast(t *testing.T) {
	css := HighlightCSS()
	for _, p := range palette {
		if !strings.Contains(css, fmt.Sprintf(".chroma .%s{color:light-dark(%s,%s)}", p.class, p.light, p.dark)) {
			t.Errorf("no rule for .%s", p.class)
		}
		for _, bg := range []string{"#ffffff", "#f6f8fa"} {
			if c := contrast(t, p.light, bg); c < 4.5 {
				t.Errorf(".%s %s on %s: %.2f", p.class, p.light, bg, c)
			}
		}
		for _, bg := range []string{"#000000", "#161b22"} {
			if c := contrast(t, p.dark, bg); c < 4.5 {
				t.Errorf(".%s %s on %s: %.2f", p.class, p.dark, bg, c)
			}
		}
	}
}

// contrast is the contrast ratio of WCAG 2.
func contrast(t *testing.T, a, b string) float64 {
	la, lb := luminance(t, a), luminance(t, b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	var rgb [3]uint8
	if _, err := fmt.Sscanf(colour, "#%02x%02x%02x", &rgb[0], &rgb[1], &rgb[2]); err != nil {
		t.Fatal(colour, err)
	}
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		c := float64(rgb[i]) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}
