package provider_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// faulty is the header by which the system is told to fail. A transport sets it, since that
// is where requests can be counted; a client never sees it.
const faulty = "X-Fault"

// live is a system on loopback, and the way to it.
type live struct {
	t     *testing.T
	url   string
	name  string
	fault fault
	at    int

	ca        *authority
	transport http.RoundTripper
	broken    http.RoundTripper // for faults of the network

	mu      sync.Mutex
	begun   bool           // the day after: texts have changed and faults begin
	number  map[string]int // of each address, in the order in which they were asked
	count   int
	hits    int
	strange []string
	other   *httptest.Server
}

func newLive(t *testing.T, name string, f fault, at int) *live {
	l := &live{t: t, name: name, fault: f, at: at, number: map[string]int{}, ca: newAuthority(t)}
	server := httptest.NewUnstartedServer(l)
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // faults are meant to be
	server.EnableHTTP2 = f.http2
	server.TLS = &tls.Config{Certificates: []tls.Certificate{l.ca.issue(t, "127.0.0.1", time.Hour)}}
	server.StartTLS()
	t.Cleanup(server.Close)
	l.url = server.URL
	l.other = httptest.NewServer(http.HandlerFunc(l.stranger))
	t.Cleanup(l.other.Close)
	normal := l.way(server.Listener.Addr().String())
	normal.ForceAttemptHTTP2 = f.http2
	l.transport = normal
	if f.network != nil {
		l.broken = f.network(l)
	}
	return l
}

// way is a transport that connects to one address whatever the name.
func (l *live) way(address string) *http.Transport {
	t := &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: l.ca.pool},
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, address)
		},
		DisableCompression: true,
	}
	l.t.Cleanup(t.CloseIdleConnections)
	return t
}

// stranger is another host. It must never be asked for anything.
func (l *live) stranger(_ http.ResponseWriter, r *http.Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.strange = append(l.strange, fmt.Sprint(r.URL, r.Header))
}

func (l *live) strangers() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.strange
}

func (l *live) requests() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.count
}

func (l *live) begin() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.begun, l.count = true, 0
	clear(l.number)
}

// RoundTrip counts, and lets the fault strike where it should.
func (l *live) RoundTrip(r *http.Request) (*http.Response, error) {
	if "https://"+r.URL.Host != l.url { // a client that leaves its host gets there
		return http.DefaultTransport.RoundTrip(r)
	}
	if !l.strikes(r) {
		return l.transport.RoundTrip(r)
	}
	if l.broken != nil {
		return l.broken.RoundTrip(r)
	}
	r = r.Clone(r.Context())
	r.Header.Set(faulty, l.name)
	return l.transport.RoundTrip(r)
}

func (l *live) strikes(r *http.Request) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.count++
	address := r.URL.String()
	if l.number[address] == 0 {
		l.number[address] = len(l.number) + 1
	}
	n := l.number[address]
	hit := l.begun && (n == l.at || l.fault.scope == rest && n > l.at || l.fault.scope == two && n == l.at+1)
	if hit {
		l.hits++
	}
	return hit && (l.fault.scope != once || l.hits == 1)
}

// ServeHTTP answers well, or as the fault has it.
func (l *live) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !strings.HasPrefix(r.Header.Get("Authorization"), "Bearer ") {
		http.Error(w, "who are you?", http.StatusUnauthorized)
		return
	}
	if r.Header.Get(faulty) != "" {
		l.fault.serve(l, w, r)
		return
	}
	l.good(w, r)
}

func (l *live) good(w http.ResponseWriter, r *http.Request) {
	body := l.body(r)
	l.headers(w, r)
	_, _ = w.Write(body) // who does not read it has a reason
}

func (l *live) headers(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("ETag", fmt.Sprintf(`"%t"`, l.isBegun()))
	if page := pageOf(r); page > 0 && page < listed {
		w.Header().Set("Link", fmt.Sprintf(`<%s/items?page=%d>; rel="next", <%s/items?page=%d>; rel="last"`, l.url, page+1, l.url, listed))
	}
}

func (l *live) isBegun() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.begun
}

// pageOf is the page that is asked for; 0 for a question about one item.
func pageOf(r *http.Request) int {
	page, _ := strconv.Atoi(r.URL.Query().Get("page"))
	return page
}

// body is the right answer.
func (l *live) body(r *http.Request) []byte {
	var v any
	if page := pageOf(r); page > 0 {
		items := []map[string]any{}
		for n := (page - 1) * perPage; n < page*perPage && n < subjects; n++ {
			items = append(items, l.item(n))
		}
		v = items
	} else {
		n, _ := strconv.Atoi(strings.TrimPrefix(r.URL.Path, "/items/i"))
		v = l.item(n)
	}
	data, err := json.Marshal(v)
	if err != nil {
		l.t.Error(err)
	}
	return data
}

func (l *live) item(n int) map[string]any {
	text := "yesterday"
	at := now.Add(-25 * time.Hour)
	if l.isBegun() {
		text, at = "today", now
	}
	return map[string]any{
		"id": fmt.Sprintf("i%d", n), "name": nameOf(n), "state": "healthy", "rank": 7, "text": text, "at": at,
		"html_url": "https://live.example/" + nameOf(n),
	}
}

func bearer(token string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) }
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
