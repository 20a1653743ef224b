package browsertest

import (
	"context"
	"io/fs"
	"mime"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// chromium is the one browser of a run. Tests open tabs in it, each with storage of
// its own.
var chromium struct {
	sync.Mutex
	ctx  context.Context // nil until the first tab
	stop func()
}

// findBrowser returns the browser to use, or "".
func findBrowser() string {
	if own := os.Getenv("SIGNPOST_BROWSER"); own != "" {
		return own
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// openBrowser starts the browser of the run, or returns the one that runs.
func openBrowser(t testing.TB) context.Context {
	t.Helper()
	chromium.Lock()
	defer chromium.Unlock()
	if chromium.ctx != nil {
		return chromium.ctx
	}
	program := findBrowser()
	if program == "" {
		missing(t, "a browser (Chromium)")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(program), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("force-prefers-no-reduced-motion", true),
	)
	allocator, stopAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancel := chromedp.NewContext(allocator)
	if err := chromedp.Do(ctx); err != nil {
		cancel()
		stopAllocator()
		t.Fatalf("starting %s: %v", program, err)
	}
	chromium.ctx = ctx
	chromium.stop = func() {
		end, done := context.WithTimeout(ctx, 10*time.Second)
		_ = chromedp.Cancel(end) // it is on its way out; what remains is killed below
		done()
		cancel()
		stopAllocator()
	}
	return ctx
}

func closeBrowser() {
	chromium.Lock()
	defer chromium.Unlock()
	if chromium.stop != nil {
		chromium.stop()
	}
}

// serve serves a site below /catalog/, as hosts of static pages do: what is not there
// is answered with 404.html. The script of every page comes scriptDelay late. It returns
// the address of the site's root.
func serve(t testing.TB, dir string, scriptDelay time.Duration) string {
	t.Helper()
	files := os.DirFS(dir)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, below := strings.CutPrefix(r.URL.Path, "/catalog/")
		if name == "" || strings.HasSuffix(name, "/") {
			name += "index.html"
		}
		status := http.StatusOK
		data, err := fs.ReadFile(files, name)
		if !below || err != nil {
			name, status = "404.html", http.StatusNotFound
			data, _ = fs.ReadFile(files, name) // a site without one has an empty answer
		}
		if scriptDelay > 0 && strings.HasPrefix(name, "assets/main.") {
			time.Sleep(scriptDelay)
		}
		w.Header().Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
		w.WriteHeader(status)
		_, _ = w.Write(data) // a browser that goes away needs no answer
	}))
	t.Cleanup(server.Close)
	return server.URL + "/catalog/"
}
