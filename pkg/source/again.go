package source

import (
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
)

// Again returns the files of the tree after some have been saved, without listing the
// tree: what Files returned, with the new sizes and times of those. It reports false if
// more than the content of files may have changed (one has come or gone, or became
// something else), so that they have to be listed again. skip is that of Files.
func (t *Tree) Again(files []File, saved map[string]bool, skip func(path string, dir bool) bool) ([]File, bool) {
	files = slices.Clone(files)
	for p := range saved {
		info, err := t.dir.Root().Lstat(filepath.FromSlash(p))
		at, listed := find(files, p)
		switch {
		case err != nil && !listed && !isFolder(files, p): // an editor's own file that has gone again
		case listed && err == nil && info.Mode().IsRegular():
			files[at].Size, files[at].Modified = info.Size(), info.ModTime()
		case !listed && err == nil && skipped(p, info, skip):
		default:
			return nil, false
		}
	}
	return files, true
}

// find returns the place of a path among sorted files.
func find(files []File, p string) (int, bool) {
	return slices.BinarySearchFunc(files, p, func(f File, p string) int { return strings.Compare(f.Path, p) })
}

// isFolder reports whether there are files below a path.
func isFolder(files []File, p string) bool {
	at, _ := find(files, p+"/")
	return at < len(files) && strings.HasPrefix(files[at].Path, p+"/")
}

// skipped reports whether Files would leave a path out, by itself or with a folder above it.
func skipped(p string, info fs.FileInfo, skip func(path string, dir bool) bool) bool {
	if skip == nil {
		return false
	}
	for i := range p {
		if p[i] == '/' && skip(p[:i], true) {
			return true
		}
	}
	return skip(p, info.IsDir())
}
