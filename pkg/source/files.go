package source

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/parallel"
)

// File is a regular file of a Tree.
type File struct {
	Path     string // slash-separated, relative to the tree
	Size     int64  // bytes
	Type     FileType
	Modified time.Time
}

// Files returns all regular files of the tree, sorted by path. What skip, which
// may be nil, reports true for is left out, a folder with all it holds; so is
// .git at the root of the tree. skip is not called concurrently.
//
// Whatever is there but cannot be read as part of the catalog is a finding:
// symbolic links, submodules, sockets and devices, unreadable folders, names that
// cannot be shown. The error is ctx's alone.
func (t *Tree) Files(ctx context.Context, skip func(path string, dir bool) bool) ([]File, []diag.Diagnostic, error) {
	if skip == nil {
		skip = func(string, bool) bool { return false }
	}
	w := treeWalk{tree: t, skip: skip}
	// Level by level: the folders of a level are listed at once, then looked at
	// in order.
	for level := []string{"."}; len(level) > 0; {
		lists, err := t.list(ctx, level)
		if err != nil {
			return nil, nil, err
		}
		w.below = nil
		for i, dir := range level {
			w.folder(dir, lists[i])
		}
		level = w.below
	}
	slices.SortFunc(w.files, func(a, b File) int { return cmp.Compare(a.Path, b.Path) })
	return w.files, diag.Sort(w.ds), nil
}

// listing is what a folder holds.
type listing struct {
	entries []fs.FileInfo
	err     error
}

// list reads folders concurrently, each into the slot of its index.
func (t *Tree) list(ctx context.Context, dirs []string) ([]listing, error) {
	lists := make([]listing, len(dirs))
	err := parallel.Each(ctx, len(dirs), func(i int) error {
		lists[i] = t.readDir(dirs[i])
		return nil
	})
	return lists, err
}

func (t *Tree) readDir(dir string) listing {
	entries, err := t.dir.List(dir)
	return listing{entries, err}
}

// treeWalk collects the files of a tree.
type treeWalk struct {
	tree  *Tree
	skip  func(path string, dir bool) bool
	below []string // folders of the next level
	files []File
	ds    []diag.Diagnostic
}

func (w *treeWalk) report(p, code, message, hint string) {
	w.ds = append(w.ds, w.tree.finding(p, code, message, hint))
}

func (w *treeWalk) folder(dir string, l listing) {
	if l.err != nil {
		w.report(dir, "source-unreadable", fmt.Sprintf("the folder cannot be read: %s", reason(l.err)),
			"allow reading it, or leave it out with ignore")
		return
	}
	if dir != "." && slices.ContainsFunc(l.entries, func(e fs.FileInfo) bool { return e.Name() == ".git" }) {
		w.report(dir, "source-submodule", "the folder is a Git repository of its own (a submodule)",
			"keep its files in this repository, or leave it out with ignore")
		return
	}
	for _, e := range l.entries {
		w.entry(path.Join(dir, e.Name()), e)
	}
}

func (w *treeWalk) entry(p string, e fs.FileInfo) {
	if p == ".git" || w.skip(p, e.IsDir()) {
		return
	}
	switch mode := e.Mode(); {
	case !isShowable(e.Name()):
		w.report(quoted(p), "source-file-name", "the name holds characters that cannot be seen or are no text", "rename it")
	case mode.IsDir():
		w.below = append(w.below, p)
	case mode.IsRegular():
		w.files = append(w.files, File{p, e.Size(), TypeOf(p), e.ModTime()})
	case mode&fs.ModeSymlink != 0:
		w.report(p, "source-symlink", "symbolic links are not followed", "put the file itself here, or leave it out with ignore")
	default:
		w.report(p, "source-unreadable", fmt.Sprintf("this is a %s, not a file", special(mode)), "remove it, or leave it out with ignore")
	}
}

// special names what is neither file nor folder nor link.
func special(mode fs.FileMode) string {
	switch {
	case mode&fs.ModeNamedPipe != 0:
		return "named pipe"
	case mode&fs.ModeSocket != 0:
		return "socket"
	case mode&fs.ModeDevice != 0:
		return "device"
	default:
		return "special file"
	}
}

// isShowable reports whether a file's name can be told apart from others by
// looking at it.
func isShowable(name string) bool {
	if !utf8.ValidString(name) {
		return false
	}
	var before rune
	for i, ch := range name {
		if ch < ' ' || ch == 0x7f || ch >= utf8.RuneSelf && isHidden(before, ch, []byte(name[i+utf8.RuneLen(ch):])) {
			return false
		}
		before = ch
	}
	return true
}

// reason is an error of the operating system without the path, which differs
// from machine to machine.
func reason(err error) string {
	if pe := (*fs.PathError)(nil); errors.As(err, &pe) {
		err = pe.Err
	}
	return err.Error()
}
