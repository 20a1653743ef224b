package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/signpost-dev/signpost/pkg/scaffold"
)

// The starter says of lines that begin with # and no space that they may be
// switched on. So each of them must be what the schemas allow. What they refer to
// does not exist yet, and that is all that may be wrong.
func TestHintsOfTheStarterAreTrue(t *testing.T) {
	dir := t.TempDir()
	if _, err := scaffold.Create(dir, scaffold.Options{Title: "Acme"}); err != nil {
		t.Fatal(err)
	}
	if switched := switchOn(t, filepath.Join(dir, "catalog")); switched < 30 {
		t.Fatalf("switched %d lines on, want all hints of the starter", switched)
	}
	got := codesOf(t, dir)
	want := []string{"reference-dangling"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("codes of findings (-want +got):\n%s", diff)
	}
}

// switchOn uncomments all hints in the descriptors below a folder and returns how
// many lines that were.
func switchOn(t *testing.T, dir string) int {
	t.Helper()
	hint := regexp.MustCompile(`(?m)^( *)#( *[^ \n])`)
	prose := regexp.MustCompile(`(?m)^ *# [^ ]`)
	switched := 0
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(name) != ".yaml" {
			return err
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		text = hint.ReplaceAllFunc(text, func(line []byte) []byte {
			if prose.Match(line) {
				return line
			}
			switched++
			return hint.ReplaceAll(line, []byte("$1$2"))
		})
		return os.WriteFile(name, text, 0o666)
	})
	if err != nil {
		t.Fatal(err)
	}
	return switched
}

// codesOf checks a catalog and returns the codes of what is found, each once.
func codesOf(t *testing.T, dir string) []string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	e := env{nil, &stdout, &stderr, func(string) string { return "" }}
	if status := run(context.Background(), []string{"check", "--format", "json", dir}, e); status > statusFindings {
		t.Fatalf("exit status %d: %s", status, &stderr)
	}
	var report struct {
		Diagnostics []struct{ Code, Message, File string }
	}
	if err := json.Unmarshal(stdout.Bytes(), &report); err != nil {
		t.Fatal(err)
	}
	var codes []string
	for _, d := range report.Diagnostics {
		t.Logf("%s: %s [%s]", d.File, d.Message, d.Code)
		codes = append(codes, d.Code)
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}
