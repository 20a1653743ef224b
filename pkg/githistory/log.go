package githistory

import (
	"context"
	"fmt"
	"path"
	"strconv"
	"strings"
	"time"
)

// History says how the files under a folder came to be as they are.
type History struct {
	// Changes holds the last change of every file of HEAD, by path. A file whose
	// last change lies before the beginning of a shallow clone is left out: Git
	// would claim that the oldest commit it has had changed it.
	Changes map[string]Change

	// Shallow is the reason why files may be left out.
	Shallow bool
}

// LastChanges returns the last change of every file that HEAD has under a folder,
// "" for all. It goes through the history once, from the newest commit on, and
// stops as soon as every file was met. A merge counts only for files that it made
// different from all its parents.
func LastChanges(ctx context.Context, root, under string) (History, error) {
	folder, err := pathspec(under)
	if err != nil {
		return History{}, err
	}
	hash, err := head(ctx, root)
	if err != nil {
		return History{}, err
	}
	shallow, err := Shallow(ctx, root)
	if err != nil {
		return History{}, err
	}
	wanted := map[string]bool{}
	list := append([]string{"ls-tree", "-r", "-z", "--name-only", "--full-tree", hash, "--"}, folder...)
	if err := stream(ctx, root, func(p string) bool { wanted[p] = true; return true }, list...); err != nil {
		return History{}, err
	}
	l := logReader{wanted: wanted, history: History{Changes: map[string]Change{}, Shallow: shallow}}
	if len(wanted) == 0 {
		return l.history, nil
	}
	args := append(append(logArgs(), hash, "--"), folder...)
	if err := stream(ctx, root, l.token, args...); err != nil {
		return History{}, err
	}
	return l.history, l.err
}

// pathspec returns the arguments that restrict a command to a folder.
func pathspec(under string) ([]string, error) {
	switch clean := path.Clean(under); {
	case under == "", clean == ".":
		return nil, nil
	case path.IsAbs(clean), clean == "..", strings.HasPrefix(clean, "../"):
		return nil, fmt.Errorf("folder %q is not relative to the root of the repository", under)
	default:
		return []string{clean}, nil
	}
}

// logArgs are the options of a log that logReader understands. The raw format
// tells paths from the rest whatever they hold: each follows an entry that begins
// with a colon, as no hash does.
func logArgs() []string {
	return []string{
		"log", "-z", "--raw", "-c", "--no-abbrev", "--no-renames", "--no-ext-diff", "--no-textconv", "--no-relative",
		"--no-show-signature", "--no-decorate", "--no-notes", "--no-color", "--encoding=UTF-8",
		"--format=tformat:%H%x00%P%x00%at%x00%an",
	}
}

// commit is the header of a commit, taken in field by field.
type commit struct {
	fields [4]string // hash, parents, author time, author
	filled int
}

// header takes the next field; false if the header is complete.
func (c *commit) header(token string) bool {
	if c.filled == len(c.fields) {
		return false
	}
	c.fields[c.filled] = token
	c.filled++
	return true
}

func (c *commit) hasParents() bool { return c.fields[1] != "" }

func (c *commit) change() (Change, error) {
	seconds, err := strconv.ParseInt(c.fields[2], 10, 64)
	if err != nil || c.filled < len(c.fields) {
		return Change{}, fmt.Errorf("git log: commit %q has no readable date", c.fields[0])
	}
	return Change{
		Commit: c.fields[0],
		Author: strings.ToValidUTF8(c.fields[3], "\ufffd"),
		When:   time.Unix(seconds, 0).UTC(),
	}, nil
}

// logReader picks the newest commit of each wanted path out of a log.
type logReader struct {
	wanted  map[string]bool // paths not met yet
	history History
	commit  commit
	isPath  bool // the next token is a path
	err     error
}

// token takes in the next part of the log; false once nothing more is wanted.
func (l *logReader) token(t string) bool {
	switch {
	case l.isPath:
		l.isPath = false
		return l.met(t)
	case l.commit.filled > 0 && l.commit.header(t):
		return true
	}
	switch t = strings.TrimPrefix(t, "\n"); {
	case t == "": // between a commit and its entries
	case t[0] == ':':
		l.isPath = true
	default:
		l.commit = commit{}
		l.commit.header(t)
	}
	return true
}

func (l *logReader) met(p string) bool {
	if !l.wanted[p] {
		return true
	}
	delete(l.wanted, p)
	// Where a shallow clone ends, a commit looks as if it had no parents.
	if !l.history.Shallow || l.commit.hasParents() {
		change, err := l.commit.change()
		if err != nil {
			l.err = err
			return false
		}
		l.history.Changes[p] = change
	}
	return len(l.wanted) > 0
}
