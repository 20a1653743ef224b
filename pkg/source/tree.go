package source

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/signpost-dev/signpost/pkg/beneath"
	"github.com/signpost-dev/signpost/pkg/cache"
	"github.com/signpost-dev/signpost/pkg/diag"
)

// Tree is a folder that is read without leaving it: no path and no symbolic link
// leads outside. Its methods may be used by several goroutines at once, but for
// Prefix and Close.
type Tree struct {
	dir    *beneath.Dir
	path   string // as it was given to Open
	prefix string
	memory *cache.Cache // nil: nothing is kept
}

// Open opens a folder for reading. The caller closes the Tree.
func Open(dir string) (*Tree, error) {
	beneath, err := beneath.Open(dir)
	if err != nil {
		return nil, fmt.Errorf("opening folder: %w", err)
	}
	return &Tree{dir: beneath, path: dir}, nil
}

// Close releases the folder.
func (t *Tree) Close() error { return t.dir.Close() }

// Dir returns the folder as it was given to Open.
func (t *Tree) Dir() string { return t.path }

// Prefix sets what is put before every path in reports, such as "catalog/", so
// that places are relative to the Git root. It is called before all else.
func (t *Tree) Prefix(p string) {
	if p != "" && !strings.HasSuffix(p, "/") {
		p += "/"
	}
	t.prefix = p
}

// Name returns a path of the tree as reports show it, with the prefix.
func (t *Tree) Name(p string) string {
	if p == "." || p == "" {
		return path.Clean(t.prefix + ".")
	}
	return t.prefix + p
}

// FileType is what a file holds, by its extension.
type FileType uint8

// The types of files.
const (
	Other FileType = iota
	YAML
	Markdown
	Image
	Attachment // what a document may offer for reading elsewhere
)

var fileTypes = map[string]FileType{
	".yaml": YAML, ".yml": YAML,
	".md": Markdown, ".markdown": Markdown,
	".png": Image, ".jpg": Image, ".jpeg": Image, ".gif": Image, ".webp": Image, ".svg": Image,
	".pdf": Attachment, ".csv": Attachment, ".tsv": Attachment, ".txt": Attachment, ".log": Attachment, ".zip": Attachment,
	".docx": Attachment, ".xlsx": Attachment, ".pptx": Attachment, ".odt": Attachment, ".ods": Attachment, ".odp": Attachment,
}

// TypeOf returns the type of a file by the extension of its name, in any case.
func TypeOf(name string) FileType { return fileTypes[strings.ToLower(path.Ext(name))] }

// Read returns the content of a regular file of the tree. A file larger than
// limit bytes gives a *LimitError. Symbolic links are not followed to a file.
func (t *Tree) Read(p string, limit int64) ([]byte, error) {
	data, size, err := t.dir.ReadFile(p, limit)
	if err != nil {
		return nil, t.readError(p, err)
	}
	if size > limit {
		return nil, &LimitError{t.Name(p), size, limit}
	}
	return data, nil
}

// readError is an error without the name of the folder in it, which differs from
// machine to machine.
func (t *Tree) readError(p string, err error) error {
	if pe := (*fs.PathError)(nil); errors.As(err, &pe) {
		err = pe.Err
	}
	return fmt.Errorf("reading %s: %w", t.Name(p), err)
}

// finding is what there is to say about a whole file or folder of the tree.
func (t *Tree) finding(p, code, message, hint string) diag.Diagnostic {
	return diag.Diagnostic{
		Span: diag.Span{File: t.Name(p)}, Severity: diag.Error, Code: code, Message: message, Hint: hint,
	}
}
