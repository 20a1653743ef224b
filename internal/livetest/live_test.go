package livetest

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// Headers by which the way to a system tells it what to do. Clients never see them.
const (
	day     = "X-Day"     // "yesterday" or "today", which is in the texts
	amount  = "X-Amount"  // how many things there are
	endless = "X-Endless" // if lists hold more than what is asked for
	shifted = "X-Shifted" // if there is a thing more, before all others
	faulty  = "X-Fault"   // the identifier of the cell whose fault strikes
)

// base is where every system is. Its host is no name that anybody has.
const base = "https://live.example"

// host is a system on loopback, what it says when all is well, and how it is asked then.
type host struct {
	system system
	t      *testing.T
	ca     *authority
	at     string // address
	at2    string // address of the same over HTTP/2
	other  *httptest.Server

	before, today snapshot.File
	patience      time.Duration     // far more than an answer takes on a machine that has as much to do as this one
	order         []string          // requests of a fetch, each once, in the order of their first
	bodies        map[string]string // what was answered

	next  atomic.Int64
	mu    sync.Mutex
	cells map[string]*cell
	seen  map[string][]string // what another host was asked, by cell
}

func newHost(t *testing.T, s system) *host {
	h := &host{system: s, t: t, ca: newAuthority(t), cells: map[string]*cell{}, seen: map[string][]string{}}
	h.at, h.at2 = h.listen(false), h.listen(true)
	h.other = httptest.NewServer(http.HandlerFunc(h.stranger))
	t.Cleanup(h.other.Close)
	empty := snapshot.File{Version: 1, Provider: "live", Type: s.name}
	h.before = h.well(empty, now.Add(-24*time.Hour), newWay(h, nil).yesterday())
	through := newWay(h, nil)
	began := time.Now()
	h.today = h.well(h.before, now, through)
	h.patience = min(max(time.Second, 4*time.Since(began)), 4*time.Second)
	h.order, h.bodies = through.order, through.bodies
	if len(facts(h.before)) == 0 {
		t.Fatal("without faults there are no facts")
	}
	return h
}

func (h *host) listen(http2 bool) string {
	server := httptest.NewUnstartedServer(h)
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // faults are meant to be
	server.EnableHTTP2 = http2
	server.TLS = &tls.Config{Certificates: []tls.Certificate{h.ca.issue(h.t, "live.example", time.Hour)}}
	server.StartTLS()
	h.t.Cleanup(server.Close)
	return server.Listener.Addr().String()
}

// well fetches while all is well.
func (h *host) well(before snapshot.File, at time.Time, through *way) snapshot.File {
	got, err := h.system.fetchAt(h.t.Context(), at, before.Facts, token, func(o *provider.Options) { o.Transport = through })
	if err == nil {
		err = got.Validate()
	}
	after := snapshot.Merge(before, at, snapshot.Fetched{Facts: got, Err: provider.ProblemOf(err)}, false)
	if after.Problem != nil || len(after.Problems) > 0 {
		h.t.Fatalf("without faults: %v, %v", after.Problem, after.Problems)
	}
	return after
}

// requests are those that a fault may begin at.
func (h *host) requests(f fault) []string {
	return slices.DeleteFunc(slices.Clone(h.order), func(request string) bool {
		switch f.on {
		case pages:
			return !h.system.isLaterPage(request)
		case items:
			return h.system.item == "" || !strings.Contains(request, h.system.item)
		case onlyFirst:
			return request != h.order[0]
		}
		if old := h.system.edits[f.name][0]; f.edit && (old == "" || !strings.Contains(h.bodies[request], old)) {
			return true
		}
		return !strings.HasPrefix(request, f.method)
	})
}

// stranger is another host. It must never be asked for anything.
func (h *host) stranger(_ http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	cell := r.Header.Get(faulty)
	h.seen[cell] = append(h.seen[cell], fmt.Sprint(r.URL, r.Header))
}

func (h *host) strangers(cell string) []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.seen[cell]
}

// ServeHTTP answers well, or as the fault of a cell has it.
func (h *host) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	c := h.cells[r.Header.Get(faulty)]
	h.mu.Unlock()
	if c != nil {
		c.fault.serve(c, w, r)
		return
	}
	h.good(w, r)
}

// answer is what the system says when all is well. It is asked as often as one likes.
func (h *host) answer(r *http.Request) *httptest.ResponseRecorder {
	v := view{day: r.Header.Get(day), n: h.system.services(), shifted: r.Header.Get(shifted) != "", endless: r.Header.Get(endless) != ""}
	if few := r.Header.Get(amount); few != "" {
		v.n, _ = strconv.Atoi(few)
	}
	if r.Body != nil { // it is read each time
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		defer func() { r.Body = io.NopCloser(bytes.NewReader(body)) }()
	}
	w := httptest.NewRecorder()
	h.system.serve(v).ServeHTTP(w, r)
	w.Header().Set("ETag", strconv.Quote(r.Header.Get(day)))
	return w
}

