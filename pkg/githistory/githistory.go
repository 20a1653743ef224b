// Package githistory asks the git program about a repository: where it begins,
// who last changed each file and when, what a branch changed, and what a file was
// like at a revision.
//
// A repository may come from anyone. Nothing here runs what its configuration
// names (hooks, filters, external differs, signature checkers, remote helpers),
// reaches the network, or changes the repository. Only what is committed counts:
// comparing with files that are not would run filters.
//
// Paths are as Git stores them: relative to the root of the repository and
// separated by slashes, whatever characters they hold.
package githistory

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

var (
	// ErrNotRepository says that a folder is in no Git repository.
	ErrNotRepository = errors.New("not in a git repository")

	// ErrNoCommits says that a repository has no commit yet.
	ErrNoCommits = errors.New("the git repository has no commits yet")
)

// showLimit is the largest file that Show returns, in bytes.
const showLimit = 64 << 20

// Change is a commit, as far as a page shows it.
type Change struct {
	Commit string    // full hash
	Author string    // name of the author
	When   time.Time // when it was written, in UTC; not when it was rebased or merged
}

// Root returns the top folder of the repository that holds dir, as an absolute
// path without symbolic links, or ErrNotRepository.
func Root(ctx context.Context, dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	if dir, err = filepath.EvalSymlinks(dir); err != nil {
		return "", err
	}
	if !holdsGit(dir) {
		return "", fmt.Errorf("%s: %w", dir, ErrNotRepository)
	}
	out, err := output(ctx, dir, "rev-parse", "--show-toplevel")
	if err != nil {
		return "", err
	}
	return filepath.FromSlash(strings.TrimSuffix(string(out), "\n")), nil
}

// holdsGit reports whether dir or a folder above it has a .git. Git's own answer
// would have to be read from the text of its message.
func holdsGit(dir string) bool {
	for {
		if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil {
			return true
		}
		above := filepath.Dir(dir)
		if above == dir {
			return false
		}
		dir = above
	}
}

// Shallow reports whether the clone lacks the older part of the history.
func Shallow(ctx context.Context, root string) (bool, error) {
	out, err := output(ctx, root, "rev-parse", "--is-shallow-repository")
	if err != nil {
		return false, err
	}
	return string(out) == "true\n", nil
}

// Head returns the commit that is checked out, or ErrNoCommits.
func Head(ctx context.Context, root string) (Change, error) {
	hash, err := head(ctx, root)
	if err != nil {
		return Change{}, err
	}
	var c commit
	args := append(logArgs(), "--max-count=1", "--no-patch", hash, "--")
	if err := stream(ctx, root, func(token string) bool { c.header(token); return true }, args...); err != nil {
		return Change{}, err
	}
	return c.change()
}

func head(ctx context.Context, root string) (string, error) {
	hash, err := resolve(ctx, root, "HEAD")
	if errors.As(err, new(*unknownRevision)) {
		return "", ErrNoCommits
	}
	return hash, err
}

// Changed returns the paths that differ between HEAD and where it left base, in
// order; a renamed file counts with both its names. What was committed on base
// since then does not count, nor does what is not committed.
func Changed(ctx context.Context, root, base string) ([]string, error) {
	from, err := resolve(ctx, root, base)
	if err != nil {
		return nil, err
	}
	to, err := head(ctx, root)
	if err != nil {
		return nil, err
	}
	out, err := output(ctx, root, "merge-base", from, to)
	if exitStatus(err) == 1 {
		return nil, fmt.Errorf("%q and HEAD have no commit in common; if this is a shallow clone, fetch all of its history", base)
	}
	if err != nil {
		return nil, err
	}
	var paths []string
	err = stream(ctx, root, func(path string) bool { paths = append(paths, path); return true },
		"diff-tree", "-r", "-z", "--name-only", "--no-renames", "--no-ext-diff", "--no-textconv", "--no-relative",
		strings.TrimSpace(string(out)), to, "--")
	slices.Sort(paths)
	return paths, err
}

// Show returns a file as it was at a revision. The error wraps fs.ErrNotExist if
// there was none, and says so if it was not a plain file or has over 64 MB.
func Show(ctx context.Context, root, rev, path string) ([]byte, error) {
	commit, err := resolve(ctx, root, rev)
	if err != nil {
		return nil, err
	}
	// The entry first: cat-file cannot tell a link from a file, nor give a size.
	entry, err := output(ctx, root, "ls-tree", "-l", "-z", "--full-tree", commit, "--", path)
	if err != nil {
		return nil, err
	}
	blob, err := plainFile(entry, path)
	if err != nil {
		return nil, fmt.Errorf("%s at %s: %w", path, rev, err)
	}
	return output(ctx, root, "cat-file", "blob", blob)
}

// plainFile returns the object of "mode type object size<tab>path".
func plainFile(entry []byte, path string) (string, error) {
	meta, name, ok := bytes.Cut(bytes.TrimSuffix(entry, []byte{0}), []byte("\t"))
	if !ok || string(name) != path {
		return "", fs.ErrNotExist
	}
	fields := strings.Fields(string(meta))
	if len(fields) != 4 || !strings.HasPrefix(fields[0], "100") {
		return "", errors.New("not a plain file")
	}
	size, err := strconv.ParseInt(fields[3], 10, 64)
	if err != nil || size > showLimit {
		return "", fmt.Errorf("the file has %s bytes, more than the %d allowed", fields[3], showLimit)
	}
	return fields[2], nil
}

type unknownRevision struct{ rev string }

func (e *unknownRevision) Error() string {
	return fmt.Sprintf("revision %q does not exist here; if this is a shallow clone, fetch it first", e.rev)
}

// resolve returns the hash of the commit that a revision names. Only hashes go on
// to other commands, so that no revision can be taken for an option.
func resolve(ctx context.Context, root, rev string) (string, error) {
	if rev == "" || strings.HasPrefix(rev, "-") || strings.ContainsAny(rev, "\x00\n") {
		return "", fmt.Errorf("%q is not a revision; give a branch, a tag or a commit", rev)
	}
	out, err := output(ctx, root, "rev-parse", "--verify", "--quiet", rev+"^{commit}")
	if exitStatus(err) == 1 {
		return "", &unknownRevision{rev}
	}
	if err != nil {
		return "", err
	}
	return strings.TrimSpace(string(out)), nil
}
