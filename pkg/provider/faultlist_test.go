package provider_test

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
	"strings"
	"time"

	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// scope is which requests a fault strikes.
type scope int

const (
	same scope = iota // the one it begins at, however often it is asked
	once              // the first attempt only
	two               // the one and that after it
	rest              // all from there on
)

// on is among which requests first, middle and last are meant.
type on int

const (
	all   on = iota
	pages    // of the list; that after the first is the first that can be missing
	items
	onlyFirst // the list as a whole
)

func (o on) requests() []int {
	switch o {
	case pages:
		return []int{2, 3, listed}
	case onlyFirst:
		return []int{1, 1, 1}
	case items:
		return []int{listed + 1, listed + subjects/2, normal - 1}
	}
	return []int{1, listed + subjects/2, normal}
}

// fault is one way to fail, and what must come of it.
type fault struct {
	scope   scope
	on      on
	kind    snapshot.ProblemKind // that people are told; "" if it is got over
	hangs   bool                 // it is only over when patience is
	cached  bool                 // answers of yesterday are kept
	rotated bool                 // with another token
	lies    bool                 // what is old looks new, and nobody can know
	http2   bool
	network func(*live) http.RoundTripper
	serve   func(*live, http.ResponseWriter, *http.Request)
	also    func(c *cell, before, after snapshot.File)
}

var faults = map[string]fault{
	"dns-fail":        {scope: rest, kind: snapshot.Network, network: nameless},
	"connect-refused": {scope: rest, kind: snapshot.Network, network: closedPort},
	"connect-timeout": {kind: snapshot.Timeout, hangs: true, network: dropped},
	"tls-expired":     {scope: rest, kind: snapshot.Network, network: certified("127.0.0.1", -time.Hour, false), also: told("does not prove who it is, so it gets no token: tls: failed to verify certificate: x509: certificate has expired")},
	"tls-wrong-host":  {scope: rest, kind: snapshot.Network, network: certified("other.example", time.Hour, false), also: told("certificate")},
	"tls-untrusted":   {scope: rest, kind: snapshot.Network, network: certified("127.0.0.1", time.Hour, true), also: told("unknown authority")},

	"reset-before-headers": {kind: snapshot.Network, serve: reset("")},
	"reset-mid-body":       {kind: snapshot.Network, serve: reset("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n[{\"id\":")},
	"slow-headers":         {kind: snapshot.Timeout, hangs: true, serve: trickle("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n")},
	"slow-body":            {kind: snapshot.Timeout, hangs: true, serve: slowBody},
	"hang-after-headers":   {kind: snapshot.Timeout, hangs: true, serve: hang},
	"short-body":           {kind: snapshot.Network, serve: short},
	"long-body":            {kind: snapshot.Garbage, serve: endless, also: told("32 MiB")},
	"gzip-bomb":            {kind: snapshot.Garbage, serve: bomb, also: told("32 MiB")},
	"bad-gzip":             {kind: snapshot.Garbage, serve: brokenGzip, also: told("gzip")},

	"redirect-loop":       {kind: snapshot.Garbage, serve: redirect(func(_ *live, r *http.Request) string { return r.URL.String() }), also: told("circles")},
	"redirect-other-host": {kind: snapshot.Garbage, serve: redirect(func(l *live, _ *http.Request) string { return l.other.URL + "/steal" }), also: told("another host")},
	"redirect-http":       {kind: snapshot.Garbage, serve: redirect(func(l *live, _ *http.Request) string { return strings.Replace(l.url, "https:", "http:", 1) + "/plain" }), also: told("from https to http")},

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
	"status-200-empty-list": {on: onlyFirst, kind: snapshot.Loss, serve: emptyList},
	"status-200-error-body": {kind: snapshot.Garbage, serve: instead(`{"errors":[{"message":"something went wrong"}]}`)},
	"graphql-partial":       {kind: snapshot.Garbage, serve: edit(`"rank":7`, `"rank":7,"errors":[{"message":"some of it failed"}]`)},
	"json-truncated":        {kind: snapshot.Garbage, serve: half},
	"json-wrong-type":       {kind: snapshot.Garbage, serve: edit(`"rank":7`, `"rank":"seven"`)},
	"json-unknown-enum":     {kind: snapshot.Garbage, serve: edit(`"healthy"`, `"sparkling"`)},
	"json-duplicate-keys":   {kind: snapshot.Garbage, serve: edit(`"rank":7`, `"rank":7,"rank":8`), also: told("twice in one object")},
	"json-deep":             {kind: snapshot.Garbage, serve: instead(strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000)), also: told("200 levels")},
	"json-huge":             {kind: snapshot.Garbage, serve: huge, also: told("32 MiB")},
	"json-nan":              {kind: snapshot.Garbage, serve: noNumber},

	"page-missing":       {on: pages, kind: snapshot.Incomplete, serve: status(500)},
	"page-loop":          {on: pages, kind: snapshot.Incomplete, serve: nextPage(func(int) int { return 1 }), also: told("circles")},
	"page-grows":         {on: pages, kind: snapshot.Incomplete, serve: moved, also: told("listed twice")},
	"page-never-ends":    {scope: rest, on: pages, kind: snapshot.Incomplete, serve: nextPage(func(n int) int { return n + 1 }), also: told("more than 15 pages")},
	"page-token-expired": {on: pages, kind: snapshot.Incomplete, serve: status(400)},
	"count-drop-50":      {on: onlyFirst, kind: snapshot.Loss, serve: cutList(subjects / 2), also: unlessAgreed(subjects / 2)},
	"count-drop-100":     {on: onlyFirst, kind: snapshot.Loss, serve: cutList(0), also: unlessAgreed(0)},
	"id-swap":            {scope: two, on: items, kind: snapshot.Garbage, serve: swapped},

	"hostile-text": {scope: rest, serve: edit(`"today"`, hostileText), also: shown},
	"hostile-url":  {scope: rest, serve: edit(`"https://live.example/`, `"javascript:alert(1)//`), also: unlinked},

	"token-echo":            {kind: snapshot.Auth, serve: echo},
	"clock-skew-plus":       {scope: rest, serve: dated(time.Hour, 200)},
	"clock-skew-minus":      {kind: snapshot.Forbidden, serve: dated(-24*time.Hour, 403), also: told("the clock of the system is 24h")},
	"token-expired-mid-run": {scope: rest, kind: snapshot.Auth, serve: status(401)},
	"token-rotated":         {scope: rest, cached: true, rotated: true, serve: unconditional},
	"etag-lies":             {cached: true, lies: true, serve: unchanged, also: kept0600},
	"http2-goaway":          {scope: once, http2: true, serve: goAway},
}

