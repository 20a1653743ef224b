package githistory

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// repository is a real one, with authors and dates that the test sets.
type repository struct {
	t    *testing.T
	root string
	now  time.Time
	by   string
}

func newRepository(t *testing.T) *repository {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Fatal("these tests need the git program")
	}
	// The user's own configuration must not change what the tests see.
	t.Setenv("HOME", t.TempDir())
	t.Setenv("XDG_CONFIG_HOME", "")
	t.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	r := &repository{t: t, root: root, now: time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC), by: "Ada"}
	r.git("init", "--quiet", "--initial-branch=main")
	return r
}

// command prepares one of the test itself; the committer's clock is a day late.
func (r *repository) command(args ...string) *exec.Cmd {
	cmd := exec.Command("git", args...)
	cmd.Dir = r.root
	cmd.Env = append(os.Environ(),
		"GIT_CONFIG_NOSYSTEM=1",
		"GIT_AUTHOR_NAME="+r.by, "GIT_AUTHOR_EMAIL=author@example.com", "GIT_AUTHOR_DATE="+r.now.Format(time.RFC3339),
		"GIT_COMMITTER_NAME=Merge Bot", "GIT_COMMITTER_EMAIL=bot@example.com",
		"GIT_COMMITTER_DATE="+r.now.Add(24*time.Hour).Format(time.RFC3339))
	return cmd
}

