package provider

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/signpost-dev/signpost/pkg/snapshot"
)

func TestAddressesInside(t *testing.T) {
	tests := map[string]bool{
		"140.82.121.6": false, "2606:50c0:8000::154": false, "8.8.8.8": false,
		"127.0.0.1": true, "127.8.8.8": true, "::1": true, "10.1.2.3": true, "172.16.0.1": true, "192.168.1.1": true, "169.254.169.254": true,
		"fe80::1%eth0": true, "fd00::1": true, "0.0.0.0": true, "::": true, "100.64.1.1": true, "::ffff:10.0.0.1": true, "::ffff:127.0.0.1": true,
		"64:ff9b::a00:1": true, "2002:7f00:1::": true, "224.0.0.1": true, "255.255.255.255": true, "0.1.2.3": true, "::7f00:1": true, "198.18.0.1": true,
	}
	for address, want := range tests {
		if got := inside(netip.MustParseAddr(address).Unmap()); got != want {
			t.Errorf("%s is inside: %t", address, got)
		}
	}
	for _, address := range []string{"169.254.169.254", "fe80::1", "fd00:ec2::254"} {
		if !metadata(netip.MustParseAddr(address)) {
			t.Errorf("%s is allowed with Private", address)
		}
	}
}

func TestStrictJSON(t *testing.T) {
	nested := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	tests := map[string]string{ // words of the error; "" for none
		`{"a": [1, 2.5e3, "x\"[[", null, true, {"a": {}}]}`: "",
		`"text"`: "", ` 1 `: "", `{}`: "", nested(200): "", `[{"a":1},{"a":2}]`: "",
		`"` + strings.Repeat("[", 300) + `"`: "",
		``:                                   "empty", " \n": "empty", nested(201): "200 levels",
		`{"a": 1, "b": {"c": 1, "c": 2}}`: "twice", `{"a":1,"\u0061":2}`: "twice",
		`{"a": NaN}`: "no JSON", `[Infinity]`: "no JSON", `[1e999]`: "no JSON", `{"a": [1`: "no JSON", `{"a"`: "no JSON", `[1,]`: "no JSON", `{"a":1`: "no JSON", `nul`: "no JSON",
		`{} {}`: "follows", `[] x`: "follows", `{a: 1}`: "no JSON", `]`: "no JSON",
	}
	for text, words := range tests {
		err := Strict([]byte(text))
		if (err == nil) != (words == "") || err != nil && !strings.Contains(err.Error(), words) {
			t.Errorf("%.60s: got %v; want %q", text, err, words)
		}
	}
}

