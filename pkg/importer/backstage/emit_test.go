package backstage

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"

	"github.com/signpost-dev/signpost/pkg/source"
)

const mebibyte = 1 << 20

// foreign is what reads back every text, with characters that descriptors refuse.
var foreign = source.Limits{Bytes: 16 * mebibyte, Depth: 64, Nodes: 100_000, Keys: 5_000, Documents: 1, Foreign: true}

func readBack(t *testing.T, text []byte) any {
	t.Helper()
	docs, found := source.Decode("emitted.yaml", text, foreign)
	for _, d := range found {
		if d.Code != "source-hidden-character" {
			t.Fatalf("%s\nin\n%s", d.Message, text)
		}
	}
	if len(docs) != 1 {
		t.Fatalf("%d documents in\n%s", len(docs), text)
	}
	return treeOf(docs[0].Root)
}

func TestEmit(t *testing.T) {
	tree := object{
		{"name", "ledger"},
		{"version", "1.10"},
		{"answer", "no"},
		{"day", "2026-03-01"},
		{"port", number("8080")},
		{"managed", true},
		{"nothing", nil},
		{"none", []any{}},
		{"ref", "service:ledger"},
		{"channel", "slack:#ledger"},
		{"comment", "a #b"},
		{"text", "one\n\n  two: 2\n"},
		{"unended", "one\ntwo"},
		{"links", []any{object{{"title", "x: y"}, {"url", "https://example.com/#a"}}, object{}, []any{"a", []any{"b"}}}},
	}
	want := `name: ledger
version: "1.10"
answer: "no"
day: "2026-03-01"
port: 8080
managed: true
nothing: null
none: []
ref: service:ledger
channel: slack:#ledger
comment: "a #b"
text: |
  one

    two: 2
unended: |-
  one
  two
links:
  - title: "x: y"
    url: https://example.com/#a
  - {}
  -
    - a
    -
      - b
`
	got, err := emit(tree, mebibyte)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("emitted (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(any(tree), readBack(t, got), cmp.AllowUnexported(field{})); diff != "" {
		t.Errorf("read back (-want +got):\n%s", diff)
	}
}

// Whatever is written must come back, in every place where a text can stand.
func FuzzEmit(f *testing.F) {
	for _, s := range []string{
		"", " ", "a", "a ", " a", "\ta", "a\n", "\na", "a\n\n", "a\n b\n", "a\n\tb", "a\r\nb", "a\n \nb", "-", "- a", "?", "? a", ":", "a:", "a: b",
		"#", "a #b", "&a", "*a", "!a", "|", ">", "%a", "@a", "`a", "[a]", "{a: b}", "a, b", "'", `"`, `\`, "~", "null", "Yes", "on", "0x1F", "0644",
		"1e3", "1_000", "12:30", ".inf", "2001-12-14t21:59:43z", "<<", "=", "---", "---\na", "a\n---\nb", "...", "a\n...\n", "\u00a0", "\u0085", "\u2028",
		"\ufeff", "\u200b", "\u202e", "e\u0301", "日本", "👩‍💻", "\x00", "\x1b[31m", "\U0010ffff", strings.Repeat("x", 2000), "2fa-gateway",
		"# signpost:ignore owner-exists because\nb", "a # signpost:ignore tier-oncall x",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if strings.ToValidUTF8(s, "") != s || strings.ContainsRune(s, '\ufffd') {
			t.Skip("is not text that a source can hold")
		}
		s = norm.NFC.String(s)
		tree := object{{"a", s}, {"l", []any{s, object{{"k", s}, {"z", []any{s}}}}}, {"o", object{{"k", object{{"v", s}}}}}, {"z", "end"}}
		if len(s) < 500 {
			tree = append(tree, field{"key", object{{s, "v"}, {s + "2", object{{"n", s}}}}})
		}
		text, err := emit(tree, mebibyte)
		if err != nil {
			t.Skip(err)
		}
		if diff := cmp.Diff(any(tree), readBack(t, text), cmp.AllowUnexported(field{})); diff != "" {
			t.Fatalf("read back (-want +got):\n%s\nfrom\n%s", diff, text)
		}
	})
}

func TestEmitRandomTrees(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 2_000 {
		tree := object{{"a", randomTree(random, 5)}, {"b", randomTree(random, 5)}}
		text, err := emit(tree, mebibyte)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(any(tree), readBack(t, text), cmp.AllowUnexported(field{})); diff != "" {
			t.Fatalf("read back (-want +got):\n%s\nfrom\n%s", diff, text)
		}
	}
}

func randomTree(random *rand.Rand, depth int) any {
	kind := random.IntN(8)
	switch {
	case kind == 0 && depth > 0:
		l := make([]any, random.IntN(4))
		for i := range l {
			l[i] = randomTree(random, depth-1)
		}
		return l
	case kind <= 2 && depth > 0:
		o := make(object, 0, 4)
		for range random.IntN(4) {
			o.set(randomText(random), randomTree(random, depth-1))
		}
		return o
	case kind == 3:
		return []any{nil, true, false, number("12"), number("-1.5e3")}[random.IntN(5)]
	}
	return randomText(random)
}

func randomText(random *rand.Rand) string {
	const alphabet = "ab:# \n\t-?'\"\\{}[],&*!|>%@`~.0123eyno_=<\r\u00e9\u200b"
	runes := []rune(alphabet)
	text := make([]rune, random.IntN(10))
	for i := range text {
		text[i] = runes[random.IntN(len(runes))]
	}
	return string(text)
}

func TestEmitStopsWhereDescriptorsEnd(t *testing.T) {
	big := strings.Repeat("x", mebibyte/4)
	shared := []any{}
	for range 1000 {
		shared = append(shared, big) // 250 MiB if it were written out
	}
	if _, err := emit(object{{"a", shared}}, mebibyte); err != errTooLarge {
		t.Errorf("got %v, want errTooLarge", err)
	}
}
