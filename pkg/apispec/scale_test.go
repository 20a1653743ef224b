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
	const file = "../../internal/browsertest/node_modules/@octokit/openapi/generated/api.github.com.json"
	if _, err := os.Stat(file); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("GitHub's description is missing: run internal/browsertest/setup.sh: %v", err)
		}
		t.Skipf("SKIPPED: NOTHING OF THIS SIZE IS READ, since internal/browsertest/setup.sh was not run: %v", err)
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
	t.Logf("%d operations, %d types in %v; %d MiB stay, %d MiB were used", len(s.Operations()), len(s.Types), took.Round(time.Millisecond), m.HeapAlloc>>20, m.Sys>>20)
	if len(s.Operations()) != 1223 || len(s.Types) != 969 || len(found) > 0 {
		t.Errorf("got %d operations and %d types, want 1223 and 969; found %v", len(s.Operations()), len(s.Types), said(found))
	}
	if took > time.Minute || m.HeapAlloc > 100<<20 || m.Sys > 600<<20 {
		t.Errorf("it took %v, %d MiB stay, %d MiB were used", took, m.HeapAlloc>>20, m.Sys>>20)
	}
	checkSound(t, s)
	runtime.KeepAlive(s)
}
