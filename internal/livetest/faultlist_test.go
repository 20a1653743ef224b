package livetest

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// scope is which requests a fault strikes.
type scope int

const (
	same scope = iota // the one it begins at, however often it is asked
	once              // the first attempt only
	rest              // all from there on
)

// on is among which requests first, middle and last are meant.
type on int

const (
	all       on = iota
	pages        // of lists; that after the first is the first that can be missing
	items        // about one entity
	onlyFirst    // what there is, as a whole
)

// altered is an outcome that is no problem: a fact is another, as the fault or the table of
// the system gives reason.
const altered snapshot.ProblemKind = "altered"

// fault is one way to fail, and what must come of it.
type fault struct {
	name    string
	scope   scope
	on      on
	method  string               // of requests that it can strike; empty for all
	kind    snapshot.ProblemKind // that people are told; "" if it is got over
	edit    bool                 // a system says itself what is changed, see system.edits
	maybe   bool                 // nothing may be missing
	hangs   bool                 // it is only over when patience is
	cached  bool                 // answers of yesterday are kept
	rotated bool                 // with another token
	lies    bool                 // what is old looks new, and nobody can know
	http2   bool
	amount  func(int) int // of things that there are
	network func(*cell) http.RoundTripper
	serve   func(*cell, http.ResponseWriter, *http.Request)
	also    func(*cell, snapshot.File)
}

