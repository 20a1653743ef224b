// Package scaffold writes things for people to fill in: so far a whole catalog
// repository.
//
// What it writes lies under starter/ as it will stand in the new repository, dot
// files included; [[ ]] marks the few places where the organisation's own words go.
// The package knows files and their texts, and the schemas that it adds for
// editors. It must not know how a catalog is read or checked: that what it writes
// checks clean is proved by tests of the commands.
package scaffold

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Create fills a folder with a new catalog repository and returns how many files
// it has written. The folder, and folders above it, are made if need be. One that
// exists must be empty, but for .git. A *OptionError says that an option cannot be
// used. After an error the folder is as it was before.
func Create(dir string, o Options) (int, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return 0, err
	}
	v, err := o.values(filepath.Base(dir))
	if err != nil {
		return 0, err
	}
	files, err := repository(v)
	if err != nil {
		return 0, err
	}
	exists, err := vacant(dir)
	if err != nil {
		return 0, err
	}
	if exists {
		err = fill(dir, files)
	} else {
		err = place(dir, files)
	}
	if err != nil {
		return 0, fmt.Errorf("making a catalog: %w", err)
	}
	return len(files), nil
}

// vacant reports whether a folder exists. It fails if something is in the way.
func vacant(dir string) (exists bool, err error) {
	info, err := os.Stat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if !info.IsDir() {
		return false, fmt.Errorf("%s is a file; name a folder that is new or empty", dir)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return false, err
	}
	for _, e := range entries {
		if e.Name() != ".git" {
			return false, fmt.Errorf("%s is not empty: %q is in the way; name a folder that is new or empty", dir, e.Name())
		}
	}
	return true, nil
}