// Faults of the network.

func nameless(l *live) http.RoundTripper {
	t := l.way("")
	t.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
		d := net.Dialer{Resolver: &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
			return nil, &net.DNSError{Err: "server misbehaving", Name: "live.example", IsTemporary: true}
		}}}
		return d.DialContext(ctx, network, "live.example.:443")
	}
	return t
}

func closedPort(l *live) http.RoundTripper {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		l.t.Fatal(err)
	}
	_ = listener.Close()
	return l.way(listener.Addr().String())
}

// dropped never connects. On loopback nothing drops packets, so the dialer waits for us.
func dropped(l *live) http.RoundTripper {
	t := l.way("")
	t.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
		<-ctx.Done()
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: ctx.Err()}
	}
	return t
}

func certified(name string, ends time.Duration, stranger bool) func(*live) http.RoundTripper {
	return func(l *live) http.RoundTripper {
		issuer := l.ca
		if stranger {
			issuer = newAuthority(l.t)
		}
		server := httptest.NewUnstartedServer(http.HandlerFunc(l.stranger)) // must get nothing
		server.TLS = &tls.Config{Certificates: []tls.Certificate{issuer.issue(l.t, name, ends)}}
		server.Config.ErrorLog = log.New(io.Discard, "", 0)
		server.StartTLS()
		l.t.Cleanup(server.Close)
		return l.way(server.Listener.Addr().String())
	}
}

// Faults of connections.

func hijacked(l *live, w http.ResponseWriter) net.Conn {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		l.t.Error(err)
	}
	return conn
}

func reset(after string) func(*live, http.ResponseWriter, *http.Request) {
	return func(l *live, w http.ResponseWriter, _ *http.Request) {
		conn := hijacked(l, w)
		_, _ = io.WriteString(conn, after)
		raw := conn.(*tls.Conn).NetConn().(*net.TCPConn)
		_ = raw.SetLinger(0) // RST instead of FIN
		_ = raw.Close()
	}
}

func trickle(text string) func(*live, http.ResponseWriter, *http.Request) {
	return func(l *live, w http.ResponseWriter, _ *http.Request) {
		conn := hijacked(l, w)
		defer conn.Close()
		for i := range text {
			if _, err := io.WriteString(conn, text[i:i+1]); err != nil {
				return
			}
			time.Sleep(100 * time.Millisecond)
		}
	}
}

