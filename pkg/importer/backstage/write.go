package backstage

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
)

// output is the folder that an import writes.
type output struct {
	dir    string // absolute, without symbolic links
	exists bool
}

// ForeignError says that the output folder holds what no import has put there.
type ForeignError struct {
	Dir, File string
	Changed   bool // an import has made the file, and somebody has changed it since
}

func (e *ForeignError) Error() string {
	if e.Changed {
		return fmt.Sprintf("%s was changed after it was imported: import into another folder, or delete %s to import anew", filepath.Join(e.Dir, e.File), e.Dir)
	}
	return fmt.Sprintf("%s holds %s, which no import has put there: name a folder that is new or empty", e.Dir, e.File)
}

// openTarget finds out whether a folder may be written: one that is not there, is
// empty, or holds exactly what an import has written.
func openTarget(out string) (*output, error) {
	dir, err := filepath.Abs(out)
	if err != nil {
		return nil, err
	}
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		parent, err := filepath.EvalSymlinks(filepath.Dir(dir))
		if err != nil {
			return nil, fmt.Errorf("the folder for the output: %w", err)
		}
		return &output{dir: filepath.Join(parent, filepath.Base(dir))}, nil
	case err != nil:
		return nil, fmt.Errorf("the folder for the output: %w", err)
	case len(entries) == 0:
		return &output{dir: dir, exists: true}, nil
	}
	return &output{dir: dir, exists: true}, mayReplace(dir)
}

// mayReplace makes sure that a folder holds nothing but an import, unchanged.
func mayReplace(dir string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	var m manifest
	data, err := root.ReadFile(manifestFile)
	if err == nil {
		err = json.Unmarshal(data, &m)
	}
	known := err == nil && m.Format == "backstage"
	return fs.WalkDir(root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() || known && name == manifestFile {
			return nil
		}
		digest, ours := m.Files[name]
		if !known || !ours {
			return &ForeignError{Dir: dir, File: name}
		}
		if data, err := root.ReadFile(name); err != nil || digestOf(data) != digest {
			return &ForeignError{Dir: dir, File: name, Changed: true}
		}
		return nil
	})
}

// write makes the folder hold the files, and nothing else. They are written
// beside it first, so that it is never seen half full.
func (o *output) write(files map[string][]byte) error {
	temp, err := os.MkdirTemp(filepath.Dir(o.dir), "."+filepath.Base(o.dir)+"-import-")
	if err != nil {
		return fmt.Errorf("writing the catalog: %w", err)
	}
	fresh := filepath.Join(temp, "new")
	if err := writeAll(fresh, files); err != nil {
		return fmt.Errorf("writing the catalog: %w", errors.Join(err, os.RemoveAll(temp)))
	}
	old := filepath.Join(temp, "old")
	if err := o.swap(fresh, old); err != nil {
		return fmt.Errorf("putting the catalog in place: %w", err)
	}
	return os.RemoveAll(temp)
}

// swap puts a finished folder in the place of the present one, which goes to old.
// If that fails, the present one stays; should even its way back fail, it is still
// at old, where the error says.
func (o *output) swap(fresh, old string) error {
	if o.exists {
		if err := os.Rename(o.dir, old); err != nil {
			return errors.Join(err, os.RemoveAll(filepath.Dir(fresh)))
		}
	}
	err := os.Rename(fresh, o.dir)
	if err == nil {
		return nil
	}
	if o.exists {
		if lost := os.Rename(old, o.dir); lost != nil {
			return errors.Join(err, lost)
		}
	}
	return errors.Join(err, os.RemoveAll(filepath.Dir(fresh)))
}

func writeAll(dir string, files map[string][]byte) error {
	if err := os.Mkdir(dir, 0o777); err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := root.MkdirAll(path.Dir(name), 0o777); err != nil {
			return err
		}
		if err := root.WriteFile(name, files[name], 0o666); err != nil {
			return err
		}
	}
	return nil
}