func (h *host) good(w http.ResponseWriter, r *http.Request) {
	a := h.answer(r)
	copyHeaders(w, a)
	w.WriteHeader(a.Code)
	_, _ = w.Write(a.Body.Bytes()) // who does not read it has a reason
}

func (h *host) headers(w http.ResponseWriter, r *http.Request) { copyHeaders(w, h.answer(r)) }

func copyHeaders(w http.ResponseWriter, a *httptest.ResponseRecorder) {
	for name, values := range a.Header() {
		w.Header()[name] = values
	}
}

// way is the way to a host: it counts, and lets the fault of its cell strike where it should.
type way struct {
	*host
	id     string
	cell   *cell // nil: all is well
	day    string
	normal http.RoundTripper
	broken http.RoundTripper // for faults of the network

	mu     sync.Mutex
	order  []string          // requests, each once
	bodies map[string]string // of answers, where all is well
	count  int
	hits   int
	struck map[string]bool
}

func newWay(h *host, c *cell) *way {
	w := &way{host: h, cell: c, day: "today", struck: map[string]bool{}, bodies: map[string]string{}, id: strconv.FormatInt(h.next.Add(1), 10)}
	if c == nil {
		w.normal = h.to(h.t, h.at, false)
		return w
	}
	w.normal = h.to(c.T, h.at, false)
	h.mu.Lock()
	h.cells[w.id] = c
	h.mu.Unlock()
	if c.fault.http2 {
		w.normal = h.to(c.T, h.at2, true)
	}
	if c.fault.network != nil {
		w.broken = c.fault.network(c)
	}
	return w
}

// yesterday is the same way a day before, when there was no fault.
func (w *way) yesterday() *way {
	before := newWay(w.host, nil)
	before.day = "yesterday"
	return before
}

// to is a transport that connects to one address whatever the name.
func (h *host) to(t *testing.T, address string, http2 bool) *http.Transport {
	way := &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: h.ca.pool},
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, address)
		},
		DisableCompression: true, ForceAttemptHTTP2: http2,
	}
	t.Cleanup(way.CloseIdleConnections)
	return way
}

// RoundTrip asks, with the fault if it strikes.
func (w *way) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	if "https://"+r.URL.Host != base || r.URL.Scheme != "https" { // a client that leaves its host gets there
		r.Header.Set(faulty, w.id)
		r.URL.Scheme, r.URL.Host = "http", w.other.Listener.Addr().String()
		return http.DefaultTransport.RoundTrip(r)
	}
	r.Header.Set(day, w.day)
	if w.cell != nil && w.cell.fault.amount != nil {
		r.Header.Set(amount, strconv.Itoa(w.cell.fault.amount(w.system.services())))
	}
	key := keyOf(r)
	if !w.strikes(key) {
		return w.remember(key, r)
	}
	if w.broken != nil {
		return w.broken.RoundTrip(r)
	}
	if w.cell.fault.serve != nil {
		r.Header.Set(faulty, w.id)
	}
	return w.normal.RoundTrip(r)
}

// remember asks, and keeps what is answered where all is well.
func (w *way) remember(key string, r *http.Request) (*http.Response, error) {
	response, err := w.normal.RoundTrip(r)
	if err != nil || w.cell != nil {
		return response, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	response.Body = io.NopCloser(bytes.NewReader(body))
	w.mu.Lock()
	defer w.mu.Unlock()
	w.bodies[key] = string(body)
	return response, err
}

// keyOf tells requests apart, and shows what they ask for.
func keyOf(r *http.Request) string {
	key := r.Method + " " + r.URL.RequestURI()
	if unescaped, err := url.QueryUnescape(key); err == nil {
		key = unescaped
	}
	if r.Body == nil || r.Body == http.NoBody {
		return key
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return key
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return fmt.Sprintf("%s #%x", key, sha256.Sum256(body))[:len(key)+8]
}

func (w *way) strikes(request string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.count++
	first := !slices.Contains(w.order, request)
	if first {
		w.order = append(w.order, request)
	}
	if w.cell == nil {
		return false
	}
	f, begun := w.cell.fault, w.hits > 0
	hit := request == w.cell.request || begun && f.scope == rest && (first || w.struck[request])
	if hit {
		w.hits++
		w.struck[request] = true
	}
	return hit && (f.scope != once || w.hits == 1)
}

// authority issues certificates.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	pool *x509.CertPool
}

func newAuthority(t *testing.T) *authority {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "authority"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-48 * time.Hour), NotAfter: time.Now().Add(48 * time.Hour), KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(cert)
	return &authority{cert: cert, key: key, pool: pool}
}

// issue makes a certificate for a name or an address that ends after a while.
func (a *authority) issue(t *testing.T, name string, ends time.Duration) tls.Certificate {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), NotBefore: time.Now().Add(-24 * time.Hour), NotAfter: time.Now().Add(ends),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	if ip := net.ParseIP(name); ip != nil {
		template.IPAddresses = []net.IP{ip}
	} else {
		template.DNSNames = []string{name}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, &key.PublicKey, a.key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}
