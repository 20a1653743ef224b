package main

import (
	"context"
	"errors"
	"fmt"
	"io"
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
machine and builds it again whenever a file is saved. Open pages reload. What is wrong
with the catalog is shown in the page and in the terminal; while a file cannot be read,
since it is half typed, the last good site stays.`,
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
	temporary, err := os.MkdirTemp("", "signpost-serve-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temporary)
	out := filepath.Join(temporary, "site")
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

	r := rebuilder{env: e, options: o, out: out, cache: filepath.Join(temporary, "cache"), preview: preview}
	r.rebuild(ctx)
	announce(e.stderr, listener.Addr())
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
				r.rebuild(ctx)
			}
		}
	}
}

// announce says where the preview is, and who can see it.
func announce(w io.Writer, addr net.Addr) {
	host, port, err := net.SplitHostPort(addr.String())
	if err != nil {
		host = addr.String()
	}
	ip := net.ParseIP(host)
	if ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	fmt.Fprintf(w, "serving on http://%s (end with Ctrl-C)\n", net.JoinHostPort(host, port))
	if ip != nil && !ip.IsLoopback() {
		fmt.Fprintln(w, "careful: this is not limited to your machine; whoever can reach it reads the whole catalog")
	}
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
