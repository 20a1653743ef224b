//go:build unix

package site

import (
	"os"
	"syscall"
)

// tryLock takes a lock on a file that ends with the process, or fails at once.
func tryLock(f *os.File) error {
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
}
