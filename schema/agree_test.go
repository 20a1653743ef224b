package schema

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/source"
)

// What editors load, what the quick checks know and what Check says must agree on
// every input: the published schemas of each kind and of all kinds, the document
// that the validator runs, and the findings.
func TestAllWaysAgree(t *testing.T) {
	names, err := filepath.Glob("testdata/check/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no cases (%v)", err)
	}
	for _, name := range names {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		s := ownSet(t, fileIn(archive, "own.yaml"))
		published := publishedSchemas(t, s)
		for _, f := range archive.Files {
			if !strings.HasSuffix(f.Name, ".yaml") || f.Name == "own.yaml" || f.Name == "signpost.yaml" || f.Name == "front.yaml" {
				continue
			}
			docs, _ := source.Decode(f.Name, f.Data, source.DescriptorLimits)
			for _, doc := range docs {
				agree(t, s, published, doc.Root)
			}
		}
	}
	s := compiled(t, nil, nil)
	published := publishedSchemas(t, s)
	for _, text := range variants(typical) {
		docs, ds := source.Decode("in.yaml", []byte(text), source.DescriptorLimits)
		if len(ds) == 0 && len(docs) == 1 {
			agree(t, s, published, docs[0].Root)
		}
	}
}

func publishedSchemas(t *testing.T, s *Set) map[string]*jsonschema.Schema {
	byKind := map[string]*jsonschema.Schema{}
	for _, name := range append(s.Kinds(), entityKind) {
		text, err := s.JSON(name)
		if err != nil {
			t.Fatal(err)
		}
		vs, err := compile(base+name+".schema.json", text)
		if err != nil {
			t.Fatalf("published schema %s: %v", name, err)
		}
		byKind[name] = vs[0]
	}
	return byKind
}

func agree(t *testing.T, s *Set, published map[string]*jsonschema.Schema, n *source.Node) {
	t.Helper()
	kind := n.Field("kind").Text()
	findings := s.Check(kind, n)
	right := true
	for _, d := range findings {
		right = right && d.Severity != diag.Error
	}
	verdicts := map[string]bool{}
	if _, known := published[kind]; known {
		failure, err := validate(published[kind], n.Value())
		verdicts["published "+kind] = failure == nil && err == nil
		if v := s.models[kind].quick(n); v != unsure {
			verdicts["quick"] = v == valid
		}
	}
	failure, err := validate(published[entityKind], n.Value())
	verdicts["published entity"] = failure == nil && err == nil
	for way, verdict := range verdicts {
		if verdict != right {
			t.Errorf("%s says valid is %v, Check says %v\nfor %v", way, verdict, findings, n.Value())
		}
	}
}

// variants are texts that differ from a good one in one place: a line left out,
// or one word replaced.
func variants(text string) []string {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	all := []string{text}
	for i, line := range lines {
		without := append(append([]string{}, lines[:i]...), lines[i+1:]...)
		all = append(all, strings.Join(without, "\n"))
		for _, field := range strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(" ,{}[]", r) }) {
			for _, other := range []string{"12", "[x]", "{a: b}", "true", "a b", "1.0", `""`, "null", "https://example.com", "service:x"} {
				changed := append([]string{}, lines...)
				changed[i] = strings.Replace(line, field, other, 1)
				all = append(all, strings.Join(changed, "\n"))
			}
		}
	}
	return all
}

// The pattern of a reference is for editors, the format for us: they must accept
// the same.
func TestReferencePatternMeansTheFormat(t *testing.T) {
	doc := object{"$schema": dialect, "type": "string", "pattern": childMap(childMap(load("common"), "$defs"), "ref")["pattern"]}
	text, err := encode(doc)
	if err != nil {
		t.Fatal(err)
	}
	vs, err := compile("signpost:pattern", text)
	if err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("a", 63)
	parts := []string{"", "a", "A.b-c_d", "-a", "a-", ".", "ä", "a b", long, long + "a", "1", "a_", "team", "_"}
	tried, accepted := 0, 0
	for _, kind := range parts {
		for _, namespace := range parts {
			for _, name := range parts {
				for _, form := range []string{"%s:%s/%s", "%[2]s/%[3]s", "%[1]s:%[3]s", "%[3]s", "%s/%s:%s", "%s:%s:%s", "%s/%s/%s"} {
					ref := fmt.Sprintf(form, kind, namespace, name)
					ref, _, _ = strings.Cut(ref, "%!(EXTRA")
					byPattern := vs[0].Validate(ref) == nil
					if byPattern != isRef(ref) {
						t.Fatalf("%q: the pattern says %v, the format %v", ref, byPattern, isRef(ref))
					}
					tried++
					if byPattern {
						accepted++
					}
				}
			}
		}
	}
	if accepted == 0 || accepted == tried {
		t.Errorf("%d of %d accepted: the test tells nothing", accepted, tried)
	}
}