func slowBody(l *live, w http.ResponseWriter, r *http.Request) {
	l.headers(w, r)
	for _, b := range l.body(r) {
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

func hang(l *live, w http.ResponseWriter, r *http.Request) {
	l.headers(w, r)
	w.(http.Flusher).Flush()
	<-r.Context().Done()
}

func short(l *live, w http.ResponseWriter, r *http.Request) {
	body := l.body(r)
	conn := hijacked(l, w)
	fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(body)+50, body)
	_ = conn.Close()
}

func endless(l *live, w http.ResponseWriter, r *http.Request) {
	l.headers(w, r)
	block := bytes.Repeat([]byte(" "), 1<<20)
	for {
		if _, err := w.Write(block); err != nil {
			return
		}
	}
}

func bomb(l *live, w http.ResponseWriter, r *http.Request) {
	l.headers(w, r)
	w.Header().Set("Content-Encoding", "gzip")
	z := gzip.NewWriter(w)
	block := bytes.Repeat([]byte(" "), 1<<20)
	for range 80 { // 80 MiB come out of 80 kB
		_, _ = z.Write(block)
	}
	_ = z.Close()
}

func brokenGzip(l *live, w http.ResponseWriter, r *http.Request) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = z.Write(l.body(r))
	_ = z.Close()
	l.headers(w, r)
	w.Header().Set("Content-Encoding", "gzip")
	_, _ = w.Write(packed.Bytes()[:packed.Len()/2])
}

func goAway(l *live, w http.ResponseWriter, r *http.Request) {
	if r.ProtoMajor != 2 {
		l.t.Errorf("this is %s; want HTTP/2", r.Proto)
	}
	w.Header().Set("Connection", "close") // net/http says GOAWAY for this
	l.good(w, r)
}

// Faults of answers.

func redirect(to func(*live, *http.Request) string) func(*live, http.ResponseWriter, *http.Request) {
	return func(l *live, w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, to(l, r), http.StatusMovedPermanently)
	}
}

func status(code int, headers ...string) func(*live, http.ResponseWriter, *http.Request) {
	return func(_ *live, w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(code)
		_, _ = io.WriteString(w, `{"message":"no, not this way"}`)
	}
}

func spent(l *live, w http.ResponseWriter, r *http.Request) {
	reset := fmt.Sprint(time.Now().Add(50 * time.Minute).Unix())
	status(403, "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", reset)(l, w, r)
}

func limitedUntil(d time.Duration) func(*live, http.ResponseWriter, *http.Request) {
	return func(l *live, w http.ResponseWriter, r *http.Request) {
		at := time.Now().UTC()
		status(429, "Date", at.Format(http.TimeFormat), "Retry-After", at.Add(d).Format(http.TimeFormat))(l, w, r)
	}
}

func html(code int) func(*live, http.ResponseWriter, *http.Request) {
	return func(_ *live, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(code)
		_, _ = io.WriteString(w, "<!doctype html><title>Sign in</title><form></form>")
	}
}

func instead(body string) func(*live, http.ResponseWriter, *http.Request) {
	return func(l *live, w http.ResponseWriter, r *http.Request) {
		l.headers(w, r)
		_, _ = io.WriteString(w, body)
	}
}

// edit changes the right answer.
func edit(old, with string) func(*live, http.ResponseWriter, *http.Request) {
	return func(l *live, w http.ResponseWriter, r *http.Request) {
		body := l.body(r)
		if !bytes.Contains(body, []byte(old)) {
			l.t.Errorf("there is no %s to change in %s", old, body)
		}
		l.headers(w, r)
		_, _ = w.Write(bytes.ReplaceAll(body, []byte(old), []byte(with)))
	}
}

func half(l *live, w http.ResponseWriter, r *http.Request) {
	body := l.body(r)
	instead(string(body[:len(body)/2]))(l, w, r)
}

func huge(l *live, w http.ResponseWriter, r *http.Request) {
	l.headers(w, r)
	_, _ = io.WriteString(w, `["`)
	block := bytes.Repeat([]byte("a"), 1<<20)
	for range 200 {
		if _, err := w.Write(block); err != nil {
			return
		}
	}
	_, _ = io.WriteString(w, `"]`)
}

func noNumber(l *live, w http.ResponseWriter, r *http.Request) {
	for at, number := range map[int]string{0: "NaN", 1: "Infinity", 2: "1e999"} {
		if l.fault.on.requests()[at] == l.at {
			edit(`"rank":7`, `"rank":`+number)(l, w, r)
		}
	}
}

func emptyList(l *live, w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, "[]")
}

// cutList answers the list whole, with fewer items.
func cutList(left int) func(*live, http.ResponseWriter, *http.Request) {
	return func(l *live, w http.ResponseWriter, _ *http.Request) {
		items := []map[string]any{}
		for n := range left {
			items = append(items, l.item(n))
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, text(l.t, items))
	}
}

// nextPage names another next page than the right one.
func nextPage(of func(int) int) func(*live, http.ResponseWriter, *http.Request) {
	return func(l *live, w http.ResponseWriter, r *http.Request) {
		page := pageOf(r)
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Link", fmt.Sprintf(`<%s/items?page=%d>; rel="next"`, l.url, of(page)))
		_, _ = w.Write(l.body(r))
	}
}