var faults = map[string]fault{
	"dns-fail":        {scope: rest, kind: snapshot.Network, network: nameless},
	"connect-refused": {scope: rest, kind: snapshot.Network, network: closedPort},
	"connect-timeout": {kind: snapshot.Timeout, hangs: true, network: dropped},
	"tls-expired":     {scope: rest, kind: snapshot.Network, network: certified("live.example", -time.Hour, false), also: told("does not prove who it is, so it gets no token: tls: failed to verify certificate: x509: certificate has expired")},
	"tls-wrong-host":  {scope: rest, kind: snapshot.Network, network: certified("other.example", time.Hour, false), also: told("certificate")},
	"tls-untrusted":   {scope: rest, kind: snapshot.Network, network: certified("live.example", time.Hour, true), also: told("unknown authority")},

	"reset-before-headers": {kind: snapshot.Network, serve: reset("")},
	"reset-mid-body":       {kind: snapshot.Network, serve: reset("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n[{\"id\":")},
	"slow-headers":         {kind: snapshot.Timeout, hangs: true, serve: trickle("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n")},
	"slow-body":            {kind: snapshot.Timeout, hangs: true, serve: slowBody},
	"hang-after-headers":   {kind: snapshot.Timeout, hangs: true, serve: hang},
	"short-body":           {kind: snapshot.Network, serve: short},
	"long-body":            {kind: snapshot.Garbage, serve: bodyWithoutEnd, also: told("more than 1 MiB")},
	"gzip-bomb":            {kind: snapshot.Garbage, serve: bomb, also: told("more than 1 MiB")},
	"bad-gzip":             {kind: snapshot.Garbage, serve: brokenGzip, also: told("gzip")},

	"redirect-loop":       {kind: snapshot.Garbage, serve: redirect(func(_ *cell, r *http.Request) string { return r.URL.String() }), also: told("circles")},
	"redirect-other-host": {kind: snapshot.Garbage, serve: redirect(func(*cell, *http.Request) string { return "https://other.example/steal" }), also: told("another host")},
	"redirect-http":       {kind: snapshot.Garbage, serve: redirect(func(*cell, *http.Request) string { return "http://live.example/plain" }), also: told("from https to http")},

	"status-400":           {kind: snapshot.Config, serve: status(400)},
	"status-401":           {kind: snapshot.Auth, serve: status(401)},
	"status-403-scope":     {kind: snapshot.Forbidden, serve: status(403)},
	"status-403-secondary": {kind: snapshot.RateLimit, serve: status(403, "Retry-After", "60"), also: waited(time.Minute)},
	"status-403-ratelimit": {scope: rest, kind: snapshot.RateLimit, serve: spent, also: askedOnce},
	"status-404-one":       {on: items, kind: snapshot.NotFound, serve: status(404)},
	"status-404-all":       {scope: rest, kind: snapshot.NotFound, serve: status(404)},
	"status-409":           {kind: snapshot.Server, serve: status(409)},
	"status-422":           {kind: snapshot.Config, serve: status(422)},
	"status-429-seconds":   {kind: snapshot.RateLimit, serve: status(429, "Retry-After", "30"), also: waited(30 * time.Second)},
	"status-429-date":      {kind: snapshot.RateLimit, serve: limitedUntil(30 * time.Second), also: waited(30 * time.Second)},
	"status-429-none":      {kind: snapshot.RateLimit, serve: status(429)},
	"status-429-huge":      {scope: rest, kind: snapshot.RateLimit, serve: status(429, "Retry-After", "86400"), also: askedOnce},
	"status-500":           {scope: once, serve: status(500)},
	"status-502-html":      {kind: snapshot.Server, serve: html(502)},
	"status-503-forever":   {scope: rest, kind: snapshot.Server, serve: status(503)},

	"status-200-html":       {kind: snapshot.Garbage, serve: html(200), also: told("sign in")},
	"status-200-empty":      {kind: snapshot.Garbage, serve: instead(""), also: told("empty")},
	"status-200-empty-list": {on: onlyFirst, kind: snapshot.NotFound, amount: func(int) int { return 0 }},
	"status-200-error-body": {kind: snapshot.Garbage, serve: instead(`{"errors":[{"message":"something went wrong"}]}`)},
	"graphql-partial":       {edit: true, kind: snapshot.Garbage, serve: edited},
	"json-truncated":        {kind: snapshot.Garbage, serve: half},
	"json-wrong-type":       {edit: true, kind: snapshot.Garbage, serve: edited},
	"json-unknown-enum":     {edit: true, kind: snapshot.Garbage, serve: edited},
	"json-duplicate-keys":   {kind: snapshot.Garbage, serve: twice, also: told("twice in one object")},
	"json-deep":             {kind: snapshot.Garbage, serve: instead(strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000)), also: told("200 levels")},
	"json-huge":             {kind: snapshot.Garbage, serve: huge, also: told("more than 1 MiB")},
	"json-nan":              {kind: snapshot.Garbage, serve: noNumber},

	"page-missing":       {on: pages, kind: snapshot.Incomplete, serve: status(500)},
	"page-loop":          {on: pages, kind: snapshot.Incomplete, serve: firstAgain},
	"page-grows":         {on: pages, kind: snapshot.NotFound, maybe: true, serve: moved},
	"page-never-ends":    {scope: rest, on: pages, kind: snapshot.Incomplete, serve: secondAgain},
	"page-token-expired": {on: pages, kind: snapshot.Incomplete, serve: status(400)},
	"count-drop-50":      {on: onlyFirst, kind: snapshot.NotFound, amount: func(n int) int { return n / 2 }},
	"count-drop-100":     {on: onlyFirst, kind: snapshot.NotFound, amount: func(int) int { return 0 }},
	"id-swap":            {on: items, kind: snapshot.Garbage, serve: swapped},

	"hostile-text": {edit: true, scope: rest, kind: altered, serve: edited, also: harmless},
	"hostile-url":  {edit: true, scope: rest, kind: altered, serve: edited, also: harmless},

	"token-echo":            {kind: snapshot.Auth, serve: echo},
	"clock-skew-plus":       {scope: rest, serve: dated(time.Hour, 200)},
	"clock-skew-minus":      {kind: snapshot.Forbidden, serve: dated(-24*time.Hour, 403), also: told("the clock of the system is 24h")},
	"token-expired-mid-run": {scope: rest, kind: snapshot.Auth, serve: status(401)},
	"token-rotated":         {scope: rest, cached: true, rotated: true, method: http.MethodGet, serve: unconditional},
	"etag-lies":             {cached: true, lies: true, method: http.MethodGet, serve: unchanged, also: kept0600},
	"http2-goaway":          {scope: once, http2: true, serve: goAway},
}

// Faults of the network.

