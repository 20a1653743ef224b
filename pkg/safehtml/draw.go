package safehtml

import (
	"html/template"
	"strings"
)

// Draw executes a template by its name and returns what it has drawn, to be put
// into the text of a page: html/template has escaped it for that place already.
func Draw(t *template.Template, name string, data any) (template.HTML, error) {
	var drawn strings.Builder
	if err := t.ExecuteTemplate(&drawn, name, data); err != nil {
		return "", err
	}
	return template.HTML(drawn.String()), nil
}
