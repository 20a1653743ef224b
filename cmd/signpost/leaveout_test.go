package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/signpost-dev/signpost/pkg/search"
)

// Colours of code and the index of texts can be left out; what an earlier build has
// remembered with them does not bring them back.
func TestBuildLeavesOut(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"signpost.yaml": "apiVersion: signpost.dev/v1\ntitle: Test\n", "platform.yaml": platformTeam, "ada.yaml": ada,
		"services/hello/service.yaml":          hello,
		"services/hello/runbooks/down.md":      "# Hello is down\n\nLook for the wolverine.\n\n```sh\nif true; then echo \"yes\"; fi\n```\n",
		"services/hello/adr/0001-greetings.md": "# Greetings\n\nIt greets.\n",
	} {
		path := filepath.Join(dir, "catalog", filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	out := filepath.Join(dir, "site")
	for _, c := range []struct {
		flags         []string
		colours, text bool
	}{
		{nil, true, true},
		{[]string{"--no-highlight"}, false, true},
		{[]string{"--no-full-text"}, true, false},
		{[]string{"--no-highlight", "--no-full-text"}, false, false},
		{nil, true, true},
	} {
		var said bytes.Buffer
		args := append([]string{"build", filepath.Join(dir, "catalog"), "--out", out, "--cache", filepath.Join(dir, "cache"), "--now", "2026-07-01"}, c.flags...)
		if status := run(t.Context(), args, env{strings.NewReader(""), &said, &said, func(string) string { return "" }}); status != 0 {
			t.Fatalf("%v: status %d:\n%s", c.flags, status, &said)
		}
		page, err := os.ReadFile(filepath.Join(out, "services/hello/runbooks/down.html"))
		if err != nil {
			t.Fatal(err)
		}
		_, code, _ := strings.Cut(string(page), "<pre")
		code, _, _ = strings.Cut(code, "</pre>")
		if !strings.Contains(code, "echo") || strings.Contains(code, "<i class") != c.colours {
			t.Errorf("%v: the code is %s", c.flags, code)
		}
		index, err := search.Open(os.DirFS(out))
		if err != nil {
			t.Fatal(err)
		}
		for query, want := range map[string]bool{"wolverine": c.text, "down": true, "greetings": true} {
			hits, err := index.Documents(query, 10)
			if err != nil || (len(hits) > 0) != want {
				t.Errorf("%v: %q finds %v %v", c.flags, query, hits, err)
			}
		}
	}
}
