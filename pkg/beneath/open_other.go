//go:build !linux

package beneath

import (
	"io/fs"
	"os"
)

const readOnly = os.O_RDONLY

func (d *Dir) open(name string, flags int, mode fs.FileMode) (file, error) {
	return d.openSlowly(name, flags, mode)
}

func (d *Dir) openFolder(name string) (*os.File, error) { return d.root.Open(name) }