func (r *repository) git(args ...string) string {
	r.t.Helper()
	out, err := r.command(args...).CombinedOutput()
	if err != nil {
		r.t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

func (r *repository) write(path, text string) {
	r.t.Helper()
	name := filepath.Join(r.root, filepath.FromSlash(path))
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		r.t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		r.t.Fatal(err)
	}
}

// commit commits all files an hour after the commit before, and returns how the
// package should describe it.
func (r *repository) commit(by string, files ...string) Change {
	r.t.Helper()
	r.now, r.by = r.now.Add(time.Hour), by
	for _, f := range files {
		r.write(f, "written at "+r.now.String())
	}
	r.git("add", "--all")
	r.git("commit", "--quiet", "--allow-empty", "--message", "change\n\n:100644 not an entry")
	return r.last()
}

func (r *repository) last() Change {
	return Change{Commit: r.git("rev-parse", "HEAD"), Author: r.by, When: r.now}
}

func (r *repository) history(under string) History {
	r.t.Helper()
	h, err := LastChanges(r.t.Context(), r.root, under)
	if err != nil {
		r.t.Fatal(err)
	}
	return h
}

func (r *repository) equal(want, got any) {
	r.t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		r.t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestRoot(t *testing.T) {
	r := newRepository(t)
	r.commit("Ada", "a/b/file")
	for _, dir := range []string{r.root, filepath.Join(r.root, "a", "b")} {
		got, err := Root(t.Context(), dir)
		if err != nil || got != r.root {
			t.Errorf("Root(%s) = %q, %v, want %q", dir, got, err, r.root)
		}
	}
	if _, err := Root(t.Context(), t.TempDir()); !errors.Is(err, ErrNotRepository) {
		t.Errorf("outside: got %v", err)
	}
	if _, err := Root(t.Context(), filepath.Join(r.root, "missing")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing folder: got %v", err)
	}
}

// While a hook of another repository runs, its variables are set.
func TestSurroundingsDoNotMatter(t *testing.T) {
	other := newRepository(t)
	other.commit("Eve", "other")
	r := newRepository(t)
	want := r.commit("Ada", "file")
	t.Setenv("GIT_DIR", filepath.Join(other.root, ".git"))
	t.Setenv("GIT_WORK_TREE", other.root)
	t.Setenv("GIT_EXTERNAL_DIFF", "false")
	if got, err := Root(t.Context(), r.root); err != nil || got != r.root {
		t.Errorf("Root = %q, %v, want %q", got, err, r.root)
	}
	got, err := Head(t.Context(), r.root)
	if err != nil {
		t.Fatal(err)
	}
	r.equal(want, got)
}

func TestNoCommits(t *testing.T) {
	r := newRepository(t)
	if _, err := Head(t.Context(), r.root); !errors.Is(err, ErrNoCommits) {
		t.Errorf("Head: got %v", err)
	}
	if _, err := LastChanges(t.Context(), r.root, ""); !errors.Is(err, ErrNoCommits) {
		t.Errorf("LastChanges: got %v", err)
	}
}

func TestLastChanges(t *testing.T) {
	r := newRepository(t)
	strange := "dir/new\nline \"quoted\" \t:colon ünï🙂.md"
	if runtime.GOOS == "windows" {
		strange = "dir/ünï🙂.md"
	}
	first := r.commit("Ada Lövelace <x>", "a", "b", "dir/c", "gone")
	second := r.commit("Bob", "a", strange)
	r.commit("Cyd") // changes nothing
	if err := os.Remove(filepath.Join(r.root, "gone")); err != nil {
		t.Fatal(err)
	}
	third := r.commit("Dee", "dir/d")
	r.write("uncommitted", "x")
	// Git takes < and > out of names.
	first.Author = "Ada Lövelace x"

	r.equal(History{Changes: map[string]Change{
		"a": second, "b": first, "dir/c": first, "dir/d": third, strange: second,
	}}, r.history(""))
	inDir := History{Changes: map[string]Change{"dir/c": first, "dir/d": third, strange: second}}
	r.equal(inDir, r.history("dir"))
	r.equal(inDir, r.history("./dir/"))
	r.equal(History{Changes: map[string]Change{}}, r.history("missing"))
	r.equal(History{Changes: map[string]Change{}}, r.history(":(top)*"))
	for _, under := range []string{"..", "../x", "/etc", "a/../../b"} {
		if _, err := LastChanges(t.Context(), r.root, under); err == nil {
			t.Errorf("%q is accepted", under)
		}
	}
}

// A merge is nobody's change, except of the files that it had to put together.
func TestMerges(t *testing.T) {
	r := newRepository(t)
	r.commit("Ada", "clash", "left", "right")
	r.git("checkout", "--quiet", "-b", "side")
	side := r.commit("Bob", "clash", "right")
	r.git("checkout", "--quiet", "main")
	main := r.commit("Cyd", "clash", "left")
	if out, err := r.command("merge", "--quiet", "side").CombinedOutput(); !strings.Contains(string(out), "CONFLICT") {
		t.Fatalf("the branches do not clash: %v\n%s", err, out)
	}
	merge := r.commit("Dee", "clash")
	r.equal(History{Changes: map[string]Change{"clash": merge, "left": main, "right": side}}, r.history(""))
}

// In a shallow clone, the oldest commit seems to have added every file; nobody
// must be told that.
func TestShallow(t *testing.T) {
	r := newRepository(t)
	r.commit("Ada", "old")
	r.commit("Bob", "boundary")
	last := r.commit("Cyd", "new")
	clone := &repository{t: t, root: filepath.Join(t.TempDir(), "clone")}
	r.git("clone", "--quiet", "--depth=2", "file://"+filepath.ToSlash(r.root), clone.root)

	clone.equal(History{Shallow: true, Changes: map[string]Change{"new": last}}, clone.history(""))
	for repo, want := range map[*repository]bool{r: false, clone: true} {
		if got, err := Shallow(t.Context(), repo.root); err != nil || got != want {
			t.Errorf("Shallow = %v, %v, want %v", got, err, want)
		}
	}
	// What lies before the clone is not there to be compared with.
	_, err := Changed(t.Context(), clone.root, r.git("rev-parse", "HEAD~2"))
	if err == nil || !strings.Contains(err.Error(), "shallow clone") {
		t.Errorf("got %v", err)
	}
}

func TestChanged(t *testing.T) {
	r := newRepository(t)
	r.commit("Ada", "same", "edited", "deleted", "renamed")
	r.git("checkout", "--quiet", "-b", "topic")
	if err := os.Rename(filepath.Join(r.root, "renamed"), filepath.Join(r.root, "new name")); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(r.root, "deleted")); err != nil {
		t.Fatal(err)
	}
	r.commit("Bob", "edited", "dir/ädded")
	r.git("checkout", "--quiet", "main")
	r.commit("Cyd", "on main only")
	r.git("checkout", "--quiet", "topic")
	r.write("uncommitted", "x")

	got, err := Changed(t.Context(), r.root, "main")
	if err != nil {
		t.Fatal(err)
	}
	r.equal([]string{"deleted", "dir/ädded", "edited", "new name", "renamed"}, got)
	if got, err := Changed(t.Context(), r.root, "HEAD"); err != nil || len(got) > 0 {
		t.Errorf("since HEAD: got %v, %v", got, err)
	}
	r.git("checkout", "--quiet", "--orphan", "stranger")
	r.commit("Eve", "x")
	if _, err := Changed(t.Context(), r.root, "main"); err == nil || !strings.Contains(err.Error(), "no commit in common") {
		t.Errorf("without common history: got %v", err)
	}
}

func TestShow(t *testing.T) {
	r := newRepository(t)
	r.write("dir/a:b *.txt", "first\r\n\x00\xff")
	if runtime.GOOS != "windows" {
		if err := os.Symlink("/etc/passwd", filepath.Join(r.root, "link")); err != nil {
			t.Fatal(err)
		}
	}
	r.commit("Ada")
	r.write("dir/a:b *.txt", "second")
	r.commit("Bob")

	for rev, want := range map[string]string{"HEAD": "second", "HEAD~1": "first\r\n\x00\xff", "main": "second"} {
		got, err := Show(t.Context(), r.root, rev, "dir/a:b *.txt")
		if err != nil || string(got) != want {
			t.Errorf("at %s: got %q, %v, want %q", rev, got, err, want)
		}
	}
	for _, missing := range []string{"nothing", "dir/*.txt", "dir/", "DIR"} {
		if _, err := Show(t.Context(), r.root, "HEAD", missing); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%q: got %v", missing, err)
		}
	}
	for _, other := range []string{"dir", "link"} {
		if _, err := Show(t.Context(), r.root, "HEAD", other); err == nil || !strings.HasSuffix(err.Error(), "not a plain file") {
			t.Errorf("%q: got %v", other, err)
		}
	}
}

