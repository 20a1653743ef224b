package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

// watched is what a preview is made of, with the system's reports of changes to it.
type watched struct {
	*fsnotify.Watcher
	root  string // of the catalog
	store string // of snapshots; it need not be there yet
	trees []string
}

// watch reports changes below the catalog root, in a folder of templates, if there is one,
// and in the snapshot store. All but the templates are absolute paths.
func watch(root, templates, store string) (*watched, error) {
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, fmt.Errorf("watching for changes: %w", err)
	}
	w := &watched{Watcher: watcher, root: root, store: store, trees: []string{root}}
	if templates != "" {
		w.trees = append(w.trees, templates)
	}
	for _, tree := range w.trees {
		err = errors.Join(err, w.addFolders(tree))
	}
	if err = errors.Join(err, w.addStore()); err != nil {
		watcher.Close()
		return nil, fmt.Errorf("watching for changes: %w", err)
	}
	return w, nil
}

// addFolders watches a folder and all below it, but for hidden ones.
func (w *watched) addFolders(top string) error {
	return filepath.WalkDir(top, func(p string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // gone before we came to it
		}
		if err != nil {
			return err
		}
		if !d.IsDir() {
			return nil
		}
		if p != top && strings.HasPrefix(d.Name(), ".") {
			return filepath.SkipDir
		}
		return w.Add(p)
	})
}

// addStore watches the store, and what it lies in, so that it is noticed if the first
// snapshot makes it or a checkout replaces it.
func (w *watched) addStore() error {
	if err := w.addFolders(w.store); err != nil {
		return err
	}
	for at := filepath.Dir(w.store); ; at = filepath.Dir(at) {
		err := w.Add(at)
		if !errors.Is(err, fs.ErrNotExist) || at == filepath.Dir(at) {
			return err
		}
	}
}

// note follows an event to folders that have come since, and notes which file it is about: by
// its path from the root, if it may be part of the catalog. Editors' own files do not change
// the site; templates, which may lie elsewhere, do, and so does what the store holds.
func (w *watched) note(saved map[string]bool, event fsnotify.Event) {
	isNew := event.Has(fsnotify.Create)
	if within(w.store, event.Name) {
		if isNew && isFolder(event.Name) {
			_ = w.addFolders(event.Name) // it may be gone again
		}
		if !isOwn(event) {
			saved[w.named(event.Name)] = true
		}
		return
	}
	if isNew && within(event.Name, w.store) && isFolder(event.Name) {
		_ = w.addStore()
		saved[w.named(w.store)] = true // what it held before it was watched
	}
	for _, tree := range w.trees {
		if !within(tree, event.Name) || isOwn(event) {
			continue
		}
		if isNew && isFolder(event.Name) {
			_ = w.addFolders(event.Name)
		}
		saved[w.named(event.Name)] = true
		return
	}
}

// named is how a file is called among saved ones: by its path from the root, but for those
// that are no part of the catalog.
func (w *watched) named(name string) string {
	rel, err := filepath.Rel(w.root, name)
	if err != nil || strings.HasPrefix(rel, ".") {
		return name
	}
	return filepath.ToSlash(rel)
}

// isOwn reports whether an event is about a file that an editor keeps for itself, or about
// nothing that a reader sees.
func isOwn(event fsnotify.Event) bool {
	name := filepath.Base(event.Name)
	return strings.HasPrefix(name, ".") || strings.HasSuffix(name, "~") || event.Has(fsnotify.Chmod)
}

// within reports whether a path is a folder or lies below it.
func within(folder, path string) bool {
	rel, err := filepath.Rel(folder, path)
	return err == nil && filepath.IsLocal(rel)
}

func isFolder(name string) bool {
	info, err := os.Lstat(name)
	return err == nil && info.IsDir()
}

// settled waits until no file has changed for a moment. It reports false if the
// command is to end.
func (w *watched) settled(ctx context.Context, saved map[string]bool) bool {
	for {
		select {
		case <-ctx.Done():
			return false
		case event := <-w.Events:
			w.note(saved, event)
		case <-time.After(settle):
			return true
		}
	}
}