func nameless(c *cell) http.RoundTripper {
	t := c.to(c.T, "", false)
	t.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
		d := net.Dialer{Resolver: &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
			return nil, &net.DNSError{Err: "server misbehaving", Name: "live.example", IsTemporary: true}
		}}}
		return d.DialContext(ctx, network, "live.example.:443")
	}
	return t
}

func closedPort(c *cell) http.RoundTripper {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		c.Fatal(err)
	}
	_ = listener.Close()
	return c.to(c.T, listener.Addr().String(), false)
}

// dropped never connects. On loopback nothing drops packets, so the dialer waits for us.
func dropped(c *cell) http.RoundTripper {
	t := c.to(c.T, "", false)
	t.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
		<-ctx.Done()
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: ctx.Err()}
	}
	return t
}

func certified(name string, ends time.Duration, stranger bool) func(*cell) http.RoundTripper {
	return func(c *cell) http.RoundTripper {
		issuer := c.ca
		if stranger {
			issuer = newAuthority(c.T)
		}
		server := httptest.NewUnstartedServer(http.HandlerFunc(c.stranger)) // must get nothing
		server.TLS = &tls.Config{Certificates: []tls.Certificate{issuer.issue(c.T, name, ends)}}
		server.Config.ErrorLog = log.New(io.Discard, "", 0)
		server.StartTLS()
		c.Cleanup(server.Close)
		return c.to(c.T, server.Listener.Addr().String(), false)
	}
}

// Faults of connections.

func hijacked(c *cell, w http.ResponseWriter) net.Conn {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		c.Error(err)
	}
	return conn
}

func reset(after string) func(*cell, http.ResponseWriter, *http.Request) {
	return func(c *cell, w http.ResponseWriter, _ *http.Request) {
		conn := hijacked(c, w)
		_, _ = io.WriteString(conn, after)
		raw := conn.(*tls.Conn).NetConn().(*net.TCPConn)
		_ = raw.SetLinger(0) // RST instead of FIN
		_ = raw.Close()
	}
}

func trickle(text string) func(*cell, http.ResponseWriter, *http.Request) {
	return func(c *cell, w http.ResponseWriter, _ *http.Request) {
		conn := hijacked(c, w)
		defer conn.Close()
		for i := range text {
			if _, err := io.WriteString(conn, text[i:i+1]); err != nil {
				return
			}
			time.Sleep(100 * time.Millisecond)
		}
	}
}

