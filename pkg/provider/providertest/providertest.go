// Package providertest holds what tests of providers share: recorded answers that are played
// back over loopback, and the folder that they are in.
package providertest

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// Now is when tests take place.
var Now = time.Date(2026, 11, 23, 15, 20, 0, 0, time.UTC)

// Data returns a folder of SIGNPOST_TESTDATA. Without that the test is skipped; if it is
// set and the folder is missing, the test fails.
func Data(t *testing.T, folder string) string {
	t.Helper()
	root := os.Getenv("SIGNPOST_TESTDATA")
	if root == "" {
		t.Skip("SKIPPED, NOTHING WAS TESTED: SIGNPOST_TESTDATA is not set")
	}
	dir := filepath.Join(root, folder)
	if _, err := os.Stat(dir); err != nil {
		t.Fatalf("SIGNPOST_TESTDATA is set, but: %v", err)
	}
	return dir
}

// Read returns a file.
func Read(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// Serve answers over loopback until the test ends, and returns its address.
func Serve(t *testing.T, answer http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(answer)
	t.Cleanup(s.Close)
	return s.URL
}

// JSON answers with JSON.
func JSON(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(body)) // who asked has gone if that fails
}

// Settings are those of a provider at an address on loopback.
func Settings(kind, url string, with ...string) provider.Settings {
	s := provider.Settings{Name: kind, Type: kind, URL: url, Private: true, With: map[string]string{}, Secret: func(string) string { return "" }}
	for i := 0; i+1 < len(with); i += 2 {
		s.With[with[i]] = with[i+1]
	}
	return s
}

// Fetch fetches what must not fail as a whole, and what the store must take.
func Fetch(t *testing.T, p provider.Provider, r provider.Request) snapshot.Facts {
	t.Helper()
	facts, err := p.Fetch(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	if err := facts.Validate(); err != nil {
		t.Errorf("the store refuses it: %v", err)
	}
	return facts
}

// Program returns the path of a program that Debian packages install. A test without it
// is skipped, unless SIGNPOST_TESTDATA says that everything has to be tested.
func Program(t *testing.T, path string) string {
	t.Helper()
	if _, err := os.Stat(path); err == nil {
		return path
	}
	if os.Getenv("SIGNPOST_TESTDATA") != "" {
		t.Fatalf("%s is missing: run pkg/provider/providertest/setup.sh", path)
	}
	t.Skipf("SKIPPED, NOTHING WAS TESTED: %s is missing: run pkg/provider/providertest/setup.sh", path)
	return ""
}
