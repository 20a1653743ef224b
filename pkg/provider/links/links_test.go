package links

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// web is a host that counts what it is asked.
type web struct {
	*httptest.Server
	mu    sync.Mutex
	asked map[string]int // by method and path
}

func serve(t *testing.T, answer func(w http.ResponseWriter, r *http.Request)) *web {
	t.Helper()
	s := &web{asked: map[string]int{}}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.asked[r.Method+" "+r.URL.Path]++
		s.mu.Unlock()
		if h := r.Header.Get("Authorization") + r.Header.Get("Cookie"); h != "" {
			t.Errorf("a link is asked with %q", h)
		}
		answer(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

func options() Options {
	return Options{Now: noon, Private: true, Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }}
}

func TestStates(t *testing.T) {
	var other *web
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch path := r.URL.Path; {
		case path == "/headless" && r.Method == http.MethodHead, path == "/gone":
			w.WriteHeader(map[string]int{"/headless": 405, "/gone": 410}[path])
		case path == "/liar" && r.Method == http.MethodHead, path == "/none":
			w.WriteHeader(404)
		case path == "/signin":
			w.WriteHeader(401)
		case path == "/robots":
			w.WriteHeader(403)
		case path == "/broken":
			w.WriteHeader(503)
		case path == "/moved":
			http.Redirect(w, r, "/twice", http.StatusMovedPermanently)
		case path == "/twice":
			http.Redirect(w, r, other.URL+"/there", http.StatusPermanentRedirect)
		case path == "/then":
			http.Redirect(w, r, "/elsewhen", http.StatusFound)
		case path == "/elsewhen":
			http.Redirect(w, r, "/fine", http.StatusMovedPermanently)
		case path == "/movedaway":
			http.Redirect(w, r, "/none", http.StatusMovedPermanently)
		case path == "/circle":
			http.Redirect(w, r, "/circle", http.StatusFound)
		case path == "/me":
			http.Redirect(w, r, "http://localhost/x", http.StatusFound)
		case path == "/huge":
			for range 1 << 20 {
				if _, err := w.Write(make([]byte, 1<<10)); err != nil {
					return
				}
			}
		}
	})
	other = serve(t, func(w http.ResponseWriter, r *http.Request) {})
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	want := map[string]Answer{}
	for path, a := range map[string]Answer{
		"/fine": {State: Good}, "/headless": {State: Good}, "/liar": {State: Good}, "/signin": {State: Good}, "/huge": {State: Good},
		"/then": {State: Good},
		"/gone": {State: Dead, Why: "410 Gone"}, "/none": {State: Dead, Why: "404 Not Found"}, "/movedaway": {State: Dead, Why: "404 Not Found"},
		"/robots": {State: Unreachable, Why: "403 Forbidden"}, "/broken": {State: Unreachable, Why: "503 Service Unavailable"},
		"/moved":  {State: Moved, To: other.URL + "/there"},
		"/circle": {State: Unreachable, Why: "it leads on and on"},
		"/me":     {State: Unreachable, Why: "it leads on to an address that is not asked for"},
	} {
		want[s.URL+path] = a
	}
	down := "http://" + closed.Addr().String() + "/"
	want[down] = Answer{State: Unreachable}
	var addresses []string
	for a := range want {
		addresses = append(addresses, a)
	}
	got, err := Check(t.Context(), addresses, options())
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(got[down].Why, "refused") {
		t.Errorf("of a closed port is said %q", got[down].Why)
	}
	got[down] = Answer{State: got[down].State}
	if d := cmp.Diff(want, got, cmpopts.IgnoreFields(Answer{}, "Asked")); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if s.asked["GET /fine"] != 0 || s.asked["HEAD /fine"] != 2 { // itself, and where /then ends
		t.Errorf("a page that answers HEAD is asked %v", s.asked)
	}
}

// TestInside wants nothing inside to be connected to unless that is allowed, whether a
// document names it or a page leads on to it.
func TestInside(t *testing.T) {
	s := serve(t, func(http.ResponseWriter, *http.Request) {})
	o := options()
	o.Private = false
	got, err := Check(t.Context(), []string{s.URL + "/", "http://169.254.169.254/latest/meta-data/"}, o)
	if err != nil {
		t.Fatal(err)
	}
	for a, answer := range got {
		if answer.State != Unreachable || answer.Why == "" {
			t.Errorf("%s is %+v", a, answer)
		}
	}
	if len(s.asked) > 0 || len(got) != 2 {
		t.Errorf("%v was asked inside; answers %v", s.asked, got)
	}
}

func TestAddress(t *testing.T) {
	for link, want := range map[string]string{
		"https://EXAMPLE.dev/A?b=c#d":                "https://example.dev/A?b=c",
		"http://8.8.8.8/":                            "http://8.8.8.8/",
		"https://grafana/d/1":                        "",
		"https://wiki.example/x":                     "",
		"https://www.example.com./":                  "",
		"https://a.test":                             "",
		"http://localhost:3000/":                     "",
		"http://127.0.0.1/":                          "",
		"http://[::1]/":                              "",
		"http://[::ffff:10.0.0.1]/":                  "",
		"http://169.254.169.254/":                    "",
		"http://metadata.google.internal":            "",
		"https://me:secret@a.dev/":                   "",
		"ftp://a.dev/":                               "",
		"mailto:a@a.dev":                             "",
		"https://a.dev/" + strings.Repeat("a", 5000): "",
	} {
		got, ok := Address(link, false)
		if !ok {
			got = ""
		}
		if got != want {
			t.Errorf("%s gives %q, want %q", link, got, want)
		}
	}
	for _, link := range []string{"https://grafana/d/1", "http://10.0.0.1/", "http://nas.local/"} {
		if _, ok := Address(link, true); !ok {
			t.Errorf("%s is not asked for inside", link)
		}
	}
}

