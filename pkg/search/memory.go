package search

import (
	"bytes"
	"io/fs"
	"time"
)

// Index writes the index to memory and opens it, for a command that answers one
// query and writes no site. Like Files it is called once, after everything was added.
func (b *Builder) Index() (*Index, error) {
	files, err := b.Files()
	if err != nil {
		return nil, err
	}
	m := memory{}
	for path, data := range files {
		m[path] = data
	}
	return Open(m)
}

// memory is files by path.
type memory map[string][]byte

// ReadFile implements fs.ReadFileFS.
func (m memory) ReadFile(path string) ([]byte, error) {
	data, ok := m[path]
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: path, Err: fs.ErrNotExist}
	}
	return data, nil
}

// Open implements fs.FS.
func (m memory) Open(path string) (fs.File, error) {
	data, err := m.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return &memoryFile{bytes.NewReader(data), path}, nil
}

type memoryFile struct {
	*bytes.Reader
	path string
}

func (f *memoryFile) Close() error               { return nil }
func (f *memoryFile) Stat() (fs.FileInfo, error) { return f, nil }
func (f *memoryFile) Name() string               { return f.path }
func (f *memoryFile) Mode() fs.FileMode          { return 0o444 }
func (f *memoryFile) ModTime() time.Time         { return time.Time{} }
func (f *memoryFile) IsDir() bool                { return false }
func (f *memoryFile) Sys() any                   { return nil }
