package site

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/signpost-dev/signpost/pkg/beneath"
	"github.com/signpost-dev/signpost/pkg/parallel"
)

// journalFile names the files that a build is creating, so that the next one can
// tell them from somebody else's if this one is killed.
const journalFile = ".signpost-journal"

// lockFile keeps two builds from writing into one folder.
const lockFile = ".signpost-lock"

// ErrForeign says that an output folder holds what no build of ours has put there.
var ErrForeign = errors.New("the folder is not empty and was not made by signpost")

// ErrBusy says that another build is writing into the folder.
var ErrBusy = errors.New("another build is writing into the folder")

// Output writes a site into a folder, in place: what has not changed is not
// touched, what has changed is replaced whole, and what is no longer part of the
// site is deleted if a manifest or journal says that it was ours.
//
// A build that is killed leaves a manifest that does not say "complete"; the next
// build mends the folder. Put and Keep may be called from several goroutines.
type Output struct {
	root   *os.Root
	below  *beneath.Dir
	dir    string
	lock   *os.File
	locked bool

	share    Share           // what of the site is written here
	before   map[string]bool // files that were ours when we came
	manifest []byte          // as it was then
	whole    bool            // the site was complete then

	mu       sync.Mutex
	journal  *os.File        // nil until something is changed
	expected map[string]bool // files that the journal names, beside those of before
	files    map[string]File
	folders  map[string]bool
	stats    Stats
}

// File is a file of the site.
type File struct {
	Hash     [sha256.Size]byte
	Size     int64
	Modified time.Time // when it was written
}

// Stats says what a build has done to the folder.
type Stats struct {
	Files, Written, Deleted int
	Pages                   int
	Bytes                   int64 // of all files
}

// OpenOutput takes a folder, which is made if it is not there, for writing.
func OpenOutput(dir string) (*Output, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, fmt.Errorf("making the output folder: %w", err)
	}
	below, err := beneath.Open(dir)
	if err != nil {
		return nil, fmt.Errorf("opening the output folder: %w", err)
	}
	o := &Output{
		root: below.Root(), below: below, dir: dir,
		before: map[string]bool{}, expected: map[string]bool{}, files: map[string]File{}, folders: map[string]bool{},
	}
	if err := o.begin(); err != nil {
		o.release()
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	return o, nil
}

// begin finds out what in the folder is ours.
func (o *Output) begin() error {
	entries, err := fs.ReadDir(o.root.FS(), ".")
	if err != nil {
		return err
	}
	known, err := o.recall()
	if err != nil {
		return err
	}
	if !known && slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() != lockFile }) {
		return ErrForeign
	}
	return o.takeLock()
}

