package scaffold

import (
	"errors"
	"os"
	"path/filepath"
)

// file is a file to write. Its path is slash-separated.
type file struct {
	path string
	text []byte
}

// place makes a folder with files that is seen whole or not at all.
func place(dir string, files []file) error {
	parent := filepath.Dir(dir)
	if err := os.MkdirAll(parent, 0o777); err != nil {
		return err
	}
	return staged(parent, files, func(tree string) error { return os.Rename(tree, dir) })
}

// fill moves files into a folder that exists. They are staged in it, since it may
// be the top of a file system, and moved by their topmost folders; if one cannot
// be moved, those before it are taken back.
func fill(dir string, files []file) error {
	return staged(dir, files, func(tree string) error {
		entries, err := os.ReadDir(tree)
		if err != nil {
			return err
		}
		var moved []string
		for _, e := range entries {
			to := filepath.Join(dir, e.Name())
			if err := move(filepath.Join(tree, e.Name()), to); err != nil {
				for _, m := range moved {
					err = errors.Join(err, os.RemoveAll(m))
				}
				return err
			}
			moved = append(moved, to)
		}
		return nil
	})
}

// move renames a file, unless that would replace one: somebody else may have
// written there since we looked.
func move(from, to string) error {
	if _, err := os.Lstat(to); err == nil {
		return &os.PathError{Op: "writing", Path: to, Err: os.ErrExist}
	}
	return os.Rename(from, to)
}

// staged writes files into a folder beside the place where they are to stand, and
// has them put there. Nothing of the folder remains.
func staged(beside string, files []file, put func(tree string) error) (err error) {
	temp, err := os.MkdirTemp(beside, ".signpost-new-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(temp)) }()
	tree := filepath.Join(temp, "tree") // temp itself is for our eyes only; this has ordinary rights
	for _, f := range files {
		if err := write(filepath.Join(tree, filepath.FromSlash(f.path)), f.text); err != nil {
			return err
		}
	}
	return put(tree)
}

func write(name string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		return err
	}
	return os.WriteFile(name, text, 0o666)
}
