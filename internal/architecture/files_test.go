package architecture

import (
	"io/fs"
	"os"
	"testing"
)

func osDir(dir string) fs.FS { return os.DirFS(dir) }

func readFile(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