func slowBody(c *cell, w http.ResponseWriter, r *http.Request) {
	c.headers(w, r)
	for _, b := range c.answer(r).Body.Bytes() {
		if _, err := w.Write([]byte{b}); err != nil {
			return
		}
		w.(http.Flusher).Flush()
		select {
		case <-r.Context().Done():
			return
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func hang(c *cell, w http.ResponseWriter, r *http.Request) {
	c.headers(w, r)
	w.(http.Flusher).Flush()
	<-r.Context().Done()
}

func short(c *cell, w http.ResponseWriter, r *http.Request) {
	body := c.answer(r).Body.Bytes()
	conn := hijacked(c, w)
	fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(body)+50, body)
	_ = conn.Close()
}

func bodyWithoutEnd(c *cell, w http.ResponseWriter, r *http.Request) {
	c.headers(w, r)
	block := bytes.Repeat([]byte(" "), 1<<20)
	for {
		if _, err := w.Write(block); err != nil {
			return
		}
	}
}

// packed is 4 MiB in 4 kB; more than the limit is all that counts.
var packed = sync.OnceValue(func() []byte {
	var all bytes.Buffer
	z := gzip.NewWriter(&all)
	_, _ = z.Write(bytes.Repeat([]byte(" "), 4<<20)) // into memory, which does not fail
	_ = z.Close()
	return all.Bytes()
})

func bomb(c *cell, w http.ResponseWriter, r *http.Request) {
	c.headers(w, r)
	w.Header().Set("Content-Encoding", "gzip")
	_, _ = w.Write(packed())
}

func brokenGzip(c *cell, w http.ResponseWriter, r *http.Request) {
	var whole bytes.Buffer
	z := gzip.NewWriter(&whole)
	_, _ = z.Write(c.answer(r).Body.Bytes())
	_ = z.Close()
	c.headers(w, r)
	w.Header().Set("Content-Encoding", "gzip")
	_, _ = w.Write(whole.Bytes()[:whole.Len()/2])
}

func goAway(c *cell, w http.ResponseWriter, r *http.Request) {
	if r.ProtoMajor != 2 {
		c.Errorf("this is %s; want HTTP/2", r.Proto)
	}
	w.Header().Set("Connection", "close") // net/http says GOAWAY for this
	c.good(w, r)
}

// Faults of answers.

func redirect(to func(*cell, *http.Request) string) func(*cell, http.ResponseWriter, *http.Request) {
	return func(c *cell, w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, to(c, r), http.StatusMovedPermanently)
	}
}

func status(code int, headers ...string) func(*cell, http.ResponseWriter, *http.Request) {
	return func(_ *cell, w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(code)
		_, _ = io.WriteString(w, `{"message":"no, not this way"}`)
	}
}

func spent(c *cell, w http.ResponseWriter, r *http.Request) {
	reset := fmt.Sprint(time.Now().Add(50 * time.Minute).Unix())
	status(403, "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", reset)(c, w, r)
}

func limitedUntil(d time.Duration) func(*cell, http.ResponseWriter, *http.Request) {
	return func(c *cell, w http.ResponseWriter, r *http.Request) {
		at := time.Now().UTC()
		status(429, "Date", at.Format(http.TimeFormat), "Retry-After", at.Add(d).Format(http.TimeFormat))(c, w, r)
	}
}

func html(code int) func(*cell, http.ResponseWriter, *http.Request) {
	return func(_ *cell, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(code)
		_, _ = io.WriteString(w, "<!doctype html><title>Sign in</title><form></form>")
	}
}

func instead(body string) func(*cell, http.ResponseWriter, *http.Request) {
	return func(c *cell, w http.ResponseWriter, r *http.Request) {
		c.headers(w, r)
		_, _ = io.WriteString(w, body)
	}
}

// edited changes the right answer as the system says.
func edited(c *cell, w http.ResponseWriter, r *http.Request) {
	change := c.system.edits[c.name]
	c.headers(w, r)
	_, _ = io.WriteString(w, strings.ReplaceAll(c.answer(r).Body.String(), change[0], change[1]))
}

// twice has the first key of an object two times.
func twice(c *cell, w http.ResponseWriter, r *http.Request) {
	body := c.answer(r).Body.String()
	key := regexp.MustCompile(`"[^"]*":`).FindString(body)
	c.headers(w, r)
	_, _ = io.WriteString(w, strings.Replace(body, key, key+"null,"+key, 1))
}

func half(c *cell, w http.ResponseWriter, r *http.Request) {
	body := c.answer(r).Body.Bytes()
	instead(string(body[:len(body)/2]))(c, w, r)
}

func huge(c *cell, w http.ResponseWriter, r *http.Request) {
	c.headers(w, r)
	_, _ = io.WriteString(w, `["`)
	block := bytes.Repeat([]byte("a"), 1<<20)
	for range 200 { // unless who reads goes away
		if _, err := w.Write(block); err != nil {
			return
		}
	}
	_, _ = io.WriteString(w, `"]`)
}

func noNumber(c *cell, w http.ResponseWriter, r *http.Request) {
	body := c.answer(r).Body.String()
	c.headers(w, r)
	number := []string{"NaN", "Infinity", "1e999"}[c.place]
	_, _ = io.WriteString(w, regexp.MustCompile(`"[^"]*":`).ReplaceAllStringFunc(body, func(key string) string {
		return `"odd":` + number + `,` + key
	}))
}

// firstAgain answers with the first page of the list.
func firstAgain(c *cell, w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	for name, first := range c.system.pages {
		if query.Has(name) {
			query.Set(name, first)
		}
	}
	r.URL.RawQuery = query.Encode()
	r.RequestURI = r.URL.RequestURI()
	c.good(w, r)
}

// secondAgain has a next page after every page.
func secondAgain(c *cell, w http.ResponseWriter, r *http.Request) {
	r.Header.Set(amount, "500")
	r.Header.Set(endless, "yes")
	c.good(w, r)
}

// moved has a thing more at the beginning of the list, so that a page begins with the last
// of the one before, and its own last is nowhere.
func moved(c *cell, w http.ResponseWriter, r *http.Request) {
	r.Header.Set(shifted, "yes")
	c.good(w, r)
}

// swapped answers with the neighbour.
func swapped(c *cell, w http.ResponseWriter, r *http.Request) {
	to := "svc-00"
	if strings.Contains(r.URL.String(), to) {
		to = "svc-01"
	}
	r.URL.Path = regexp.MustCompile(`svc-\d\d`).ReplaceAllString(r.URL.Path, to)
	r.URL.RawQuery = regexp.MustCompile(`svc-\d\d`).ReplaceAllString(r.URL.RawQuery, to)
	c.good(w, r)
}

// hostileText is what an attacker may name a thing, as JSON.
const hostileText = `<script>alert(1)</script>\"'><img src=x onerror=alert(2)>\u202e{{.}}${7*7}\u0000`

func echo(_ *cell, w http.ResponseWriter, r *http.Request) {
	sent := r.Header.Get("Authorization") + r.Header.Get("DD-API-KEY")
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusUnauthorized)
	fmt.Fprintf(w, `{"message":"bad credentials: %s"}`, sent)
}

