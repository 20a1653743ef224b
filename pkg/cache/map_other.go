//go:build !unix

package cache

import (
	"io"
	"os"
)

func load(f *os.File, size int64) ([]byte, error) {
	data := make([]byte, size)
	_, err := io.ReadFull(f, data)
	return data, err
}
