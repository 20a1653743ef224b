package machinebranch

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var noon = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

func git(t *testing.T, dir string, args ...string) string {
	t.Helper()
	command := exec.Command("git", append([]string{"-c", "user.name=a", "-c", "user.email=a@a.example", "-c", "init.defaultBranch=main"}, args...)...)
	command.Dir = dir
	out, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

// remote returns a bare repository with one commit on main.
func remote(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	bare, work := filepath.Join(dir, "remote.git"), filepath.Join(dir, "work")
	git(t, dir, "init", "-q", "--bare", bare)
	git(t, dir, "init", "-q", work)
	git(t, work, "commit", "-q", "--allow-empty", "-m", "first")
	git(t, work, "push", "-q", bare, "HEAD:refs/heads/main")
	return bare
}

// clone returns a fresh clone of main, and the branch as seen from there.
func clone(t *testing.T, bare string) (Branch, string) {
	t.Helper()
	dir := t.TempDir()
	git(t, dir, "clone", "-q", "--depth=1", "--branch=main", "file://"+bare, "clone")
	return Branch{Repository: filepath.Join(dir, "clone"), Remote: "origin", Name: "machine"}, filepath.Join(dir, "store")
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

func TestTwoFreshClones(t *testing.T) {
	bare := remote(t)
	first, store := clone(t, bare)
	tip, err := first.Fetch(t.Context(), store)
	if err != nil || tip != "" {
		t.Fatalf("before there is a branch: %q %v", tip, err)
	}
	write(t, store, "github.json", "{}\n")
	write(t, store, "history/2026-11.json", "[1]\r\n")
	write(t, store, "notes.txt", "none of ours")
	if err := first.Push(t.Context(), store, tip, "Snapshot", noon); err != nil {
		t.Fatal(err)
	}
	if status := git(t, first.Repository, "status", "--porcelain"); status != "" {
		t.Errorf("the clone is not as it was: %s", status)
	}

	second, store := clone(t, bare)
	tip, err = second.Fetch(t.Context(), store)
	if err != nil || tip == "" {
		t.Fatalf("the second clone: %q %v", tip, err)
	}
	if data, _ := os.ReadFile(filepath.Join(store, "history/2026-11.json")); string(data) != "[1]\r\n" {
		t.Errorf("it finds %q", data)
	}
	if _, err := os.Stat(filepath.Join(store, "notes.txt")); err == nil {
		t.Error("something else came along")
	}
	write(t, store, "github.json", "{\"later\": true}\n")
	if err := second.Push(t.Context(), store, tip, "Snapshot", noon); err != nil {
		t.Fatal(err)
	}
	if n := git(t, bare, "rev-list", "--count", "machine"); n != "1" {
		t.Errorf("the branch has %s commits, want one", n)
	}
	if files := git(t, bare, "ls-tree", "-r", "--name-only", "machine"); files != "github.json\nhistory/2026-11.json" {
		t.Errorf("the branch holds %q", files)
	}
	if main := git(t, bare, "log", "--format=%s", "main"); main != "first" {
		t.Errorf("main is %q", main)
	}
}

// Of two who write at once the second is told, and nothing is lost.
func TestPushNoticesOthers(t *testing.T) {
	bare := remote(t)
	first, store := clone(t, bare)
	second, other := clone(t, bare)
	for _, c := range []struct {
		b   Branch
		dir string
	}{{first, store}, {second, other}} {
		if tip, err := c.b.Fetch(t.Context(), c.dir); err != nil || tip != "" {
			t.Fatal(tip, err)
		}
	}
	write(t, store, "a.json", "1")
	write(t, other, "a.json", "2")
	if err := first.Push(t.Context(), store, "", "Snapshot", noon); err != nil {
		t.Fatal(err)
	}
	if err := second.Push(t.Context(), other, "", "Snapshot", noon); !errors.Is(err, ErrMoved) {
		t.Errorf("the second: %v", err)
	}
	if text := git(t, bare, "show", "machine:a.json"); text != "1" {
		t.Errorf("the branch says %s", text)
	}
	tip, err := second.Fetch(t.Context(), other)
	if err != nil {
		t.Fatal(err)
	}
	write(t, other, "b.json", "2")
	if err := second.Push(t.Context(), other, tip, "Snapshot", noon); err != nil {
		t.Error(err)
	}
}

func TestRemoteThatIsNotThere(t *testing.T) {
	b, store := clone(t, remote(t))
	b.Remote = "elsewhere"
	if _, err := b.Fetch(t.Context(), store); err == nil || !strings.Contains(err.Error(), "git ls-remote") {
		t.Errorf("got %v", err)
	}
}