func TestRevisions(t *testing.T) {
	r := newRepository(t)
	r.commit("Ada", "a")
	tests := []struct{ rev, want string }{
		{"--output=owned", `"--output=owned" is not a revision; give a branch, a tag or a commit`},
		{"-1", `"-1" is not a revision; give a branch, a tag or a commit`},
		{"", `"" is not a revision; give a branch, a tag or a commit`},
		{"main\n--all", `"main\n--all" is not a revision; give a branch, a tag or a commit`},
		{"nowhere", `revision "nowhere" does not exist here; if this is a shallow clone, fetch it first`},
		{"HEAD:a", `revision "HEAD:a" does not exist here; if this is a shallow clone, fetch it first`},
	}
	for _, tt := range tests {
		_, changed := Changed(t.Context(), r.root, tt.rev)
		_, show := Show(t.Context(), r.root, tt.rev, "a")
		for _, err := range []error{changed, show} {
			if fmt.Sprint(err) != tt.want {
				t.Errorf("%q: got %v, want %s", tt.rev, err, tt.want)
			}
		}
	}
}

// Everything in a repository's configuration that runs a program is set to one
// that leaves a trace. There must be none.
func TestHostileConfiguration(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the trap is a shell script")
	}
	r := newRepository(t)
	r.commit("Ada", "a", "b.txt")
	trace, trap := filepath.Join(t.TempDir(), "trace"), filepath.Join(t.TempDir(), "trap")
	script := fmt.Sprintf("#!/bin/sh\necho \"$0 $*\" >> '%s'\ncat\n", trace)
	if err := os.WriteFile(trap, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	hooks := filepath.Join(r.root, ".git", "hooks")
	for _, hook := range []string{"post-index-change", "reference-transaction", "fsmonitor-watchman"} {
		if err := os.MkdirAll(hooks, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(hooks, hook), []byte(script), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	r.write(".gitattributes", "* filter=trap diff=trap\n")
	// A signed commit, so that a log that shows signatures would check it.
	raw := r.git("cat-file", "commit", "HEAD")
	signed := strings.Replace(raw, "\n\n", "\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n\n", 1)
	cmd := r.command("hash-object", "-t", "commit", "-w", "--stdin")
	cmd.Stdin = strings.NewReader(signed + "\n")
	hash, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	r.git("reset", "--quiet", "--soft", string(bytes.TrimSpace(hash)))
	for _, key := range []string{
		"core.fsmonitor", "core.pager", "core.editor", "core.sshCommand", "core.askPass", "diff.external",
		"diff.trap.textconv", "diff.trap.command", "filter.trap.clean", "filter.trap.smudge", "filter.trap.process",
		"gpg.program", "pager.log", "credential.helper", "uploadpack.packObjectsHook", "alias.log", "alias.rev-parse",
	} {
		r.git("config", key, trap)
	}
	r.git("config", "log.showSignature", "true")
	if err := os.RemoveAll(trace); err != nil { // hooks that setting the trap ran
		t.Fatal(err)
	}

	ctx := t.Context()
	for name, run := range map[string]func() error{
		"Root":        func() error { _, err := Root(ctx, r.root); return err },
		"Head":        func() error { _, err := Head(ctx, r.root); return err },
		"Shallow":     func() error { _, err := Shallow(ctx, r.root); return err },
		"LastChanges": func() error { _, err := LastChanges(ctx, r.root, ""); return err },
		"Changed":     func() error { _, err := Changed(ctx, r.root, "main"); return err },
		"Show":        func() error { _, err := Show(ctx, r.root, "HEAD", "b.txt"); return err },
	} {
		if err := run(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if ran, err := os.ReadFile(trace); err == nil {
			t.Fatalf("%s ran a program:\n%s", name, ran)
		}
	}
	// The trap works: an ordinary log falls into it.
	_ = r.command("log", "-1").Run()
	if _, err := os.Stat(trace); err != nil {
		t.Error("the trap of this test catches nothing")
	}
}

// Options in the configuration that change what is printed change nothing.
func TestConfigurationDoesNotChangeTheAnswer(t *testing.T) {
	r := newRepository(t)
	first := r.commit("Ada", "dir/a", "dir/b")
	second := r.commit("Bob", "dir/a")
	for key, value := range map[string]string{
		"log.showRoot": "false", "log.follow": "true", "log.decorate": "full", "log.date": "relative", "log.diffMerges": "off",
		"diff.relative": "true", "diff.renames": "copies", "diff.noprefix": "true", "color.ui": "always", "core.quotePath": "true",
		"i18n.logOutputEncoding": "UTF-16", "core.abbrev": "4", "format.pretty": "oneline",
	} {
		r.git("config", key, value)
	}
	r.equal(History{Changes: map[string]Change{"dir/a": second, "dir/b": first}}, r.history("dir"))
}

// A repository of another user is refused by git; the message says what to do.
func TestForeignOwner(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can give a folder away")
	}
	r := newRepository(t)
	r.commit("Ada", "a")
	if err := os.Chown(r.root, 12345, 12345); err != nil {
		t.Fatal(err)
	}
	_, err := Root(t.Context(), r.root)
	if err == nil || !strings.Contains(err.Error(), "safe.directory") || errors.Is(err, ErrNotRepository) {
		t.Errorf("got %v", err)
	}
}

func TestGitIsMissing(t *testing.T) {
	r := newRepository(t)
	t.Setenv("PATH", t.TempDir())
	_, err := Root(t.Context(), r.root)
	if !errors.Is(err, exec.ErrNotFound) || !strings.Contains(err.Error(), "install Git") {
		t.Errorf("got %v", err)
	}
}

func TestCancelled(t *testing.T) {
	r := newRepository(t)
	r.commit("Ada", "a")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := LastChanges(ctx, r.root, ""); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// Once every file was met, the rest of the history is not read.
func TestLogStopsEarly(t *testing.T) {
	l := logReader{wanted: map[string]bool{"a": true}, history: History{Changes: map[string]Change{}}}
	tokens := []string{"c1", "c0", "7", "Ada", "\n:100644 M", "other", ":100644 M", "a"}
	for i, token := range tokens {
		if more := l.token(token); more != (i < len(tokens)-1) {
			t.Fatalf("after %q: more = %v", token, more)
		}
	}
	want := map[string]Change{"a": {"c1", "Ada", time.Unix(7, 0).UTC()}}
	if diff := cmp.Diff(want, l.history.Changes); diff != "" {
		t.Error(diff)
	}
}