func TestFormats(t *testing.T) {
	tests := []struct {
		format    string
		good, bad []string
	}{
		{"date", []string{"2026-03-31", "2024-02-29"}, []string{"", "2026-02-29", "2026-3-31", "2026-03-31T00:00:00Z", "31.03.2026", " 2026-03-31"}},
		{
			"date-time",
			[]string{"2026-03-31T14:00:00Z", "2026-03-31t14:00:00z", "2026-03-31T14:00:00.123+02:00"},
			[]string{"2026-03-31", "2026-03-31T14:00:00", "2026-03-31 14:00:00Z", "2026-03-31T24:00:00Z", "2026-03-31T4:00:00Z", "2026-03-31T4:00:00+00:00", "2026-03-31T14:00:00,5Z"},
		},
		{
			"signpost-time",
			[]string{"2026-12-24T09:00", "2026-12-24T09:00:30", "2026-12-24T09:00:00+01:00"},
			[]string{"2026-12-24", "2026-12-24 09:00", "2026-12-24T9:00", "2026-12-24T25:00", "tomorrow", "2026-12-24T09:00:00.5"},
		},
		{
			"email",
			[]string{"a@b.co", "first.last+tag@example.com", "jörg@bücher.example"},
			[]string{"", "a", "@b.co", "a@", "a@b", "a b@c.de", "a@b..co", ".a@b.co", "a@b.co.", "a@b@c.de", `"a"@b.co`, "a@[127.0.0.1]", "Ada <a@b.co>"},
		},
		{
			"uri",
			[]string{"https://example.com", "http://localhost:8080/a?b=c#d", "mailto:a@b.co", "https://[::1]/", "https://example.com/%20"},
			[]string{"", "example.com", "/path", "https://", "https:///path", "https://exa mple.com", "https://a/<b>", "http:", "https://a/%zz", "https://a/\n", ":", "//host/x"},
		},
	}
	for _, test := range tests {
		valid := formats[test.format].valid
		for _, s := range test.good {
			if !valid(s) {
				t.Errorf("%s: %q is refused", test.format, s)
			}
		}
		for _, s := range test.bad {
			if valid(s) {
				t.Errorf("%s: %q is accepted", test.format, s)
			}
		}
		if !valid(12) {
			t.Errorf("%s: judges what is not text", test.format)
		}
	}
}

// Every property of every schema is explained to the person who edits YAML.
func TestEveryPropertyIsExplained(t *testing.T) {
	names, err := filepath.Glob("*.schema.json")
	if err != nil || len(names) < 13 {
		t.Fatalf("found schemas %v (%v)", names, err)
	}
	common := load("common")
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := decode(text)
		if err != nil {
			t.Fatal(err)
		}
		walk(doc, "", func(at string, s object) {
			for _, sub := range subschemas(s, "properties") {
				explained := sub.schema.(object)
				if ref, ok := explained["$ref"].(string); ok {
					ref = "#" + ref[strings.Index(ref, "#")+1:]
					target, _ := resolve(common, ref)
					if follow(common, target, "description") != nil {
						continue
					}
				}
				if explained["title"] == nil || explained["description"] == nil {
					t.Errorf("%s: %s%s has no title or description", name, at, sub.at)
				}
			}
			for keyword := range s {
				if _, known := keywords[keyword]; !known && !strings.HasPrefix(keyword, "x-") {
					t.Errorf("%s: %s: unknown keyword %q", name, at, keyword)
				}
			}
		})
	}
}