func TestIgnored(t *testing.T) {
	patterns := []string{"*.corp.dev", "git.dev/larkspur/*", "https://a.dev/*/b/*c"}
	for link, want := range map[string]bool{
		"https://Wiki.corp.dev/x":        true,
		"https://wiki.corp.dev:8443/x":   true,
		"https://corp.dev/":              false,
		"https://wiki.corp.dev.evil.dev": false,
		"http://git.dev/larkspur/x#y":    true,
		"http://git.dev/other":           false,
		"https://a.dev/1/2/b/3c":         true,
		"https://a.dev/1/2/b/3":          false,
	} {
		if got := Ignored(link, patterns); got != want {
			t.Errorf("%s: %v", link, got)
		}
	}
	if Ignored("https://a.dev/"+strings.Repeat("a", 4000)+"b", []string{"a.dev/" + strings.Repeat("a*", 2000) + "c"}) {
		t.Error("a long pattern matches")
	}
}

// TestKept wants good links to be asked for once a week and bad ones once an hour, and a
// damaged file to be as good as none.
func TestKept(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/none" {
			w.WriteHeader(404)
		}
	})
	o := options()
	o.Cache = filepath.Join(t.TempDir(), "made", "links.json")
	addresses := []string{s.URL + "/fine", s.URL + "/none"}
	for _, step := range []struct {
		after time.Duration
		want  map[string]int
	}{
		{0, map[string]int{"HEAD /fine": 1, "HEAD /none": 1, "GET /none": 1}},
		{30 * time.Minute, map[string]int{}},
		{2 * time.Hour, map[string]int{"HEAD /none": 1, "GET /none": 1}},
		{8 * 24 * time.Hour, map[string]int{"HEAD /fine": 1, "HEAD /none": 1, "GET /none": 1}},
	} {
		s.asked = map[string]int{}
		o.Now = noon.Add(step.after)
		got, err := Check(t.Context(), addresses, o)
		if err != nil || got[addresses[0]].State != Good || got[addresses[1]].State != Dead {
			t.Fatalf("after %s: %v, %v", step.after, got, err)
		}
		if d := cmp.Diff(step.want, s.asked); d != "" {
			t.Errorf("after %s (-want +got):\n%s", step.after, d)
		}
	}
	if err := os.WriteFile(o.Cache, []byte(`{"`+addresses[0]+`":{"state":"dead"`), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := Check(t.Context(), addresses, o); err != nil || got[addresses[0]].State != Good {
		t.Errorf("with a damaged file: %v, %v", got, err)
	}
}

// TestPolite wants a host to be asked one thing at a time and with a pause, a host that says
// when to come back to be obeyed, and one that does not answer to be left alone.
func TestPolite(t *testing.T) {
	var mu sync.Mutex
	now, most, refusals := 0, 0, 0
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		now++
		most = max(most, now)
		mu.Unlock()
		time.Sleep(5 * time.Millisecond)
		mu.Lock()
		now--
		defer mu.Unlock()
		if r.URL.Path == "/3" && refusals == 0 {
			refusals++
			w.Header().Set("Retry-After", "7")
			w.WriteHeader(429)
		}
	})
	var waited []time.Duration
	o := options()
	o.PerMinute = 60
	o.Sleep = func(ctx context.Context, d time.Duration) error {
		mu.Lock()
		defer mu.Unlock()
		if d > 0 {
			waited = append(waited, d.Round(time.Second))
		}
		return ctx.Err()
	}
	silent, err := net.Listen("tcp", "127.0.0.1:0") // accepts and hangs up
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	var connections int
	go func() {
		for {
			c, err := silent.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			connections++
			mu.Unlock()
			c.Close()
		}
	}()
	var addresses []string
	for i := range 10 {
		addresses = append(addresses, fmt.Sprintf("%s/%d", s.URL, i), fmt.Sprintf("http://%s/%d", silent.Addr(), i))
	}
	got, err := Check(t.Context(), addresses, o)
	if err != nil {
		t.Fatal(err)
	}
	if most != 1 || got[s.URL+"/3"].State != Good || got["http://"+silent.Addr().String()+"/9"].State != Unreachable {
		t.Errorf("%d at once; %v", most, got)
	}
	pauses, sevens := 0, 0
	for _, d := range waited {
		if pauses++; d == 7*time.Second {
			sevens++
		}
	}
	if pauses < 9 || sevens == 0 {
		t.Errorf("waited %v", waited)
	}
	mu.Lock()
	defer mu.Unlock()
	if connections > 2*mostSilent*3 { // questions, each of three attempts, which net/http may make twice
		t.Errorf("a host that hangs up was asked %d times", connections)
	}
}

func TestOffline(t *testing.T) {
	var addresses []string
	for range 2 {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		addresses = append(addresses, "http://"+l.Addr().String()+"/")
		l.Close()
	}
	o := options()
	o.Cache = filepath.Join(t.TempDir(), "links.json")
	if _, err := Check(t.Context(), addresses, o); !errors.Is(err, ErrOffline) {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(o.Cache); err == nil {
		t.Error("something is kept of it")
	}
}

// TestNoTimeLeft wants what could not be asked for to be missing, and not to be kept.
func TestNoTimeLeft(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/b" {
			cancel()
			<-r.Context().Done()
		}
	})
	got, err := Check(ctx, []string{s.URL + "/a", s.URL + "/b", s.URL + "/c"}, options())
	if err != nil || len(got) != 1 || got[s.URL+"/a"].State != Good {
		t.Errorf("got %v, %v", got, err)
	}
}
