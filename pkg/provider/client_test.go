package provider

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/signpost-dev/signpost/pkg/snapshot"
)

const canary = "canary/7e4d+21=of the client"

// serve starts a system, and makes a client for it that does not sleep.
func serve(t *testing.T, answer http.HandlerFunc, change func(*Options)) *Client {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	return clientFor(t, server.URL, change)
}

func clientFor(t *testing.T, base string, change func(*Options)) *Client {
	t.Helper()
	o := Options{
		Base: base, Private: true, Secrets: []string{canary},
		Authorize: func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+url.QueryEscape(canary)) },
		Sleep:     func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	}
	if change != nil {
		change(&o)
	}
	c, err := NewClient(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// wantError wants an *Error of a kind, with some words in it and neither secrets nor queries.
func wantError(t *testing.T, err error, kind snapshot.ProblemKind, words string) {
	t.Helper()
	e := (*Error)(nil)
	if !errors.As(err, &e) {
		t.Fatalf("got %T %v; want an *Error", err, err)
	}
	if e.Kind != kind || !strings.Contains(err.Error(), words) {
		t.Errorf("got %s: %v; want %s with %q", e.Kind, err, kind, words)
	}
	for _, form := range append(formsOf(canary), "key=") {
		if strings.Contains(err.Error(), form) {
			t.Errorf("%q is shown: %v", form, err)
		}
	}
}

func TestGetAndPost(t *testing.T) {
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("X-Else", "1")
		fmt.Fprintf(w, `{"text": %q}`, strings.Join([]string{
			r.Method, r.URL.EscapedPath(), r.URL.RawQuery, string(body), r.Header.Get("Authorization")[:7], r.Header.Get("Accept"), r.Header.Get("User-Agent"),
		}, " "))
	}, func(o *Options) { o.Base += "/api" })
	var got struct{ Text string }
	header, err := c.Get(t.Context(), "/a%2Fb/c", url.Values{"q": {"x y"}}, &got)
	if err != nil || header.Get("X-Else") != "1" || got.Text != "GET /api/a%2Fb/c q=x+y  Bearer  application/json signpost" {
		t.Errorf("got %q, %v, %v", got.Text, header, err)
	}
	_, err = c.Post(t.Context(), "/x", map[string]int{"a": 1}, &got)
	if err != nil || got.Text != `POST /api/x  {"a":1} Bearer  application/json signpost` {
		t.Errorf("got %q, %v", got.Text, err)
	}
	_, err = c.Get(t.Context(), "@other.example/x", nil, &got)
	wantError(t, err, snapshot.Config, "no path")
}

// TestPostIsAskedAgainWhole wants a body to be sent anew with each attempt.
func TestPostIsAskedAgainWhole(t *testing.T) {
	var bodies []string
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if bodies = append(bodies, string(body)); len(bodies) < 3 {
			w.WriteHeader(500)
			return
		}
		fmt.Fprint(w, "{}")
	}, nil)
	if _, err := c.Post(t.Context(), "/", "question", nil); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(bodies, " "); got != `"question" "question" "question"` {
		t.Errorf("sent %s", got)
	}
}

func TestBadAddresses(t *testing.T) {
	for _, base := range []string{"", "api.example.com", "ftp://x", "https://me:secret@x", "https://", "https://x?key=%zz" + canary} {
		_, err := NewClient(Options{Base: base, Secrets: []string{canary, "secret"}})
		if base == "https://x?key=%zz"+canary && err == nil {
			continue // a query of the base is never sent
		}
		wantError(t, err, snapshot.Config, "not the address of a system")
	}
}

// TestPrivateAddresses wants the address that is dialled to count, not the name.
func TestPrivateAddresses(t *testing.T) {
	asked := false
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	defer server.Close()
	for _, base := range []string{server.URL, strings.Replace(server.URL, "127.0.0.1", "localhost", 1)} {
		c := clientFor(t, base, func(o *Options) { o.Private = false })
		_, err := c.Get(t.Context(), "/", nil, nil)
		wantError(t, err, snapshot.Config, "private address 127.0.0.1")
	}
	c := clientFor(t, "http://169.254.169.254", nil) // with Private
	_, err := c.Get(t.Context(), "/latest/meta-data", nil, nil)
	wantError(t, err, snapshot.Config, "link-local")
	if asked {
		t.Error("a private address was asked")
	}
}

