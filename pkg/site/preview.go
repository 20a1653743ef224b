package site

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"io/fs"
	"net"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"
)

// Preview serves a site that is built again and again while somebody edits its
// source, and tells open pages to reload. What went wrong in the last build is
// shown in the page, over the last good one; what it found in the catalog is at
// hand in a corner.
type Preview struct {
	files fs.FS
	host  string

	started int64

	mu      sync.Mutex
	state   previewState // after the last build
	built   int          // builds that went well
	waiting map[chan struct{}]bool
}

// previewState is what pages are told of the last build. A page that was served from
// another build than the one named here reloads.
type previewState struct {
	Build    string `json:"build"`
	Failure  string `json:"failure,omitempty"`  // why there is no newer site
	Title    string `json:"title,omitempty"`    // of the findings: "2 errors"
	Findings string `json:"findings,omitempty"` // as a terminal shows them
}

// NewPreview serves the files of a folder. host is the address that it listens
// on: requests for another host are refused, so that no page elsewhere can read
// the catalog by having its name point here.
func NewPreview(files fs.FS, host string) *Preview {
	p := &Preview{files: files, host: host, waiting: map[chan struct{}]bool{}, started: time.Now().UnixNano()}
	p.state.Build = p.build()
	return p
}

// build names the site as it is, unlike any of an earlier run on the same address.
func (p *Preview) build() string { return fmt.Sprintf("%d.%d", p.started, p.built) }

// Built tells open pages that the site has changed, and what is wrong with the
// catalog: a title and the findings as text, both empty if nothing is.
func (p *Preview) Built(title, findings string) {
	p.tell(previewState{Title: title, Findings: findings})
}

// Failed tells open pages what went wrong. The last good site stays.
func (p *Preview) Failed(message string) { p.tell(previewState{Failure: message}) }

// HasSite reports whether there is a site to show, of this build or an earlier one.
func (p *Preview) HasSite() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.built > 0
}

func (p *Preview) tell(state previewState) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if state.Failure == "" {
		p.built++
	}
	state.Build = p.build()
	p.state = state
	for c := range p.waiting {
		select {
		case c <- struct{}{}:
		default: // it has not taken the last one yet, and will find the newest state
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
	case "/-/live.css":
		w.Header().Set("Content-Type", "text/css; charset=utf-8")
		fmt.Fprint(w, liveStyle)
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
	built, state := p.built > 0, p.state
	p.mu.Unlock()
	if !built {
		writePage(w, http.StatusServiceUnavailable, state.Build, []byte(failurePage(state.Failure)))
		return
	}
	name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
	if name == "" || strings.HasSuffix(r.URL.Path, "/") {
		name = path.Join(name, homePage)
	}
	data, err := p.page(name)
	if err == nil && data == nil {
		http.ServeFileFS(w, r, p.files, name)
		return
	}
	status := http.StatusOK
	if err != nil {
		status = http.StatusNotFound
		if data, err = fs.ReadFile(p.files, notFoundPage); err != nil {
			http.NotFound(w, r)
			return
		}
	}
	writePage(w, status, state.Build, data)
}

// page reads a page. What is there but is none has no data; what is not there is
// taken for a page, unless its name says that it is something else.
func (p *Preview) page(name string) ([]byte, error) {
	switch path.Ext(name) {
	case ".html":
		return fs.ReadFile(p.files, name)
	case "":
		_, err := fs.Stat(p.files, name)
		return nil, err
	}
	return nil, nil
}

// writePage adds the script that waits for the next build. The file on disk is
// left as it will be published.
func writePage(w http.ResponseWriter, status int, build string, data []byte) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	head := `<link rel="stylesheet" href="/-/live.css"><script defer src="/-/live.js" data-build="` + build + `"></script></head>`
	_, _ = w.Write(bytes.Replace(data, []byte("</head>"), []byte(head), 1)) // a reader who has gone is no error
}

// events sends the state to a page, now and after every build, until the page goes.
func (p *Preview) events(w http.ResponseWriter, r *http.Request) {
	flusher, ok := w.(http.Flusher)
	if !ok {
		http.Error(w, "events need a connection that can be flushed", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	c := make(chan struct{}, 1)
	p.mu.Lock()
	p.waiting[c] = true
	p.mu.Unlock()
	defer func() {
		p.mu.Lock()
		delete(p.waiting, c)
		p.mu.Unlock()
	}()
	p.send(w)
	flusher.Flush()
	for {
		select {
		case <-r.Context().Done():
			return
		case <-c:
			p.send(w)
			flusher.Flush()
		}
	}
}

// send sends the present state.
func (p *Preview) send(w io.Writer) {
	p.mu.Lock()
	data, _ := json.Marshal(p.state) // strings can be marshalled
	p.mu.Unlock()
	fmt.Fprintf(w, "data: %s\n\n", data)
}

// failurePage stands in until the first build goes well.
func failurePage(failure string) string {
	if failure == "" {
		failure = "The first build is still running."
	}
	return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Signpost preview</title></head><body><h1>The site is not built yet</h1><pre>` +
		html.EscapeString(failure) + `</pre></body></html>`
}

// liveScript reloads the page after a build, and shows what went wrong and what is
// wrong with the catalog. It is served by the preview only and is no part of the site.
const liveScript = `"use strict";
(() => {
  const build = document.currentScript.dataset.build;
  const make = (name, text) => Object.assign(document.createElement(name), {textContent: text});
  const button = (text, does) => {
    const b = make("button", text);
    b.type = "button";
    b.addEventListener("click", does);
    return b;
  };
  // What was put away stays away until there is something else to say.
  const key = "signpost.preview.dismissed";
  let box;
  const show = (state) => {
    const text = state.failure || state.findings || "";
    box?.remove();
    if (!text || sessionStorage.getItem(key) === text) return;
    box = document.createElement("aside");
    box.className = state.failure ? "live-box live-failure" : "live-box";
    box.setAttribute("aria-label", "Preview");
    const close = button("Dismiss", () => {
      sessionStorage.setItem(key, text);
      box.remove();
    });
    if (state.failure) {
      const title = make("p", "The site could not be built. This is the last good one.");
      title.setAttribute("role", "alert");
      box.append(title, make("pre", text), close);
    } else {
      const details = document.createElement("details");
      details.append(make("summary", state.title), make("pre", text), close);
      box.append(details);
    }
    document.body.append(box);
  };
  const events = new EventSource("/-/live");
  events.onmessage = (event) => {
    const state = JSON.parse(event.data);
    if (state.build === build) show(state);
    else location.reload();
  };
})();
`

// liveStyle keeps what is shown in a corner, so that the page stays readable.
const liveStyle = `.live-box {
  position: fixed; inset: auto 1rem 1rem auto; z-index: 1000; max-width: min(60rem, calc(100vw - 2rem));
  font: 13px/1.5 ui-monospace, monospace; background: #3b0d0c; color: #ffe9e7; border-radius: 6px; box-shadow: 0 2px 12px #0006;
}
.live-box summary { padding: .35rem .8rem; cursor: pointer; }
.live-box pre { max-height: 50vh; overflow: auto; margin: 0; padding: .5rem .8rem; white-space: pre-wrap; background: none; color: inherit; border: 0; }
.live-box p { margin: 0; padding: .6rem .8rem 0; }
.live-box button { margin: .2rem .8rem .6rem; padding: .2rem .7rem; font: inherit; color: inherit; background: none; border: 1px solid currentColor; border-radius: 4px; cursor: pointer; }
.live-failure { left: 1rem; }
@media print { .live-box { display: none; } }
`