func dated(off time.Duration, code int) func(*cell, http.ResponseWriter, *http.Request) {
	return func(c *cell, w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", time.Now().Add(off).UTC().Format(http.TimeFormat))
		if code != http.StatusOK {
			status(code)(c, w, r)
			return
		}
		c.good(w, r)
	}
}

// unconditional says "not modified" to whoever asks whether something is.
func unconditional(c *cell, w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("If-None-Match") != "" {
		c.Errorf("%s was kept, though for another token", r.URL)
		w.WriteHeader(http.StatusNotModified)
		return
	}
	c.good(w, r)
}

func unchanged(c *cell, w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("If-None-Match") == "" {
		c.Errorf("%s was not kept", r.URL)
	}
	w.WriteHeader(http.StatusNotModified)
}

// What else must hold.

// told wants words in whatever people are told.
func told(words string) func(*cell, snapshot.File) {
	return func(c *cell, after snapshot.File) {
		if c.expected.differs {
			return
		}
		if said := asJSON([]any{after.Problem, after.Problems}); !strings.Contains(said, words) {
			c.Errorf("nobody is told of %q: %s", words, said)
		}
	}
}

func waited(d time.Duration) func(*cell, snapshot.File) {
	return func(c *cell, _ snapshot.File) {
		if len(c.slept) == 0 || c.slept[0] != d {
			c.Errorf("waited %v; the system asked for %s", c.slept, d)
		}
	}
}

// askedOnce wants patience: who says "tomorrow" is asked again tomorrow. What was on its way
// already cannot be taken back.
func askedOnce(c *cell, after snapshot.File) {
	if len(c.slept) > 0 || c.way.hits > provider.Connections {
		c.Errorf("%d requests and waits %v after it was refused; want none", c.way.hits, c.slept)
	}
	told("used up until 20")(c, after)
}

// harmless wants texts as they are, since to make them safe is the page's part, but links
// that a browser may follow.
func harmless(c *cell, after snapshot.File) {
	for key, is := range facts(after) {
		for _, link := range []string{"url", "log", "runbook"} {
			if strings.Contains(is, `"`+link+`":"javascript`) {
				c.Errorf("%s: %s", key, is)
			}
		}
	}
}

// kept0600 wants what is kept to be for its owner only.
func kept0600(c *cell, _ snapshot.File) {
	found, err := filepath.Glob(filepath.Join(c.dir, "cache", "*"))
	if err != nil || len(found) == 0 {
		c.Errorf("%d answers are kept (%v)", len(found), err)
	}
	for _, name := range found {
		if info, err := os.Stat(name); err != nil || info.Mode() != 0o600 {
			c.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
	}
}
