package htmlexec

import (
	"bytes"
	"html/template"
	"io"
	"strings"
	"testing"
	"time"
)

type inner struct {
	Text string
	N    int
	HTML template.HTML
}

func (i inner) Twice() string          { return i.Text + i.Text }
func (i *inner) Pointed() string       { return "pointed" }
func (i inner) Fails() (string, error) { return "", io.ErrUnexpectedEOF }

type kind string

type view struct {
	inner
	Word  kind
	Href  string
	When  time.Time
	Inner inner
	Ptr   *inner
	Nil   *inner
	Any   any
	List  []inner
	Texts []string
	Empty []string
	Yes   bool
}

var funcs = template.FuncMap{
	"upper": strings.ToUpper,
	"bold":  func(s string) template.HTML { return template.HTML("<b>" + template.HTMLEscapeString(s) + "</b>") },
	"attr":  func(s string) template.HTMLAttr { return ` rel="x"` },
	"iso":   func(t time.Time) string { return t.Format(time.DateOnly) },
	"join":  func(a, b string, n int) string { return a + b + strings.Repeat("!", n) },
	"name":  func(i inner) string { return i.Text },
	"is":    func(s string) bool { return s != "" },
}

func sample(text string) view {
	return view{
		inner: inner{Text: text, N: 7}, Word: kind(text), Href: text, When: time.Unix(1e9, 0).UTC(),
		Inner: inner{text, -3, "<i>safe</i>"}, Ptr: &inner{Text: text}, Any: inner{Text: text, N: 1},
		List: []inner{{Text: text}, {Text: "b", N: 2}, {Text: "c", N: 3}}, Texts: []string{text, "", "z"}, Yes: true,
	}
}

// What is written must be what html/template writes, whatever the text.
var templates = []string{
	`{{.Text}} {{.Word}} {{.N}} {{.Yes}} {{.Inner.HTML}} {{.Ptr.Text}} {{.When}} {{.Any.N}}`,
	`<p title="{{.Text}}" data-x="a {{.Text}}" class="{{if .Yes}}on{{end}}">{{.Text}}</p>`,
	`<a href="{{.Href}}"{{attr .Href}}>x</a><a href="#{{.Text}}">y</a><a href="{{.Text}}/{{.Text}}?q={{.Text}}">z</a><img src="{{.Href}}">`,
	`<title>{{.Text}}</title>`,
	`{{if .Yes}}{{if not .Nil}}none{{end}}{{else}}no{{end}}{{if and .Yes .Empty}}x{{else if or .Empty .Text}}y{{end}}`,
	`{{with .Nil}}x{{else}}nil{{end}}{{with .Ptr}}{{.Text}}{{end}}{{with $x := .Inner}}{{$x.N}}{{.N}}{{$.N}}{{end}}`,
	`{{range .List}}[{{.Text}}{{.Twice}}{{$.Text}}]{{end}}{{range .Empty}}x{{else}}empty{{end}}`,
	`{{range $i, $e := .Texts}}{{if $i}}, {{end}}{{$i}}{{$e}}{{end}}{{range $e := .List}}{{$e.N}}{{end}}`,
	`{{$a := .Text}}{{if .Yes}}{{$a := "inner"}}{{$a}}{{$a = "set"}}{{$a}}{{end}}{{$a}}`,
	`{{define "part"}}({{.}}{{$}}){{end}}{{define "deep"}}{{range .}}{{template "part" .}}{{end}}{{end}}{{template "part" .Text}}{{template "deep" .Texts}}{{template "part"}}`,
	`{{upper .Text}}{{.Text | upper}}{{bold .Text}}{{iso .When}}{{join .Text "b" 2}}{{name .Inner}}{{name .Any}}{{(name .Inner)}}`,
	`{{len .List}}{{len .Text}}{{if lt 1 (len .List)}}<{{end}}{{if ge .N 8}}x{{else}}small{{end}}{{if eq .Text "a"}}a{{end}}{{if ne .Word "a"}}b{{end}}{{if is .Text}}is{{end}}`,
	`{{/* nothing */}}{{"quoted <x>"}}{{true}}{{12}}{{- "trim" -}} x`,
	`{{.Twice}}{{(index .Texts 0)}}`, // index is not compiled
}

