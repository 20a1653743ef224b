package costs

import (
	"bytes"
	"compress/gzip"
	"testing"
)

// Compressed is how many bytes a web server sends of a file, with gzip as servers do it
// unasked.
func Compressed(t testing.TB, data []byte) int {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Len()
}
