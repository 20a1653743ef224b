package safehtml

import (
	"bytes"
	"html/template"
	"io"
)

// Templates are a set of html/template's templates, or what was compiled from one: what
// they draw is escaped for the text of a page.
type Templates interface {
	ExecuteTemplate(w io.Writer, name string, data any) error
}

// Draw executes a template by its name and returns what it has drawn, to be put
// into the text of a page.
func Draw(t Templates, name string, data any) (template.HTML, error) {
	var drawn bytes.Buffer
	if err := t.ExecuteTemplate(&drawn, name, data); err != nil {
		return "", err
	}
	return template.HTML(drawn.String()), nil
}