// recall reads the manifest and the journal of earlier builds.
func (o *Output) recall() (known bool, err error) {
	o.manifest, err = o.root.ReadFile(ManifestFile)
	if err == nil {
		names, complete, err := readManifest(o.manifest)
		if err != nil {
			return false, err
		}
		known, o.whole = true, complete
		for _, name := range names {
			o.before[name] = true
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return false, err
	}
	journal, err := o.root.ReadFile(journalFile)
	if err == nil {
		known, o.whole = true, false
		for line := range strings.Lines(string(journal)) {
			o.before[strings.TrimSuffix(line, "\n")] = true
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return false, err
	}
	for name := range o.before {
		if !fs.ValidPath(name) || name == "." {
			delete(o.before, name) // a damaged journal's last line, or a manifest that lies
		}
	}
	return known, nil
}

// change marks the site as incomplete, before the first change to it.
func (o *Output) change() error {
	if o.journal != nil {
		return nil
	}
	// The journal comes first: with it alone the folder is still known as ours.
	var err error
	if o.journal, err = o.root.OpenFile(journalFile, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o666); err != nil {
		return err
	}
	switch {
	case bytes.HasPrefix(o.manifest, []byte(incompleteHead)):
		return nil
	case bytes.HasPrefix(o.manifest, []byte(completeHead)):
		return o.overwrite(incompleteHead)
	}
	// What a manifest in another form names is in the journal before that is gone.
	for name := range o.before {
		if _, err := o.journal.WriteString(name + "\n"); err != nil {
			return err
		}
	}
	return o.below.WriteFile(ManifestFile, []byte(incompleteHead+manifestTail))
}

// overwrite puts another beginning in the place of the manifest's.
func (o *Output) overwrite(head string) error {
	f, err := o.root.OpenFile(ManifestFile, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	if _, err := f.WriteAt([]byte(head), 0); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// takeLock keeps other builds out for as long as this process lives.
func (o *Output) takeLock() error {
	lock, err := o.root.OpenFile(lockFile, os.O_CREATE|os.O_RDWR, 0o666)
	if err != nil {
		return err
	}
	o.lock = lock
	if err := tryLock(lock); err != nil {
		return ErrBusy
	}
	// Whoever held it before us may have deleted it between our two steps; then
	// we hold a file that nobody else will ever open.
	ours, err := lock.Stat()
	if err != nil {
		return err
	}
	if named, err := o.root.Lstat(lockFile); err != nil || !os.SameFile(ours, named) {
		return ErrBusy
	}
	o.locked = true
	return nil
}

// Expect notes files that are about to be put, all at once: to note each when it is
// created costs a large site a tenth of its time.
func (o *Output) Expect(names []string) error {
	return o.expect(slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !o.share.holds(name) })...)
}

func (o *Output) expect(names ...string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	var lines strings.Builder
	for _, name := range names {
		if !o.before[name] && !o.expected[name] {
			o.expected[name] = true
			lines.WriteString(name)
			lines.WriteByte('\n')
		}
	}
	if lines.Len() == 0 {
		return nil
	}
	if err := o.change(); err != nil {
		return err
	}
	_, err := o.journal.WriteString(lines.String())
	return err
}

// Put makes a file of the site hold data. It touches nothing if it does already.
func (o *Output) Put(name string, data []byte) error {
	if !fs.ValidPath(name) {
		return fmt.Errorf("%q cannot be the path of a page", name)
	}
	if !o.share.holds(name) {
		return nil // another machine's
	}
	return o.put(name, data)
}

// put is Put for a file that belongs to whichever share needs it.
func (o *Output) put(name string, data []byte) error {
	o.register(name, File{Hash: sha256.Sum256(data), Size: int64(len(data))})
	same, exists, err := o.holds(name, data)
	if err != nil || same {
		return err
	}
	if exists {
		err = o.replace(name, data)
	} else {
		err = o.create(name, data)
	}
	if err != nil {
		return fmt.Errorf("writing %s: %w", filepath.Join(o.dir, name), err)
	}
	o.mu.Lock()
	o.stats.Written++
	o.mu.Unlock()
	return nil
}

// Keep makes a file that is there already a part of the site, if it looks as it did when
// an earlier build wrote it. The file is not read.
func (o *Output) Keep(name string, f File) bool {
	there := o.There(name, f)
	if there {
		o.register(name, f)
	}
	return there
}

// There reports whether a file looks as it did when an earlier build wrote it.
func (o *Output) There(name string, f File) bool {
	if !o.whole || !o.before[name] {
		return false
	}
	info, err := os.Lstat(filepath.Join(o.dir, filepath.FromSlash(name)))
	return err == nil && info.Mode().IsRegular() && info.Size() == f.Size && info.ModTime().Equal(f.Modified)
}

// stamp looks when the files were written, for Keep in a later build. A file that has
// changed since it was put keeps no time, and so is never kept.
func (o *Output) stamp() {
	for name, f := range o.files {
		if !f.Modified.IsZero() {
			continue
		}
		if info, err := os.Lstat(filepath.Join(o.dir, filepath.FromSlash(name))); err == nil && info.Size() == f.Size {
			f.Modified = info.ModTime()
			o.files[name] = f
		}
	}
}

// Untouched reports whether a folder holds a whole site, of files that look as they did
// when they were written.
func Untouched(dir string, names []string, file func(i int) File) bool {
	if _, err := os.Lstat(filepath.Join(dir, journalFile)); err == nil {
		return false
	}
	files := make([]File, len(names))
	for i := range names {
		files[i] = file(i)
	}
	manifest, err := os.ReadFile(filepath.Join(dir, ManifestFile))
	if err != nil || !bytes.HasPrefix(manifest, []byte(completeHead)) {
		return false
	}
	err = parallel.Each(context.Background(), len(names), func(i int) error {
		info, err := os.Lstat(filepath.Join(dir, filepath.FromSlash(names[i])))
		if err == nil && (!info.Mode().IsRegular() || info.Size() != files[i].Size || !info.ModTime().Equal(files[i].Modified)) {
			err = errTouched
		}
		return err
	})
	return err == nil
}

var errTouched = errors.New("the file has changed since it was written")

// register notes a file for the manifest. A file that is put a second time takes
// the place of the first: a document whose findings are known only later.
func (o *Output) register(name string, f File) {
	o.mu.Lock()
	defer o.mu.Unlock()
	before, again := o.files[name]
	if !again {
		o.stats.Files++
		if path.Ext(name) == ".html" {
			o.stats.Pages++
		}
	}
	o.stats.Bytes += f.Size - before.Size
	o.files[name] = f
}

// holds reports whether a file exists, and whether it holds data.
func (o *Output) holds(name string, data []byte) (same, exists bool, err error) {
	if !o.before[name] {
		return false, false, nil
	}
	old, size, err := o.below.ReadFile(name, int64(len(data)))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, false, nil
	case errors.Is(err, beneath.ErrNotRegular):
		return false, true, nil
	}
	return err == nil && size == int64(len(data)) && bytes.Equal(old, data), true, err
}

// create writes a file that was not there.
func (o *Output) create(name string, data []byte) error {
	if err := o.makeFolder(path.Dir(name)); err != nil {
		return err
	}
	if err := o.expect(name); err != nil {
		return err
	}
	return o.below.WriteFile(name, data)
}

func (o *Output) makeFolder(dir string) error {
	o.mu.Lock()
	made := o.folders[dir]
	o.mu.Unlock()
	if made {
		return nil
	}
	if err := o.root.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	o.mu.Lock()
	o.folders[dir] = true
	o.mu.Unlock()
	return nil
}

// replace swaps a file for another, so that a reader sees the one or the other.
func (o *Output) replace(name string, data []byte) error {
	temp := name + ".signpost-new"
	if err := o.expect(temp); err != nil {
		return err
	}
	if err := o.below.WriteFile(temp, data); err != nil {
		return err
	}
	return o.root.Rename(temp, name)
}

// Finish deletes what is no longer part of the site and marks it complete.
func (o *Output) Finish() (Stats, error) {
	defer o.release()
	if err := o.removeStale(); err != nil {
		return o.stats, fmt.Errorf("deleting what is no longer part of the site: %w", err)
	}
	if o.journal == nil && o.whole && len(o.files) == len(o.before) {
		return o.stats, nil // nothing was touched
	}
	manifest := writeManifest(o.files)
	if !o.share.whole() {
		if err := o.writePart(o.share); err != nil {
			return o.stats, err
		}
		manifest = append([]byte(incompleteHead), manifest[len(completeHead):]...)
	}
	const temp = ManifestFile + ".signpost-new"
	if err := o.below.WriteFile(temp, manifest); err != nil {
		return o.stats, err
	}
	if err := o.root.Rename(temp, ManifestFile); err != nil {
		return o.stats, err
	}
	if err := o.root.Remove(journalFile); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return o.stats, err
	}
	return o.stats, nil
}

func (o *Output) removeStale() error {
	var stale []string
	for name := range o.before {
		if _, kept := o.files[name]; !kept && name != ManifestFile {
			stale = append(stale, name)
		}
	}
	if len(stale) == 0 {
		return nil
	}
	if err := o.change(); err != nil {
		return err
	}
	slices.Sort(stale)
	for _, name := range stale {
		switch err := o.root.Remove(name); {
		case err == nil:
			o.stats.Deleted++
		case !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR):
			return err
		}
	}
	o.removeEmptyFolders(stale)
	return nil
}

// removeEmptyFolders takes away folders that deleted files have left empty.
func (o *Output) removeEmptyFolders(deleted []string) {
	for _, name := range slices.Backward(deleted) {
		for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
			if o.root.Remove(dir) != nil {
				break // not empty
			}
		}
	}
}

// Abandon ends a build that failed. The folder stays marked as incomplete.
func (o *Output) Abandon() { o.release() }

func (o *Output) release() {
	if o.journal != nil {
		o.journal.Close()
	}
	if o.locked {
		_ = o.root.Remove(lockFile)
	}
	if o.lock != nil {
		o.lock.Close()
	}
	o.below.Close()
}