// moved begins a page with the last item of the one before.
func moved(l *live, w http.ResponseWriter, r *http.Request) {
	n := (pageOf(r) - 1) * perPage
	l.headers(w, r)
	_, _ = io.WriteString(w, text(l.t, []any{l.item(n - 1), l.item(n)}))
}

// swapped answers with the neighbour.
func swapped(l *live, w http.ResponseWriter, r *http.Request) {
	neighbour := 0
	_, _ = fmt.Sscanf(r.URL.Path, "/items/i%d", &neighbour)
	if neighbour++; neighbour-1 != l.at-listed-1 {
		neighbour -= 2
	}
	l.headers(w, r)
	_, _ = io.WriteString(w, text(l.t, l.item(neighbour)))
}

const hostileText = `"<script>alert(1)</script>\"'><img src=x onerror=alert(2)>\u202e{{.}}${7*7}\u0000"`

func echo(_ *live, w http.ResponseWriter, r *http.Request) {
	sent := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusUnauthorized)
	fmt.Fprintf(w, `{"message":"bad credentials: %s"}`, sent)
}

func dated(off time.Duration, code int) func(*live, http.ResponseWriter, *http.Request) {
	return func(l *live, w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", time.Now().Add(off).UTC().Format(http.TimeFormat))
		if code != http.StatusOK {
			status(code)(l, w, r)
			return
		}
		l.good(w, r)
	}
}

// unconditional says "not modified" to whoever asks whether something is.
func unconditional(l *live, w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("If-None-Match") != "" {
		l.t.Errorf("%s was kept, though for another token", r.URL)
		w.WriteHeader(http.StatusNotModified)
		return
	}
	l.good(w, r)
}

func unchanged(l *live, w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("If-None-Match") == "" {
		l.t.Errorf("%s was not kept", r.URL)
	}
	w.WriteHeader(http.StatusNotModified)
}

// What else must hold.

// told wants words in whatever people are told.
func told(words string) func(*cell, snapshot.File, snapshot.File) {
	return func(c *cell, _, after snapshot.File) {
		if said := fmt.Sprint(text(c.T, after.Problem), text(c.T, after.Problems)); !strings.Contains(said, words) {
			c.Errorf("nobody is told of %q: %s", words, said)
		}
	}
}

func waited(d time.Duration) func(*cell, snapshot.File, snapshot.File) {
	return func(c *cell, _, _ snapshot.File) {
		if len(c.slept) == 0 || c.slept[0] != d {
			c.Errorf("waited %v; the system asked for %s", c.slept, d)
		}
	}
}

// askedOnce wants patience: who says "tomorrow" is asked again tomorrow.
func askedOnce(c *cell, before, after snapshot.File) {
	if len(c.slept) > 0 || c.live.requests() != c.at {
		c.Errorf("%d requests and waits %v; want %d and none", c.live.requests(), c.slept, c.at)
	}
	told("used up until 20")(c, before, after)
}

// unlessAgreed wants fewer facts once somebody has said that this is right.
func unlessAgreed(left int) func(*cell, snapshot.File, snapshot.File) {
	return func(c *cell, before, _ snapshot.File) {
		facts, err := c.fetch(token)
		if err != nil {
			c.Error(err)
		}
		if after := snapshot.Merge(before, now, snapshot.Fetched{Facts: facts}, true); len(after.Health) != left {
			c.Errorf("%d facts after somebody has agreed; want %d", len(after.Health), left)
		}
	}
}

// shown wants texts as they are: to make them harmless is the page's part, and it can only
// do that once.
func shown(c *cell, _, after snapshot.File) {
	h := after.Health[subjects-1]
	if !strings.HasPrefix(h.Message, `<script>alert(1)</script>"'><img`) {
		c.Errorf("the text is %q", h.Message)
	}
}

func unlinked(c *cell, _, after snapshot.File) {
	h := after.Health[subjects-1]
	if h.URL != "" || h.Message != "today" {
		c.Errorf("the link is %q, the text %q", h.URL, h.Message)
	}
}

// kept0600 wants what is kept to be for its owner only.
func kept0600(c *cell, _, _ snapshot.File) {
	found, err := filepath.Glob(filepath.Join(c.dir, "cache", "*"))
	if err != nil || len(found) != normal {
		c.Errorf("%d answers are kept (%v); want %d", len(found), err, normal)
	}
	for _, name := range found {
		if info, err := os.Stat(name); err != nil || info.Mode() != 0o600 {
			c.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
	}
}

var _ provider.Provider = (*tester)(nil)
