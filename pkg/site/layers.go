package site

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
)

// Layers joins file systems: a file is taken from the first that has it, and a
// folder lists the files of all. So a user's folder in front of the embedded
// templates replaces single files and leaves the rest.
func Layers(layers ...fs.FS) fs.FS { return layered(layers) }

type layered []fs.FS

// Open opens the first file of that name. An error other than "does not exist"
// stops the search: a file that cannot be read must not be replaced in silence.
func (l layered) Open(name string) (fs.File, error) {
	for _, layer := range l {
		f, err := layer.Open(name)
		if err == nil || !errors.Is(err, fs.ErrNotExist) {
			return f, err
		}
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// ReadDir lists a folder of all layers, sorted by name.
func (l layered) ReadDir(name string) ([]fs.DirEntry, error) {
	var all []fs.DirEntry
	found := false
	for _, layer := range l {
		entries, err := fs.ReadDir(layer, name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		found = true
		all = append(all, entries...)
	}
	if !found {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: fs.ErrNotExist}
	}
	byName := func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) }
	slices.SortStableFunc(all, byName)
	return slices.CompactFunc(all, func(a, b fs.DirEntry) bool { return a.Name() == b.Name() }), nil
}
