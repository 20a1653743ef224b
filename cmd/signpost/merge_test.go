package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// says runs the program within this process and returns all that it says, and its status.
func says(t *testing.T, args ...string) (said string, status int) {
	t.Helper()
	status, out, errs := signpost(t, args...)
	return out + errs, status
}

// Three machines build a third each, and together they have built what one builds.
func TestPartsMakeTheWholeSite(t *testing.T) {
	dir := t.TempDir()
	build := func(out string, flags ...string) {
		t.Helper()
		args := append([]string{"build", "../..", "--out", out, "--no-cache", "--now", "2026-11-23T10:00:00Z", "--base-url", "https://a.example/x/"}, flags...)
		if said, status := says(t, args...); status != 0 {
			t.Fatalf("status %d:\n%s", status, said)
		}
	}
	whole := filepath.Join(dir, "whole")
	build(whole)
	var parts []string
	for n := range 3 {
		part := filepath.Join(dir, fmt.Sprintf("part-%d", n+1))
		build(part, "--shard", fmt.Sprintf("%d/3", n+1))
		parts = append(parts, part)
		if pages, all := len(contentOf(t, part)), len(contentOf(t, whole)); pages > all*6/10 {
			t.Errorf("part %d holds %d of %d files", n+1, pages, all)
		}
	}
	merged := filepath.Join(dir, "merged")
	if said, status := says(t, "merge", parts[2], parts[0], parts[1], "--out", merged); status != 0 || !strings.Contains(said, "3 parts joined") {
		t.Fatalf("status %d:\n%s", status, said)
	}
	want, got := contentOf(t, whole), contentOf(t, merged)
	for name, data := range want {
		if got[name] != data {
			t.Errorf("%s differs\n%s", name, firstDifference(got[name], data))
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d files, want %d", len(got), len(want))
	}

	for name, tt := range map[string]struct {
		args []string
		want string
	}{
		"a part is missing":   {parts[:2], "part 3 of 3 is missing"},
		"a part twice":        {[]string{parts[0], parts[1], parts[0]}, "are both part 1 of 3"},
		"no part":             {[]string{whole}, "holds no part of a site"},
		"nothing":             {nil, "name the folders"},
		"a folder of nothing": {[]string{dir}, "holds no part of a site"},
	} {
		said, status := says(t, append([]string{"merge", "--out", filepath.Join(dir, "out")}, tt.args...)...)
		if status == 0 || !strings.Contains(said, tt.want) {
			t.Errorf("%s: status %d: %s", name, status, said)
		}
	}

	page := filepath.Join(parts[1], "index.html")
	for _, part := range parts {
		if candidate := filepath.Join(part, "services", "index.html"); exists(candidate) {
			page = candidate
		}
	}
	if err := os.WriteFile(page, []byte("spoilt"), 0o666); err != nil {
		t.Fatal(err)
	}
	if said, status := says(t, append([]string{"merge", "--out", filepath.Join(dir, "spoilt")}, parts...)...); status == 0 || !strings.Contains(said, "does not hold what was built") {
		t.Errorf("a spoilt part: status %d: %s", status, said)
	}
	other := filepath.Join(dir, "other")
	if said, status := says(t, "build", "../..", "--out", other, "--no-cache", "--now", "2026-11-24T10:00:00Z", "--shard", "1/3"); status != 0 {
		t.Fatal(said)
	}
	if said, status := says(t, "merge", "--out", filepath.Join(dir, "mixed"), other, parts[1], parts[2]); status == 0 || !strings.Contains(said, "not of one build") {
		t.Errorf("parts of two builds: status %d: %s", status, said)
	}
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

func TestShardIsChecked(t *testing.T) {
	for _, shard := range []string{"0/3", "4/3", "1", "a/b", "1/3x", "-1/2", "1/100000"} {
		if said, status := says(t, "build", "../..", "--out", t.TempDir(), "--shard", shard); status != statusUsage || !strings.Contains(said, "is not a share such as 2/4") {
			t.Errorf("--shard %s: status %d: %s", shard, status, said)
		}
	}
}
