package scaffold

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"text/template"

	"github.com/signpost-dev/signpost/schema"
)

//go:embed all:starter
var starter embed.FS

// repository returns the files of a new catalog repository, sorted by path within
// each of its two parts: those of the starter, and the schemas for editors.
func repository(v values) ([]file, error) {
	var files []file
	err := fs.WalkDir(starter, "starter", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := render(name, v)
		files = append(files, file{strings.TrimPrefix(name, "starter/"), text})
		return err
	})
	if err != nil {
		return nil, err
	}
	schemas, err := editorSchemas()
	return append(files, schemas...), err
}

// render puts the organisation's words into a text. The delimiters leave GitHub's
// ${{ }} alone.
func render(name string, v values) ([]byte, error) {
	text, err := starter.ReadFile(name)
	if err != nil {
		return nil, err
	}
	t, err := template.New(name).Delims("[[", "]]").Option("missingkey=error").
		Funcs(template.FuncMap{"yaml": strconv.Quote}). // every escape that Quote makes of printable text is YAML's too
		Parse(string(text))
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := t.Execute(&b, v); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// editorSchemas are the two schemas that .vscode/settings.json names. `signpost
// schema --out .vscode/schemas` writes them anew, with the organisation's own
// fields and kinds.
func editorSchemas() ([]file, error) {
	set, err := schema.Compile(nil, nil)
	if err != nil {
		return nil, fmt.Errorf("compiling our schemas: %w", err)
	}
	var files []file
	for _, kind := range []string{"entity", "portal"} {
		text, err := set.JSON(kind)
		if err != nil {
			return nil, err
		}
		files = append(files, file{".vscode/schemas/" + kind + ".schema.json", text})
	}
	return files, nil
}
