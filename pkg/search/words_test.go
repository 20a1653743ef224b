package search

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// wordCases is also run in a browser, which must cut the same words.
var wordCases = []struct {
	text string
	want []string
}{
	{"Payments API", []string{"payments", "api"}},
	{"payments-api_v2.1", []string{"payments", "api", "v2", "1"}},
	{"Tomás Übergrößenträger", []string{"tomas", "ubergroßentrager"}},
	{"ΟΔΥΣΣΕΥΣ ς", []string{"οδυσσευσ", "σ"}},
	{"İstanbul ﬁle ①", []string{"istanbul", "file", "1"}},
	{"注文 サービス v1", []string{"注", "文", "サ", "ー", "ヒ", "ス", "v1"}},
	{"пайплайн №5", []string{"паиплаин", "no5"}},
	{"a𝒳b 🚀 𠮷c", []string{"axb", "c"}},
	{"x" + strings.Repeat("y", 50), []string{"x" + strings.Repeat("y", 39), strings.Repeat("y", 11)}},
	{"  \t…—", nil},
}

func TestWords(t *testing.T) {
	for _, c := range wordCases {
		if diff := cmp.Diff(c.want, words(c.text)); diff != "" {
			t.Errorf("words of %q (-want +got):\n%s", c.text, diff)
		}
	}
}

func TestStem(t *testing.T) {
	for w, want := range map[string]string{
		"payments": "payment", "policies": "policy", "boxes": "box", "addresses": "address", "batches": "batch", "caches": "cache",
		"status": "status", "redis": "redis", "access": "access", "dns": "dns", "ies": "ies", "s": "s", "services": "service",
	} {
		if got := stem(w); got != want {
			t.Errorf("stem(%q) = %q, want %q", w, got, want)
		}
	}
}

// The banded distance is the textbook's as far as the limit.
func TestDistance(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	for range 20_000 {
		a, b := randomWord(rnd), randomWord(rnd)
		for limit := range 4 {
			for _, prefix := range []bool{false, true} {
				want := min(textbookDistance(a, b, prefix), limit+1)
				if got := distance([]rune(a), []rune(b), limit, prefix); got != want {
					t.Fatalf("distance(%q, %q, %d, %v) = %d, want %d", a, b, limit, prefix, got, want)
				}
			}
		}
	}
}

func randomWord(rnd *rand.Rand) string {
	w := make([]byte, rnd.IntN(8))
	for i := range w {
		w[i] = "abc"[rnd.IntN(3)]
	}
	return string(w)
}

func textbookDistance(a, b string, prefix bool) int {
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		for j := range d[i] {
			switch {
			case i == 0 || j == 0:
				d[i][j] = i + j
			case a[i-1] == b[j-1]:
				d[i][j] = d[i-1][j-1]
			default:
				d[i][j] = 1 + min(d[i-1][j-1], d[i-1][j], d[i][j-1])
				if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
					d[i][j] = min(d[i][j], 1+d[i-2][j-2])
				}
			}
		}
	}
	if prefix {
		return slices.Min(d[len(a)])
	}
	return d[len(a)][len(b)]
}

func TestParseRequest(t *testing.T) {
	columns := map[string]string{"costcentre": ".costCentre"}
	kinds := map[string]string{"service": "service", "team": "team"}
	for query, want := range map[string]request{
		"":                                   {},
		"Payments API":                       {words: []string{"payments", "api"}, typing: true},
		"payments ":                          {words: []string{"payments"}},
		`owner:payments tier:1`:              {filters: []filter{{"owner", []string{"payments"}}, {"tier", []string{"1"}}}},
		`system:"Order Management" api`:      {filters: []filter{{"system", []string{"Order Management"}}}, words: []string{"api"}, typing: true},
		`tag:a,b tag:c`:                      {filters: []filter{{"tag", []string{"a", "b", "c"}}}},
		`@payments #help :pci`:               {filters: []filter{{"team", []string{"payments"}}, {"channel", []string{"help"}}, {"tag", []string{"pci"}}}},
		`service:payments-api`:               {filters: []filter{{"kind", []string{"service"}}}, words: []string{"payments", "api"}},
		`team:payments`:                      {filters: []filter{{"team", []string{"payments"}}}},
		`Cost-Centre:CC-1`:                   {filters: []filter{{".costCentre", []string{"CC-1"}}}},
		`http://x owner:`:                    {words: []string{"http", "x"}},
		`"card payments"`:                    {words: []string{"card", "payments"}},
		"“card payments":                     {words: []string{"card", "payments"}, typing: true},
		`owner:"unfinished value`:            {filters: []filter{{"owner", []string{"unfinished value"}}}},
		strings.Repeat("a ", 40):             {words: strings.Fields(strings.Repeat("a ", 12))},
		strings.Repeat("x", 300) + " tier:1": {words: words(strings.Repeat("x", 256)), typing: true},
	} {
		got := parseRequest(query, columns, kinds)
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(request{}, filter{})); diff != "" {
			t.Errorf("%q (-want +got):\n%s", query, diff)
		}
	}
}
