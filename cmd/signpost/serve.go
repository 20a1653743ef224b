package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
	"github.com/spf13/cobra"

	"github.com/signpost-dev/signpost/pkg/site"
)

type serveOptions struct {
	path      string
	addr      string
	templates string
	now       nowFlag
}

func newServe(e env) *cobra.Command {
	var o serveOptions
	c := &cobra.Command{
		Use:   "serve [PATH]",
		Short: "Preview the site, and reload it on every save",
		Long: `Serve builds the site of the catalog at PATH (default: here), serves it on this
machine and builds it again whenever a file is saved. Open pages reload. What goes wrong
is shown in the page and in the terminal.`,
		Args: atMost(1),
		RunE: func(c *cobra.Command, args []string) error {
			o.path = operand(args, 0, ".")
			return runServe(c.Context(), e, o)
		},
	}
	c.Flags().StringVar(&o.addr, "addr", "127.0.0.1:8080", "the address to listen on")
	c.Flags().StringVar(&o.templates, "templates", "", "a folder with templates, styles and scripts that replace ours")
	addNow(c.Flags(), &o.now)
	return c
}

// settle is how long no file may change before the site is built again: an editor
// that saves, or a checkout of another branch, touches several.
const settle = 10 * time.Millisecond

func runServe(ctx context.Context, e env, o serveOptions) error {
	root, err := findRoot(o.path)
	if err != nil {
		return err
	}
	out, err := os.MkdirTemp("", "signpost-serve-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(out)
	listener, err := net.Listen("tcp", o.addr)
	if err != nil {
		return err
	}
	watcher, err := watch(root, o.templates)
	if err != nil {
		listener.Close()
		return err
	}
	defer watcher.Close()

	preview := site.NewPreview(os.DirFS(out), listener.Addr().String())
	server := &http.Server{Handler: preview, ReadHeaderTimeout: 10 * time.Second, BaseContext: func(net.Listener) context.Context { return ctx }}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	defer server.Close()

	rebuild := func() { rebuildPreview(ctx, e, o, out, preview) }
	rebuild()
	fmt.Fprintf(e.stderr, "serving on http://%s (end with Ctrl-C)\n", listener.Addr())
	for {
		select {
		case <-ctx.Done():
			return nil
		case err := <-failed:
			return err
		case err := <-watcher.Errors:
			fmt.Fprintf(e.stderr, "watching for changes: %v\n", err)
		case event := <-watcher.Events:
			follow(watcher, event)
			if concerns(event) && settled(ctx, watcher) {
				rebuild()
			}
		}
	}
}

// rebuildPreview builds once and tells the terminal and open pages how it went.
func rebuildPreview(ctx context.Context, e env, o serveOptions, out string, preview *site.Preview) {
	var said bytes.Buffer
	started := time.Now()
	result, err := buildSite(ctx, env{e.stdin, e.stdout, &said, e.getenv}, buildOptions{
		path: o.path, out: out, templates: o.templates, keepGoing: true, now: o.now,
	})
	if err != nil {
		message := strings.TrimSpace(said.String() + "\n" + err.Error())
		fmt.Fprintln(e.stderr, message)
		preview.Failed(message)
		return
	}
	line := fmt.Sprintf("built %s in %d ms, %s changed", countOf(result.Pages, "page", "pages"),
		time.Since(started).Milliseconds(), countOf(result.Written+result.Deleted, "file", "files"))
	if findings := findingsLine(result.Portal.Findings); findings != "" {
		line += "; " + findings
	}
	fmt.Fprintln(e.stderr, line)
	preview.Built()
}

// watch reports changes below the catalog root and in the templates.
func watch(folders ...string) (*fsnotify.Watcher, error) {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, fmt.Errorf("watching for changes: %w", err)
	}
	for _, folder := range folders {
		if folder == "" {
			continue
		}
		if err := addFolders(w, folder); err != nil {
			w.Close()
			return nil, fmt.Errorf("watching for changes: %w", err)
		}
	}
	return w, nil
}

func addFolders(w *fsnotify.Watcher, top string) error {
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

// follow watches folders that have come since.
func follow(w *fsnotify.Watcher, event fsnotify.Event) {
	if info, err := os.Lstat(event.Name); event.Has(fsnotify.Create) && err == nil && info.IsDir() {
		_ = addFolders(w, event.Name) // it may be gone again
	}
}

// concerns reports whether an event may change the site: editors' own files do not.
func concerns(event fsnotify.Event) bool {
	name := filepath.Base(event.Name)
	return !strings.HasPrefix(name, ".") && !strings.HasSuffix(name, "~") && !event.Has(fsnotify.Chmod)
}

// settled waits until no file has changed for a moment. It reports false if the
// command is to end.
func settled(ctx context.Context, w *fsnotify.Watcher) bool {
	for {
		select {
		case <-ctx.Done():
			return false
		case event := <-w.Events:
			follow(w, event)
		case <-time.After(settle):
			return true
		}
	}
}
