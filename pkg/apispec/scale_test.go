package apispec

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"
)

// GitHub's own description has 13 MB. It is read within seconds and, while it is read,
// in a few hundred megabytes; what stays is a good deal less.
func TestGitHubsOwnDescription(t *testing.T) {
	file := os.Getenv("SIGNPOST_OCTOKIT_OPENAPI")
	if file == "" {
		file = filepath.Join("..", "..", "internal", "browsertest", "node_modules", "@octokit", "openapi", "generated", "api.github.com.json")
	}
	if _, err := os.Stat(file); err != nil {
		t.Skipf("GitHub's description is not there, so nothing of this size is read: %v (npm ci in internal/browsertest installs it)", err)
	}
	began := time.Now()
	s, found := read(t, filepath.Dir(file), filepath.Base(file))
	took := time.Since(began)
	if s == nil {
		t.Fatal("not read", found)
	}
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	t.Logf("%d operations, %d types in %v; %d MiB stay, %d MiB were used; %d findings", len(s.Operations()), len(s.Types), took.Round(time.Millisecond), m.HeapAlloc>>20, m.Sys>>20, len(found))
	for _, d := range found[:min(len(found), 10)] {
		t.Log(d.Span, d.Message)
	}
	runtime.KeepAlive(s)
}
