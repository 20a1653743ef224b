package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/pkg/site"
)

type serveOptions struct {
	path      string
	addr      string
	templates string
	snapshots string
	now       nowFlag
}

func newServe(e env) *cobra.Command {
	var o serveOptions
	c := &cobra.Command{
		Use:   "serve [PATH]",
		Short: "Preview the site, and reload it on every save",
		Long: `Serve shows the site of the catalog at PATH (default: here) on this machine. Nothing is
written: pages are drawn when they are asked for. Whenever a file is saved, open pages
that it changes reload at once; then the catalog is checked, and what is wrong is shown
in the page and in the terminal. A snapshot that is taken meanwhile is shown, too. While a file cannot be read, since it is half typed,
the last good site stays.`,
		Args: atMost(1),
		RunE: func(c *cobra.Command, args []string) error {
			o.path = operand(args, 0, ".")
			return runServe(c.Context(), e, o)
		},
	}
	c.Flags().StringVar(&o.addr, "addr", "127.0.0.1:8080", "the address to listen on")
	c.Flags().StringVar(&o.templates, "templates", "", "a folder with templates, styles and scripts that replace ours")
	addNow(c.Flags(), &o.now)
	addSnapshots(c.Flags(), &o.snapshots)
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
	templates, err := templateLayers(o.templates)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", o.addr)
	if err != nil {
		return err
	}
	store, err := storeToServe(ctx, root, o)
	if err != nil {
		listener.Close()
		return err
	}
	watcher, err := watch(root, o.templates, store)
	if err != nil {
		listener.Close()
		return err
	}
	defer watcher.Close()

	preview := site.NewPreview(listener.Addr().String())
	server := &http.Server{Handler: preview, ReadHeaderTimeout: 10 * time.Second, BaseContext: func(net.Listener) context.Context { return ctx }}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	defer server.Close()

	c := edited{env: e, options: o, templates: templates, preview: preview, unseen: map[string]bool{}, end: func() {}}
	defer c.close()
	announce(e.stderr, listener.Addr())
	c.show(ctx, nil)
	for {
		saved := map[string]bool{}
		select {
		case <-ctx.Done():
			return nil
		case err := <-failed:
			return err
		case err := <-watcher.Errors:
			fmt.Fprintf(e.stderr, "watching for changes: %v; reading everything again\n", err)
			saved[catalog.ConfigFile] = true // what it decides about is read again: all
		case event := <-watcher.Events:
			watcher.note(saved, event)
		}
		if !watcher.settled(ctx, saved) {
			return nil
		}
		if len(saved) > 0 {
			c.show(ctx, saved)
		}
	}
}

// storeToServe returns where snapshots are, or will be once one is taken.
func storeToServe(ctx context.Context, root string, o serveOptions) (string, error) {
	w := workspace{dir: root}
	if err := w.locate(ctx, o.path); err != nil {
		return "", err
	}
	return filepath.Abs(w.storeFor(o.snapshots))
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
