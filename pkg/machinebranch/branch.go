// Package machinebranch keeps a folder of JSON files on a branch that only machines write:
// one commit without a past, so that it stays small however often it is written. CI
// machines, which start empty, find there what the one before has left.
//
// The package knows nothing of what the files hold.
package machinebranch

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// Branch is a branch of a remote repository, as seen from a clone.
type Branch struct {
	Repository string // folder of the clone
	Remote     string // "origin"
	Name       string
}

// Tip is the commit that a branch had; empty if there was no branch.
type Tip string

// mostBytes is how much a branch may hold.
const mostBytes = 1 << 30

// ErrMoved says that somebody else has written the branch in the meantime.
var ErrMoved = errors.New("the branch has been written in the meantime; run this again")

// Fetch puts the files of the branch into a folder, over what is there, and returns the
// commit that they are of. If the remote has no such branch, nothing happens.
func (b Branch) Fetch(ctx context.Context, dir string) (Tip, error) {
	listed, err := b.git(ctx, nil, "ls-remote", "--heads", b.Remote, "refs/heads/"+b.Name)
	if err != nil {
		return "", err
	}
	commit, _, found := strings.Cut(strings.TrimSpace(string(listed)), "\t")
	if !found {
		return "", nil
	}
	if _, err := b.git(ctx, nil, "fetch", "--quiet", "--no-tags", "--depth=1", b.Remote, commit); err != nil {
		return "", err
	}
	archive, err := b.git(ctx, nil, "archive", "--format=tar", commit)
	if err != nil {
		return "", err
	}
	return Tip(commit), unpack(archive, dir)
}

// unpack writes the JSON files of an archive below a folder, and nothing else.
func unpack(archive []byte, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	files := tar.NewReader(bytes.NewReader(archive))
	left := int64(mostBytes)
	for {
		h, err := files.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading the branch: %w", err)
		}
		if h.Typeflag != tar.TypeReg || !isData(h.Name) {
			continue
		}
		if left -= h.Size; left < 0 {
			return fmt.Errorf("the branch holds more than %d bytes", int64(mostBytes))
		}
		data, err := io.ReadAll(files)
		if err != nil {
			return fmt.Errorf("reading the branch: %w", err)
		}
		name := filepath.FromSlash(h.Name)
		if err := root.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return err
		}
		if err := root.WriteFile(name, data, 0o644); err != nil {
			return err
		}
	}
}

// isData reports whether a path is of a file that belongs on the branch.
func isData(name string) bool {
	return fs.ValidPath(name) && strings.HasSuffix(name, ".json") && !strings.HasPrefix(filepath.Base(name), ".")
}

// Push makes the branch hold the JSON files of a folder, as one commit without a past. tip
// is what Fetch returned: if the branch has another commit by now, the error is ErrMoved
// and the branch stays as it is.
func (b Branch) Push(ctx context.Context, dir string, tip Tip, message string, at time.Time) error {
	tree, err := b.tree(ctx, dir)
	if err != nil {
		return err
	}
	date := at.UTC().Format(time.RFC3339)
	who := []string{
		"GIT_AUTHOR_NAME=signpost", "GIT_AUTHOR_EMAIL=signpost@localhost", "GIT_AUTHOR_DATE=" + date,
		"GIT_COMMITTER_NAME=signpost", "GIT_COMMITTER_EMAIL=signpost@localhost", "GIT_COMMITTER_DATE=" + date,
	}
	made, err := b.git(ctx, who, "commit-tree", "-m", message, tree)
	if err != nil {
		return err
	}
	commit := strings.TrimSpace(string(made))
	_, err = b.git(ctx, nil, "push", "--quiet", "--porcelain",
		fmt.Sprintf("--force-with-lease=refs/heads/%s:%s", b.Name, tip), b.Remote, commit+":refs/heads/"+b.Name)
	if err != nil && strings.Contains(err.Error(), "stale info") {
		return ErrMoved
	}
	return err
}

// tree writes the files of a folder into the repository, with an index of its own, so that
// the one of whoever works in the clone is left alone.
func (b Branch) tree(ctx context.Context, dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	temp, err := os.MkdirTemp("", "signpost-index-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(temp)
	own := []string{"GIT_INDEX_FILE=" + filepath.Join(temp, "index")}
	if _, err := b.git(ctx, own, "--work-tree="+dir, "add", "--force", "--", ":(top,glob)**/*.json"); err != nil {
		return "", err
	}
	tree, err := b.git(ctx, own, "write-tree")
	return strings.TrimSpace(string(tree)), err
}

// git runs git in the clone.
func (b Branch) git(ctx context.Context, environment []string, args ...string) ([]byte, error) {
	command := exec.CommandContext(ctx, "git", append([]string{"--no-pager", "-c", "core.autocrlf=false", "-c", "core.hooksPath=" + os.DevNull}, args...)...)
	command.Dir = b.Repository
	command.WaitDelay = 5 * time.Second
	for _, v := range os.Environ() {
		// GIT_DIR and its like, set while a hook runs, would lead elsewhere.
		if !strings.HasPrefix(v, "GIT_") || strings.HasPrefix(v, "GIT_CONFIG_") || strings.HasPrefix(v, "GIT_SSH") || strings.HasPrefix(v, "GIT_ASKPASS") {
			command.Env = append(command.Env, v)
		}
	}
	command.Env = append(append(command.Env, "LC_ALL=C", "GIT_TERMINAL_PROMPT=0"), environment...)
	var out, said bytes.Buffer
	command.Stdout, command.Stderr = &out, &said
	if err := command.Run(); err != nil {
		return nil, fmt.Errorf("git %s: %w: %s", verb(args), err, strings.TrimSpace(said.String()+" "+out.String()))
	}
	return out.Bytes(), nil
}

// verb is what git was told to do, without options.
func verb(args []string) string {
	for _, a := range args {
		if !strings.HasPrefix(a, "-") {
			return a
		}
	}
	return ""
}
