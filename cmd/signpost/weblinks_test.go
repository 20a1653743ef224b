package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

// TestCheckExternal asks a real server for the links of a catalog, once each, and wants the
// plain check to ask nothing.
func TestCheckExternal(t *testing.T) {
	var asked atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		switch r.URL.Path {
		case "/gone":
			w.WriteHeader(410)
		case "/old":
			http.Redirect(w, r, "/new", http.StatusMovedPermanently)
		case "/robots":
			w.WriteHeader(403)
		}
	}))
	defer server.Close()
	dir := t.TempDir()
	files := map[string]string{
		"signpost.yaml": "apiVersion: signpost.dev/v1\ntitle: Test\nlinks: {ignore: [\"127.0.0.1:*/inside/*\"]}\n",
		"team.yaml":     "apiVersion: signpost.dev/v1\nkind: team\nname: a\nmembers: [ada]\nchannel: slack:#a\n---\napiVersion: signpost.dev/v1\nkind: person\nname: ada\n",
		"s/service.yaml": fmt.Sprintf("apiVersion: signpost.dev/v1\nkind: service\nname: s\nowner: a\nlinks:\n  - {title: Old, url: %s/old}\n",
			server.URL),
		"s/docs/guide.md": strings.ReplaceAll("# Guide\n\n[a](URL/gone), <URL/gone> and [b](URL/fine#part), ![c](URL/robots) [d](URL/inside/x) [e](https://wiki.example/x)\n\n"+
			"<!-- signpost:ignore link-dead we keep it for the record -->\n[f](URL/gone)\n\n`URL/code`\n", "URL", server.URL),
	}
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	status, stdout, stderr := signpost(t, "check", dir)
	if status != statusFine || asked.Load() != 0 || stdout != "" {
		t.Fatalf("a plain check ends with %d and asks %d times:\n%s%s", status, asked.Load(), stdout, stderr)
	}
	args := []string{"check", dir, "--external", "--private", "--cache", t.TempDir()}
	status, stdout, stderr = signpost(t, args...)
	for _, want := range []string{
		"s/service.yaml:6:23: info: " + server.URL + "/old has moved for good [link-moved]", "write " + server.URL + "/new",
		"s/docs/guide.md:3:5: error: " + server.URL + "/gone leads nowhere: 410 Gone [link-dead]",
		"/robots leads anywhere: 403 Forbidden [link-unreachable]",
	} {
		if !strings.Contains(stdout, want) {
			t.Errorf("%q is not said:\n%s", want, stdout)
		}
	}
	if n := strings.Count(stdout, "[link-dead]"); n != 2 || strings.Contains(stdout, "whether "+server.URL+"/inside") {
		t.Errorf("%d dead links:\n%s", n, stdout)
	}
	if status != statusFindings || !strings.Contains(stderr, "1 silenced") {
		t.Errorf("status %d: %s", status, stderr)
	}
	before := asked.Load()
	if again, second, _ := signpost(t, args...); again != status || second != stdout || asked.Load() != before {
		t.Errorf("the second run asks %d times and says:\n%s", asked.Load()-before, second)
	}
	if status, _, stderr := signpost(t, "check", dir, "--patience", "1s"); status != statusUsage || !strings.Contains(stderr, "--external") {
		t.Errorf("--patience alone ends with %d: %s", status, stderr)
	}
}