var texts = []string{
	"", "a", "plain text", `<script>alert("1" + '2')</script>`, "a&amp;b\x00c", "javascript:alert(1)", "https://x.example/a b?c=d&e=é#f(g)'h'",
	"mailto:a@b", "//host/path", "100%", "%41%zz%", "שלום \u200f", "slack://x", "a/b:c", "ZZ:", "\u2028+`{}|\\^",
}

func TestSameAsHTMLTemplate(t *testing.T) {
	compiled := 0
	for _, text := range templates {
		set := template.Must(template.New("t").Funcs(funcs).Parse(text))
		if err := set.Execute(io.Discard, sample("x")); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		program, err := Compile(set, funcs, "t")
		if err != nil {
			if !strings.Contains(text, "index") {
				t.Errorf("%s: %v", text, err)
			}
			continue
		}
		compiled++
		for _, s := range texts {
			same(t, set, program, s)
		}
	}
	if compiled != len(templates)-1 {
		t.Errorf("%d of %d templates were compiled", compiled, len(templates))
	}
}

func same(t *testing.T, set *template.Template, program *Program, text string) {
	t.Helper()
	var want, got bytes.Buffer
	if err := set.Execute(&want, sample(text)); err != nil {
		t.Fatal(err)
	}
	if err := program.ExecuteTemplate(&got, "t", sample(text)); err != nil {
		t.Errorf("%s with %q: %v", set.Tree.Root, text, err)
	} else if want.String() != got.String() {
		t.Errorf("%s with %q\n got %s\nwant %s", set.Tree.Root, text, &got, &want)
	}
}

// What html/template refuses, or treats otherwise than text, is refused.
func TestRefuses(t *testing.T) {
	for text, data := range map[string]any{
		`{{.Missing}}`:                            sample("x"),
		`{{.Nil.Text}}`:                           sample("x"),
		`{{.Fails}}`:                              sample("x"),
		`{{range .N}}{{end}}`:                     struct{ N string }{"x"},
		`<p title="{{.HTML}}">`:                   inner{HTML: "<i>"},
		`<a href="{{.}}">x</a>`:                   template.URL("javascript:x"),
		`{{define "t"}}{{template "t" .}}{{end}}`: 1,
		`{{upper .}}`:                             1,
		`{{if eq . "a"}}{{end}}`:                  1,
	} {
		set := template.Must(template.New("t").Funcs(funcs).Parse(text))
		warm := data
		if strings.Contains(text, "define") {
			warm = nil
		}
		if warm != nil {
			_ = set.Execute(io.Discard, data) // escapes it, whether or not it fails
		}
		program, err := Compile(set, funcs, "t")
		if err == nil {
			err = program.ExecuteTemplate(new(bytes.Buffer), "t", data)
		}
		if err == nil {
			t.Errorf("%s was executed", text)
		}
	}
}

func TestRefusesWhatIsNotEscaped(t *testing.T) {
	set := template.Must(template.New("t").Parse(`{{.}}`))
	if _, err := Compile(set, nil, "t"); err == nil {
		t.Error("a template that was never executed, and so is not escaped, was compiled")
	}
}

func FuzzSameAsHTMLTemplate(f *testing.F) {
	for _, s := range texts {
		f.Add(s)
	}
	var sets []*template.Template
	var programs []*Program
	for _, text := range templates[:4] {
		set := template.Must(template.New("t").Funcs(funcs).Parse(text))
		if err := set.Execute(io.Discard, sample("x")); err != nil {
			f.Fatal(err)
		}
		program, err := Compile(set, funcs, "t")
		if err != nil {
			f.Fatal(err)
		}
		sets, programs = append(sets, set), append(programs, program)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for i := range sets {
			same(t, sets[i], programs[i], s)
		}
	})
}