// TestHTTPStaysToo wants libraries that bring their own requests to be held as well.
func TestHTTPStaysToo(t *testing.T) {
	var got []string
	other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = append(got, r.URL.Path) }))
	defer other.Close()
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other.URL+"/redirected", http.StatusTemporaryRedirect)
	}, nil)
	_, err := c.HTTP().Get(other.URL + "/direct?key=" + url.QueryEscape(canary))
	wantError(t, c.Explain("GET /direct?key=1", err), snapshot.Garbage, "another host")
	_, err = c.HTTP().Post(c.base.String()+"/x?key=1", "application/json", strings.NewReader("{}"))
	wantError(t, c.Explain("POST /x", err), snapshot.Garbage, "another host")
	if len(got) > 0 {
		t.Errorf("another host was asked for %v", got)
	}
}

// TestRedirectOnTheHost follows once, as for a repository with a new name.
func TestRedirectOnTheHost(t *testing.T) {
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/old" {
			http.Redirect(w, r, "/new", http.StatusMovedPermanently)
			return
		}
		fmt.Fprintf(w, `%q`, r.Header.Get("Authorization")[:6])
	}, nil)
	var got string
	if _, err := c.Get(t.Context(), "/old", nil, &got); err != nil || got != "Bearer" {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestConnectionsAtOnce(t *testing.T) {
	var now, most atomic.Int32
	c := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		n := now.Add(1)
		defer now.Add(-1)
		for {
			if old := most.Load(); n <= old || most.CompareAndSwap(old, n) {
				break
			}
		}
		time.Sleep(2 * time.Millisecond)
		fmt.Fprint(w, "{}")
	}, func(o *Options) { o.Connections = 3 })
	var all sync.WaitGroup
	for range 40 {
		all.Go(func() {
			if _, err := c.Get(t.Context(), "/", nil, nil); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if most.Load() != 3 {
		t.Errorf("%d requests at once; want 3", most.Load())
	}
}

func TestPerMinute(t *testing.T) {
	var waited time.Duration
	c := serve(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "{}") }, func(o *Options) {
		o.PerMinute = 60
		o.Sleep = func(_ context.Context, d time.Duration) error { waited = max(waited, d); return nil }
	})
	for range 11 {
		if _, err := c.Get(t.Context(), "/", nil, nil); err != nil {
			t.Fatal(err)
		}
	}
	if waited < 9*time.Second || waited > 10*time.Second {
		t.Errorf("the eleventh request waits %s; want 10 s", waited)
	}
}

// TestDownIsAskedLess wants a system that is down to get one attempt for each question.
func TestDownIsAskedLess(t *testing.T) {
	var attempts atomic.Int32
	down := true
	c := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		if attempts.Add(1); down {
			w.WriteHeader(503)
			return
		}
		fmt.Fprint(w, "{}")
	}, nil)
	for range 20 {
		_, err := c.Get(t.Context(), "/", nil, nil)
		wantError(t, err, snapshot.Server, "503")
	}
	if n := attempts.Load(); n != mostFailing*mostAttempts+20-mostFailing {
		t.Errorf("%d attempts", n)
	}
	down = false
	if _, err := c.Get(t.Context(), "/", nil, nil); err != nil || c.failing.Load() != 0 {
		t.Errorf("it is up again, but %v, %d", err, c.failing.Load())
	}
}

// TestTheEndOfTheWhole wants the context to end all: waits, attempts and retries.
func TestTheEndOfTheWhole(t *testing.T) {
	attempts := 0
	ctx, cancel := context.WithCancel(t.Context())
	c := serve(t, func(w http.ResponseWriter, _ *http.Request) { attempts++; w.WriteHeader(500) }, func(o *Options) {
		o.Sleep = func(ctx context.Context, _ time.Duration) error { cancel(); return ctx.Err() }
	})
	_, err := c.Get(ctx, "/", nil, nil)
	wantError(t, err, snapshot.Timeout, "stopped")
	if attempts != 1 {
		t.Errorf("%d attempts", attempts)
	}
	c = serve(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, nil)
	ctx, cancel = context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err = c.Get(ctx, "/", nil, nil)
	wantError(t, err, snapshot.Timeout, "no time left")
}

// TestEchoes wants the secret gone from whatever a system repeats, successes too.
func TestEchoes(t *testing.T) {
	forms := formsOf(canary)
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/fail") {
			w.WriteHeader(400)
		}
		fmt.Fprintf(w, `{"message": %q}`, strings.Join(forms, " "))
	}, nil)
	var got struct{ Message string }
	if _, err := c.Get(t.Context(), "/", nil, &got); err != nil {
		t.Fatal(err)
	}
	for _, f := range forms {
		if strings.Contains(got.Message, f) {
			t.Errorf("%q is in the answer", f)
		}
	}
	_, err := c.Get(t.Context(), "/fail", url.Values{"key": {canary}}, nil)
	wantError(t, err, snapshot.Config, "***")
	_, err = c.Get(t.Context(), "/fail/"+url.PathEscape(canary), nil, nil)
	wantError(t, err, snapshot.Config, "GET /fail/***")
}
