//go:build unix

package cache

import (
	"os"

	"golang.org/x/sys/unix"
)

// load maps a file into memory, where it counts neither as the program's own nor for the
// garbage collector. Nobody shortens a cache file: it is added to, or replaced whole.
func load(f *os.File, size int64) ([]byte, error) {
	return unix.Mmap(int(f.Fd()), 0, int(size), unix.PROT_READ, unix.MAP_PRIVATE)
}
