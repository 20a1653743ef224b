package schema

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/signpost-dev/signpost/internal/costs"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/source"
)

var update = flag.Bool("update", false, "rewrite the expected findings under testdata")

// TestCheck holds each archive under testdata/check against the findings in it:
// the inputs come first, then want.txt with what Check says of them, with the
// repaired text of all fixes after that. own.yaml declares own fields and kinds.
func TestCheck(t *testing.T) {
	names, err := filepath.Glob("testdata/check/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no cases under testdata/check (%v)", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			got := replay(t, archive)
			if *update {
				rewrite(t, name, archive, got)
				return
			}
			if diff := cmp.Diff(string(fileIn(archive, "want.txt")), got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

func fileIn(a *txtar.Archive, name string) []byte {
	for _, f := range a.Files {
		if f.Name == name {
			return f.Data
		}
	}
	return nil
}

func replay(t *testing.T, archive *txtar.Archive) string {
	var out strings.Builder
	set := ownSet(t, fileIn(archive, "own.yaml"))
	for _, f := range archive.Files {
		if f.Name == "own.yaml" || f.Name == "want.txt" {
			continue
		}
		var all []diag.Diagnostic
		docs, ds := source.Decode(f.Name, f.Data, source.DescriptorLimits)
		if len(ds) > 0 {
			t.Fatalf("%s does not parse: %v", f.Name, ds)
		}
		for _, doc := range docs {
			kind := doc.Root.Field("kind").Text()
			switch f.Name {
			case "signpost.yaml":
				kind = portalKind
			case "front.yaml":
				kind = documentKind
			}
			all = append(all, set.Check(kind, doc.Root)...)
		}
		print(t, &out, f.Name, f.Data, all)
	}
	return out.String()
}

func print(t *testing.T, out *strings.Builder, name string, text []byte, ds []diag.Diagnostic) {
	var b bytes.Buffer
	r := diag.Report{Diagnostics: ds, Source: func(string) []byte { return text }}
	if err := diag.Write(&b, "text", false, r); err != nil {
		t.Fatal(err)
	}
	out.Write(b.Bytes())
	before, after := strings.Split(string(text), "\n"), strings.Split(fixed(string(text), ds), "\n")
	for i := range after {
		if before[i] != after[i] {
			out.WriteString(name + " fixed: " + after[i] + "\n")
		}
	}
}

// fixed applies all fixes, the last first so that places stay right. Fixes of ours
// stay within a line.
func fixed(text string, ds []diag.Diagnostic) string {
	lines := strings.Split(text, "\n")
	ds = diag.Sort(append([]diag.Diagnostic(nil), ds...))
	for i := len(ds) - 1; i >= 0; i-- {
		for _, e := range ds[i].Fix {
			line := []rune(lines[e.Span.Start.Line-1])
			lines[e.Span.Start.Line-1] = string(line[:e.Span.Start.Col-1]) + e.New + string(line[e.Span.End.Col-1:])
		}
	}
	return strings.Join(lines, "\n")
}

// ownSet reads declarations as signpost.yaml holds them.
func ownSet(t *testing.T, text []byte) *Set {
	if len(text) == 0 {
		return compiled(t, nil, nil)
	}
	fields, kinds := declared(t, string(text))
	return compiled(t, fields, kinds)
}

func declared(t *testing.T, text string) ([]Field, []OwnKind) {
	root := parse(t, text)
	var fields []Field
	for _, f := range root.Field("fields").Children() {
		field := Field{Name: f.Name(), Title: f.Field("title").Text(), Required: f.Field("required").Text() == "true", Schema: f.Field("schema").Value()}
		field.Kinds = texts(f.Field("kinds"))
		fields = append(fields, field)
	}
	var kinds []OwnKind
	for _, k := range root.Field("kinds").Children() {
		kind := OwnKind{
			Name: k.Field("name").Text(), Plural: k.Field("plural").Text(), Title: k.Field("title").Text(),
			Owned: k.Field("owned").Text() != "false", Schema: k.Field("schema").Value(), Relations: map[string]Relation{},
		}
		for _, r := range k.Field("relations").Children() {
			kind.Relations[r.Name()] = Relation{Title: r.Field("title").Text(), To: texts(r.Field("to")), Many: r.Field("many").Text() == "true"}
		}
		kinds = append(kinds, kind)
	}
	return fields, kinds
}

func texts(n *source.Node) []string {
	var list []string
	for _, c := range n.Children() {
		list = append(list, c.Text())
	}
	return list
}

func rewrite(t *testing.T, name string, archive *txtar.Archive, want string) {
	files := archive.Files[:0]
	for _, f := range archive.Files {
		if f.Name != "want.txt" {
			files = append(files, f)
		}
	}
	archive.Files = append(files, txtar.File{Name: "want.txt", Data: []byte(want)})
	if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestCheckFromSeveralGoroutines(t *testing.T) {
	s := compiled(t, nil, nil)
	good := parse(t, typical)
	bad := parse(t, strings.Replace(typical, "tier: 1", "tier: 9", 1))
	want := s.Check("service", bad)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 20 {
				if ds := s.Check("service", good); len(ds) > 0 {
					t.Errorf("got %v, want no findings", ds)
				}
				if diff := cmp.Diff(want, s.Check("service", bad)); diff != "" {
					t.Errorf("findings differ from run to run:\n%s", diff)
				}
			}
		})
	}
	wg.Wait()
	if len(want) != 1 {
		t.Errorf("got %v, want one finding", want)
	}
}

func TestCheckSurvivesWhatIsNoDescriptor(t *testing.T) {
	s := compiled(t, nil, nil)
	for _, kind := range append(s.Kinds(), portalKind, documentKind, "", "nothing") {
		for _, text := range []string{"- a", "text", "null", "12", "{}"} {
			ds := s.Check(kind, parse(t, text))
			if len(ds) == 0 && !(kind == documentKind && text == "{}") {
				t.Errorf("kind %q accepts %s", kind, text)
			}
		}
		if len(s.Check(kind, nil)) == 0 {
			t.Errorf("kind %q accepts what is not there", kind)
		}
	}
}

// A file that holds as many mistakes as the limits allow is still judged soon.
func TestCheckIsBoundedOnHostileInput(t *testing.T) {
	var keys, items, deep strings.Builder
	for i := range 4900 {
		fmt.Fprintf(&keys, "  environmenx%d: x\n", i)
		fmt.Fprintf(&items, "  - [a, %d]\n", i)
		fmt.Fprintf(&deep, "  e%d: {urk: 1, b: 2}\n", i)
	}
	text := "apiVersion: signpost.dev/v1\nkind: service\nname: a\nowner: team:a\ncost: {budget: 1}\nmetadata:\n" + keys.String() +
		"dependsOn:\n" + items.String() + "environments:\n" + deep.String()
	n := parse(t, text)
	s := compiled(t, nil, nil)
	var ds []diag.Diagnostic
	costs.Within(t, "checking", costs.Limit{Time: 2 * time.Second}, func() { ds = s.Check("service", n) })
	if len(ds) < 4900*3 {
		t.Errorf("got %d findings, want one for each mistake", len(ds))
	}
	long := parse(t, "tags: ["+strings.Repeat("a, ", maxItems)+"b]")
	want := "the list has 5001 items; at most 5000 are allowed"
	if ds := s.Check("service", long); len(ds) != 1 || ds[0].Message != want {
		t.Errorf("got %v, want %s", ds, want)
	}
}

func BenchmarkCheckFindings(b *testing.B) {
	s, n := compiled(b, nil, nil), parse(b, strings.Replace(typical, "tier: 1", "teir: 1", 1))
	for b.Loop() {
		if ds := s.Check("service", n); len(ds) != 1 {
			b.Fatal(ds)
		}
	}
}
