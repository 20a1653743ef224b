package livetest

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	latency         = 50 * time.Millisecond
	mostConnections = 8 // to one host
)

// TestSnapshotOfManyServices fetches for many services from five systems that take 50 ms for
// each answer, with the real program. SIGNPOST_SERVICES=1000 gives the figure of
// docs/performance.md; a fifth of that has a fifth of the time, and some for a machine that
// has more to do.
func TestSnapshotOfManyServices(t *testing.T) {
	n := 200
	if text := os.Getenv("SIGNPOST_SERVICES"); text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	within := time.Duration(n) * time.Minute / 1000
	if n < 1000 {
		within += 10 * time.Second
	}
	dir := t.TempDir()
	program := filepath.Join(dir, "signpost")
	run(t, nil, "go", "build", "-o", program, "../../cmd/signpost")
	catalog := filepath.Join(dir, "catalog")
	var slow []*slowHost
	settings := "apiVersion: signpost.dev/v1\ntitle: Many\nenvironments: [{name: production}]\nproviders:\n"
	for _, s := range []system{gitHub(), pagerDuty(), prometheusSystem(), alertmanagerSystem(), argoCD()} {
		h := newSlowHost(t, s, n)
		slow = append(slow, h)
		settings += fmt.Sprintf("  %s: {url: %q, private: true, token: TOKEN_OF_TESTS}\n", s.name, h.url)
	}
	write(t, filepath.Join(catalog, "signpost.yaml"), settings)
	for i := range n {
		write(t, filepath.Join(catalog, "services", nameOf(i), "service.yaml"), fmt.Sprintf(descriptor, nameOf(i)))
	}
	began := time.Now()
	output := run(t, []string{"TOKEN_OF_TESTS=" + token}, program, "snapshot", catalog, "--snapshots", filepath.Join(dir, "snapshots"), "--strict")
	took := time.Since(began)
	t.Logf("%d services in %s\n%s", n, took.Round(100*time.Millisecond), output)
	if took > within {
		t.Errorf("%d services took %s; want at most %s", n, took, within)
	}
	for _, h := range slow {
		t.Logf("%s: %d requests over at most %d connections at once", h.name, h.requests, h.most)
		if h.most > mostConnections {
			t.Errorf("%s had %d connections at once; want at most %d", h.name, h.most, mostConnections)
		}
		if h.requests == 0 {
			t.Errorf("%s was not asked", h.name)
		}
	}
}

const descriptor = `apiVersion: signpost.dev/v1
kind: service
name: %[1]s
repository: github:acme/%[1]s
oncall: {provider: pagerduty, service: P%[1]s}
environments:
  production:
    deployments: {provider: argocd, app: %[1]s}
    health: {provider: prometheus, query: "up:%[1]s", errors: "errors:%[1]s", latency: "latency:%[1]s"}
`

// slowHost is a system that takes its time, and counts who is connected.
type slowHost struct {
	name, url string

	mu       sync.Mutex
	open     map[net.Conn]bool
	most     int
	requests int
}

func newSlowHost(t *testing.T, s system, n int) *slowHost {
	h := &slowHost{name: s.name, open: map[net.Conn]bool{}}
	answers := s.serve(view{day: "today", n: n, page: 100})
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.mu.Lock()
		h.requests++
		h.mu.Unlock()
		time.Sleep(latency)
		answers.ServeHTTP(w, r)
	}))
	server.Config.ConnState = h.note
	server.Start()
	t.Cleanup(server.Close)
	h.url = server.URL
	return h
}

func (h *slowHost) note(c net.Conn, state http.ConnState) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch state {
	case http.StateNew:
		h.open[c] = true
	case http.StateClosed, http.StateHijacked:
		delete(h.open, c)
	}
	h.most = max(h.most, len(h.open))
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func run(t *testing.T, env []string, program string, args ...string) string {
	t.Helper()
	c := exec.Command(program, args...)
	c.Env = append(os.Environ(), env...)
	output, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", program, strings.Join(args, " "), err, output)
	}
	return string(output)
}
