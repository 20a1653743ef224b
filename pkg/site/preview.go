package site

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"io/fs"
	"net"
	"net/http"
	"path"
	"strings"
	"sync"
)

// Preview serves a site that is built again and again while somebody edits its
// source, and tells open pages to reload. What went wrong in the last build is
// shown in the page, over the last good one.
type Preview struct {
	files fs.FS
	host  string

	mu      sync.Mutex
	failure string // of the last build; empty if it went well
	built   bool   // whether any build went well
	waiting map[chan string]bool
}

// NewPreview serves the files of a folder. host is the address that it listens
// on: requests for another host are refused, so that no page elsewhere can read
// the catalog by having its name point here.
func NewPreview(files fs.FS, host string) *Preview {
	return &Preview{files: files, host: host, waiting: map[chan string]bool{}}
}

// Built tells open pages that the site has changed.
func (p *Preview) Built() { p.tell("") }

// Failed tells open pages what went wrong.
func (p *Preview) Failed(message string) { p.tell(message) }

func (p *Preview) tell(failure string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.failure = failure
	p.built = p.built || failure == ""
	for c := range p.waiting {
		select {
		case c <- failure:
		default: // it has not taken the last message yet, and will reload anyway
		}
	}
}

// ServeHTTP answers for pages, for the script that waits, and for its events.
func (p *Preview) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !p.allowed(r.Host) {
		http.Error(w, "this preview answers on "+p.host+" only", http.StatusMisdirectedRequest)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	switch r.URL.Path {
	case "/-/live.js":
		w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
		fmt.Fprint(w, liveScript)
	case "/-/live":
		p.events(w, r)
	default:
		p.file(w, r)
	}
}

// allowed reports whether a request names the address that we listen on.
func (p *Preview) allowed(host string) bool {
	name, port, err := net.SplitHostPort(host)
	if err != nil {
		name, port = host, "80"
	}
	ours, ourPort, err := net.SplitHostPort(p.host)
	if err != nil || port != ourPort {
		return false
	}
	if ip := net.ParseIP(ours); ip == nil || !ip.IsLoopback() {
		return true // the user chose to be reachable from elsewhere
	}
	ip := net.ParseIP(name)
	return name == "localhost" || ip != nil && ip.IsLoopback()
}

func (p *Preview) file(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	built, failure := p.built, p.failure
	p.mu.Unlock()
	if !built {
		writePage(w, http.StatusServiceUnavailable, []byte(failurePage(failure)))
		return
	}
	name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
	if name == "" || strings.HasSuffix(r.URL.Path, "/") {
		name = path.Join(name, homePage)
	}
	if path.Ext(name) != ".html" {
		http.ServeFileFS(w, r, p.files, name)
		return
	}
	data, err := fs.ReadFile(p.files, name)
	status := http.StatusOK
	if err != nil {
		status = http.StatusNotFound
		if data, err = fs.ReadFile(p.files, notFoundPage); err != nil {
			http.NotFound(w, r)
			return
		}
	}
	writePage(w, status, data)
}

// writePage adds the script that waits for the next build. The file on disk is
// left as it will be published.
func writePage(w http.ResponseWriter, status int, data []byte) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	script := []byte(`<script defer src="/-/live.js"></script></head>`)
	_, _ = w.Write(bytes.Replace(data, []byte("</head>"), script, 1)) // a reader who has gone is no error
}

// events sends an event for every build to a page, until the page goes.
func (p *Preview) events(w http.ResponseWriter, r *http.Request) {
	flusher, ok := w.(http.Flusher)
	if !ok {
		http.Error(w, "events need a connection that can be flushed", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	c := make(chan string, 1)
	p.mu.Lock()
	p.waiting[c] = true
	if p.failure != "" {
		c <- p.failure
	}
	p.mu.Unlock()
	defer func() {
		p.mu.Lock()
		delete(p.waiting, c)
		p.mu.Unlock()
	}()
	fmt.Fprint(w, ": waiting\n\n")
	flusher.Flush()
	for {
		select {
		case <-r.Context().Done():
			return
		case failure := <-c:
			data, _ := json.Marshal(failure) // a string can be marshalled
			fmt.Fprintf(w, "data: %s\n\n", data)
			flusher.Flush()
		}
	}
}

// failurePage stands in until the first build goes well.
func failurePage(failure string) string {
	if failure == "" {
		failure = "The first build is still running."
	}
	return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Signpost preview</title></head><body><h1>The site is not built yet</h1><pre>` +
		html.EscapeString(failure) + `</pre></body></html>`
}

// liveScript reloads the page after a build, or shows what went wrong. It is
// served by the preview only and is no part of the site.
const liveScript = `"use strict";
(() => {
  const events = new EventSource("/-/live");
  let box;
  events.onmessage = (event) => {
    const failure = JSON.parse(event.data);
    if (!failure) {
      location.reload();
      return;
    }
    if (!box) {
      box = document.createElement("pre");
      box.setAttribute("role", "alert");
      Object.assign(box.style, {
        position: "fixed", inset: "auto 1rem 1rem 1rem", zIndex: 1000, maxHeight: "60vh", overflow: "auto",
        margin: 0, padding: "1rem", font: "13px/1.5 ui-monospace, monospace", whiteSpace: "pre-wrap",
        background: "#3b0d0c", color: "#ffe9e7", borderRadius: "6px",
      });
      document.body.append(box);
    }
    box.textContent = "The site could not be built. This is the last good one.\n\n" + failure;
  };
})();
`