// FuzzStrict holds that whatever passes is JSON, and that nothing brings it down.
func FuzzStrict(f *testing.F) {
	for _, s := range []string{`{"a":[1,{"b":"\u00e9"}]}`, `[[[`, `{"a":1,"a":2}`, "", `"\`, `1e400`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if Strict([]byte(text)) == nil && !json.Valid([]byte(text)) {
			t.Errorf("%q passes and is no JSON", text)
		}
	})
}

func TestWaitAsked(t *testing.T) {
	now := time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)
	header := func(pairs ...string) http.Header {
		h := http.Header{}
		for i := 0; i < len(pairs); i += 2 {
			h.Set(pairs[i], pairs[i+1])
		}
		return h
	}
	in := func(d time.Duration) string { return now.Add(d).Format(http.TimeFormat) }
	tests := []struct {
		header http.Header
		want   time.Duration
		ok     bool
	}{
		{header(), 0, false},
		{header("Retry-After", "30"), 30 * time.Second, true},
		{header("Retry-After", "0.5"), 500 * time.Millisecond, true},
		{header("Retry-After", in(time.Minute)), time.Minute, true},
		{header("Retry-After", in(-time.Minute)), 0, true},
		{header("Retry-After", in(-time.Hour+time.Minute), "Date", in(-time.Hour)), time.Minute, true}, // its clock is behind
		{header("Retry-After", "-1"), 0, false},
		{header("Retry-After", "soon"), 0, false},
		{header("Retry-After", "NaN"), 0, false},
		{header("Retry-After", "99999999999999999999"), 0, false},
		{header("X-RateLimit-Remaining", "0", "X-RateLimit-Reset", fmt.Sprint(now.Add(50*time.Minute).Unix())), 50 * time.Minute, true},
		{header("X-RateLimit-Remaining", "0", "X-RateLimit-Reset", "20"), 20 * time.Second, true}, // Datadog
		{header("X-RateLimit-Remaining", "1", "X-RateLimit-Reset", "20"), 0, false},
		{header("X-RateLimit-Remaining", "0"), 0, false},
	}
	for _, test := range tests {
		if got, ok := waitAsked(test.header, now); got != test.want || ok != test.ok {
			t.Errorf("%v: got %s, %t; want %s, %t", test.header, got, ok, test.want, test.ok)
		}
	}
}

// TestBase64OfSecrets looks for a secret in the base64 of texts that it stands in anywhere,
// as in Basic authorization.
func TestBase64OfSecrets(t *testing.T) {
	r := newRedactor([]string{canary})
	for n := range 7 {
		for after := range 4 {
			text := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("u", n) + canary + strings.Repeat("v", after)))
			got := r.text("Basic " + text)
			if !strings.Contains(got, "***") || len(got) > len("Basic ***")+n*2+after*2+8 {
				t.Errorf("after %d bytes and before %d: %s stays %s", n, after, text, got)
			}
		}
	}
	if got := newRedactor([]string{"", "ab"}).text("ab and YWI"); got != "*** and YWI" {
		t.Errorf("a short secret: %q", got)
	}
}

// TestPagesStayOnTheHost wants a next page elsewhere, or without TLS, never to be asked.
func TestPagesStayOnTheHost(t *testing.T) {
	requests := 0
	for _, next := range []string{"https://api.github.com/resource?page=2", "//other.example/x", "ftp://127.0.0.1/", "https://HOST/x"} {
		c := serve(t, func(w http.ResponseWriter, r *http.Request) {
			requests++
			w.Header().Set("Link", "<"+strings.Replace(next, "HOST", r.Host, 1)+`>; rel="next"`)
			fmt.Fprint(w, "[1]")
		}, nil)
		requests = 0
		err := c.EachPage(t.Context(), "/list", url.Values{"key": {"1"}}, func(json.RawMessage) error { return nil })
		wantError(t, err, snapshot.Incomplete, "page 2 of the list: the system sends us")
		if requests != 1 {
			t.Errorf("%d requests", requests)
		}
	}
}

func TestPages(t *testing.T) {
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		page := r.URL.Query().Get("page")
		switch page {
		case "", "same":
			w.Header().Add("Link", `</list?page=1>; rel="first", </list?a=x,y&page=2>; title="<"; rel="next last"`)
			w.Header().Add("Link", `</list?page=`+map[string]string{"": "2", "same": "same2"}[page]+`>; rel=next`)
		case "broken":
			fmt.Fprint(w, `[`)
			return
		}
		fmt.Fprint(w, `["a page of items"]`)
	}, func(o *Options) { o.Pages = 3 })
	pages := 0
	count := func(json.RawMessage) error { pages++; return nil }
	if err := c.EachPage(t.Context(), "/list", url.Values{"page": {"other"}}, count); err != nil || pages != 1 {
		t.Errorf("%d pages, %v", pages, err)
	}
	wantError(t, c.EachPage(t.Context(), "/list", nil, count), snapshot.Incomplete, "the same page comes twice")
	wantError(t, c.EachPage(t.Context(), "/list", url.Values{"page": {"broken"}}, count), snapshot.Garbage, "page 1")
	wantError(t, c.EachPage(t.Context(), "/list", nil, func(json.RawMessage) error { return errors.New("odd") }), snapshot.Garbage, "odd")

	n := 0
	err := c.EachCursor("GET /x?key=1", "0", func(cursor string) (string, error) { n++; return cursor + "0", nil })
	wantError(t, err, snapshot.Incomplete, "more than 3 pages")
	if n != 3 {
		t.Errorf("%d pages", n)
	}
	err = c.EachCursor("GET /x", "0", func(cursor string) (string, error) { return map[string]string{"0": "1", "1": "0"}[cursor], nil })
	wantError(t, err, snapshot.Incomplete, "circles")
}

// TestCache wants confirmed answers from the folder, and nothing else.
func TestCache(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "cache")
	full := 0
	answer := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"1"`)
		w.Header().Set("Link", `</next>; rel="prev"`)
		w.Header().Set("Set-Cookie", "session=1")
		if r.Header.Get("If-None-Match") == `"1"` {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		full++
		fmt.Fprint(w, `"the answer"`)
	}
	c := serve(t, answer, func(o *Options) { o.Cache = dir })
	get := func(c *Client, want int) {
		t.Helper()
		var got string
		header, err := c.Get(t.Context(), "/", nil, &got)
		if err != nil || got != "the answer" || header.Get("Link") == "" || full != want {
			t.Errorf("got %q, %v, %v; asked for all of it %d times, want %d", got, header, err, full, want)
		}
	}
	get(c, 1)
	get(c, 1)
	files, _ := filepath.Glob(filepath.Join(dir, "*"))
	if len(files) != 1 {
		t.Fatalf("kept: %v", files)
	}
	data, err := os.ReadFile(files[0])
	if err != nil || strings.Contains(string(data), "session") {
		t.Errorf("kept: %s, %v", data, err)
	}
	for i := range data { // each byte that is damaged makes it no answer at all
		damaged := append([]byte(nil), data...)
		damaged[i] ^= 0x15
		if err := os.WriteFile(files[0], damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		before := full
		if get(c, before+1); t.Failed() {
			t.Fatalf("byte %d of %q", i, damaged)
		}
	}
	before := full
	rotated := func(r *http.Request) { r.Header.Set("Authorization", "Bearer rotated") }
	for i, change := range []func(*Options){ // with another token there is no copy, however it is known
		func(o *Options) { o.Authorize = rotated },
		func(o *Options) { o.Secrets = []string{"rotated"} },
	} {
		other := clientFor(t, c.base.String(), func(o *Options) { o.Cache = dir; change(o) })
		get(other, before+i+1)
		get(c, before+i+1)
	}
}

// TestClassified tells what may pass from what will not.
func TestClassified(t *testing.T) {
	tests := []struct {
		err   error
		kind  snapshot.ProblemKind
		again bool
	}{
		{&net.OpError{Op: "dial", Err: &net.DNSError{Name: "x", Err: "no such host", IsNotFound: true}}, snapshot.Network, false},
		{&net.OpError{Op: "dial", Err: &net.DNSError{Name: "x", Err: "server misbehaving", IsTemporary: true}}, snapshot.Network, true},
		{&net.OpError{Op: "read", Err: os.ErrDeadlineExceeded}, snapshot.Timeout, true},
		{context.DeadlineExceeded, snapshot.Timeout, true},
		{io.ErrUnexpectedEOF, snapshot.Network, true},
		{tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"}, snapshot.Network, false},
		{errors.New("net/http: HTTP/1.x transport connection broken: malformed HTTP response"), snapshot.Garbage, false},
		{garbage(200, "x"), snapshot.Garbage, false},
	}
	for _, test := range tests {
		e := (*Error)(nil)
		if !errors.As(classified(test.err, time.Second), &e) || e.Kind != test.kind || e.again != test.again {
			t.Errorf("%v: got %+v; want %s, again: %t", test.err, e, test.kind, test.again)
		}
	}
}

func TestCacheIsBounded(t *testing.T) {
	c, err := openCache(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	c.most = 1000
	name := func(i int) string { return fmt.Sprintf("%064d", i) }
	for i := range 40 {
		c.write(name(i), make([]byte, 100))
		at := time.Now().Add(time.Duration(i-100) * time.Second)
		_ = c.root.Chtimes(name(i), at, at)
		var sum int64
		for _, f := range c.files() {
			sum += f.Size()
		}
		if sum > c.most || sum != c.size {
			t.Fatalf("%d bytes are kept, counted as %d; want at most %d", sum, c.size, c.most)
		}
	}
	if _, err := c.root.Stat(name(39)); err != nil {
		t.Errorf("the newest is gone: %v", err)
	}
	if _, err := c.root.Stat(name(0)); err == nil {
		t.Error("the oldest is there")
	}
	var none *cache
	if none.find(&http.Request{Method: http.MethodGet}, nil, nil) != nil {
		t.Error("no cache has found something")
	}
}
