package generate

import "fmt"

// languages are the writers of code blocks, by what stands behind the fence.
var languages = []struct {
	name  string
	write func(w *writer, r *random, service string)
}{
	{"bash", (*writer).shell},
	{"yaml", (*writer).yaml},
	{"json", (*writer).json},
	{"sql", (*writer).sql},
	{"hcl", (*writer).hcl},
	{"go", (*writer).golang},
}

// code writes a block of code in one of the languages of operators. Hardly two are alike,
// so that nothing is gained by remembering how one is highlighted.
func (w *writer) code(r *random, service int) {
	language := languages[r.below(len(languages))]
	fmt.Fprintf(&w.text, "```%s\n", language.name)
	language.write(w, r, serviceName(service))
	w.text.WriteString("```\n\n")
	w.shape.CodeBlocks++
}

func (w *writer) shell(r *random, service string) {
	for range r.between(2, 4) {
		fmt.Fprintf(&w.text, "kubectl --namespace %s %s %s/%s --%s=%d \\\n  | grep '%s' # %s %s\n", service, r.of(verbs),
			r.of(things), r.of(things), r.of(things), r.between(1, 999), r.of(adjectives), r.of(verbs), r.of(things))
	}
}

func (w *writer) yaml(r *random, service string) {
	fmt.Fprintf(&w.text, "service: %s\n%s:\n", service, r.of(things))
	for range r.between(3, 6) {
		fmt.Fprintf(&w.text, "  - name: %s-%d\n    %s: \"%s\"\n    enabled: true\n", r.of(things), r.below(100), r.of(things), r.of(adjectives))
	}
}

func (w *writer) json(r *random, service string) {
	fmt.Fprintf(&w.text, "{\n  \"service\": %q,\n", service)
	for i := range r.between(3, 6) {
		fmt.Fprintf(&w.text, "  \"%s%d\": {\"%s\": %d, \"state\": %q},\n", r.of(things), i, r.of(things), r.below(5000), r.of(adjectives))
	}
	w.text.WriteString("  \"dryRun\": false\n}\n")
}

func (w *writer) sql(r *random, service string) {
	fmt.Fprintf(&w.text, "-- %s, read only\nSELECT %s_id, count(*) AS %s, max(%s_at)\nFROM   %s\nWHERE  state = '%s'\n", service,
		r.of(things), r.of(things), r.of(things), r.of(things), r.of(adjectives))
	for range r.between(1, 4) {
		fmt.Fprintf(&w.text, "  AND  %s_%s > %d\n", r.of(things), r.of(things), r.below(5000))
	}
	fmt.Fprintf(&w.text, "GROUP  BY 1\nORDER  BY 2 DESC\nLIMIT  %d;\n", r.between(5, 100))
}

func (w *writer) hcl(r *random, service string) {
	fmt.Fprintf(&w.text, "resource \"%s_%s\" \"%s\" {\n", r.of(things), r.of(things), service)
	for range r.between(2, 4) {
		fmt.Fprintf(&w.text, "  %s_%s = %d\n  %s = \"%s\"\n", r.of(things), r.of(things), r.below(5000), r.of(things), r.of(adjectives))
	}
	w.text.WriteString("}\n")
}

func (w *writer) golang(r *random, service string) {
	fmt.Fprintf(&w.text, "// %s in %s\nfunc (s *server) %s(ctx context.Context) error {\n", r.of(adjectives), service, titled(r.of(verbs)))
	for range r.between(2, 5) {
		fmt.Fprintf(&w.text, "\tif err := s.%s.%s(ctx, %d); err != nil {\n\t\treturn fmt.Errorf(\"%s %s: %%w\", err)\n\t}\n",
			r.of(things), titled(r.of(verbs)), r.below(5000), r.of(verbs), r.of(things))
	}
	w.text.WriteString("\treturn nil\n}\n")
}
