package site

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
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

// Preview serves a site that changes while somebody edits its source, and tells open
// pages when it has. A page that comes out differently reloads. What went wrong last is
// shown in the page, over the last good one; what is wrong with the catalog is at hand in
// a corner.
type Preview struct {
	host    string
	started int64

	mu      sync.Mutex
	site    PreviewSite  // nil until there is one
	state   previewState // after the last change
	shown   int          // sites that were shown
	waiting map[chan struct{}]bool
}

// PreviewSite is a site, file by file. The error is fs.ErrNotExist for a path that is none.
type PreviewSite interface {
	File(path string) ([]byte, error)
}

// previewState is what pages are told. A page that was served from another site than the
// one named here asks whether it has changed.
type previewState struct {
	Site     string `json:"site"`
	Failure  string `json:"failure,omitempty"`  // why there is no newer site
	Title    string `json:"title,omitempty"`    // of the findings: "2 errors"
	Findings string `json:"findings,omitempty"` // as a terminal shows them
}

// NewPreview serves a site that is yet to be shown. host is the address that it listens
// on: requests for another host are refused, so that no page elsewhere can read
// the catalog by having its name point here.
func NewPreview(host string) *Preview {
	p := &Preview{host: host, waiting: map[chan struct{}]bool{}, started: time.Now().UnixNano()}
	p.state.Site = p.name()
	return p
}

// name names the site that is shown, unlike any of an earlier run on the same address.
func (p *Preview) name() string { return fmt.Sprintf("%d.%d", p.started, p.shown) }

// Show shows a site, and tells open pages so. What was said of the findings stays, until
// those of this site are known.
func (p *Preview) Show(site PreviewSite) {
	p.tell(func() {
		p.site = site
		p.shown++
		p.state.Failure = ""
	})
}

// ShowJudged shows a site, and what is wrong with the catalog: a title and the findings
// as text, both empty if nothing is.
func (p *Preview) ShowJudged(site PreviewSite, title, findings string) {
	p.tell(func() {
		p.site = site
		p.shown++
		p.state = previewState{Title: title, Findings: findings}
	})
}

// Failed tells open pages what went wrong. The last good site stays.
func (p *Preview) Failed(message string) {
	p.tell(func() { p.state.Failure = message })
}

// tell changes the state and tells open pages.
func (p *Preview) tell(change func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change()
	p.state.Site = p.name()
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
	site, state := p.site, p.state
	p.mu.Unlock()
	if site == nil {
		writePage(w, http.StatusServiceUnavailable, state.Site, []byte(failurePage(state.Failure)))
		return
	}
	name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
	if name == "" || strings.HasSuffix(r.URL.Path, "/") {
		name = path.Join(name, homePage)
	}
	status := http.StatusOK
	data, err := site.File(name)
	if errors.Is(err, fs.ErrNotExist) && path.Ext(name) == "" {
		if _, err := site.File(name + "/" + homePage); err == nil {
			http.Redirect(w, r, "/"+name+"/", http.StatusMovedPermanently)
			return
		}
	}
	if isPage := path.Ext(name) == "" || path.Ext(name) == ".html"; isPage && errors.Is(err, fs.ErrNotExist) {
		status = http.StatusNotFound
		data, err = site.File(notFoundPage)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		http.NotFound(w, r)
	case err != nil:
		writePage(w, http.StatusInternalServerError, state.Site, []byte(failurePage(err.Error())))
	case status == http.StatusNotFound || path.Ext(name) == ".html":
		writePage(w, status, state.Site, data)
	default:
		http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(data))
	}
}

// pageHeader says which page an answer holds, so that an open one can ask whether it is
// still what it was.
const pageHeader = "Signpost-Page"

// writePage adds the script that waits for the next change to a page.
func writePage(w http.ResponseWriter, status int, site string, data []byte) {
	sum := sha256.Sum256(data)
	page := hex.EncodeToString(sum[:8])
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set(pageHeader, page)
	w.WriteHeader(status)
	head := `<link rel="stylesheet" href="/-/live.css"><script defer src="/-/live.js" data-site="` + site + `" data-page="` + page + `"></script></head>`
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
		failure = "The catalog is still being read."
	}
	return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Signpost preview</title></head><body><h1>There is no site to show yet</h1><pre>` +
		html.EscapeString(failure) + `</pre></body></html>`
}

// liveScript reloads the page when it has changed, and shows what went wrong and what is
// wrong with the catalog. It is served by the preview only and is no part of the site.
const liveScript = `"use strict";
(() => {
  let {site, page} = document.currentScript.dataset;
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
  events.onmessage = async (event) => {
    const state = JSON.parse(event.data);
    if (state.site !== site) {
      const answer = await fetch(location.pathname, {method: "HEAD", cache: "no-store"});
      if (answer.headers.get("` + pageHeader + `") !== page) return location.reload();
      site = state.site;
    }
    show(state);
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
