package provider

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"golang.org/x/time/rate"

	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// attempt asks once and reads the whole answer, so that a connection that is cut in the
// middle of a body is as good a reason to ask again as one that was never made.
type attempt struct {
	c     *Client
	next  http.RoundTripper
	slots chan struct{} // one for each connection
	rate  *rate.Limiter // nil for none
	cache *cache        // nil for none
}

func (c *Client) attempts() (*attempt, error) {
	a := &attempt{c: c, next: c.options.Transport, slots: make(chan struct{}, c.options.Connections)}
	if a.next == nil {
		a.next = c.network()
	}
	if n := c.options.PerMinute; n > 0 {
		a.rate = rate.NewLimiter(rate.Limit(float64(n)/60), max(n/60, 1))
	}
	if c.options.Cache != "" {
		var err error
		if a.cache, err = openCache(c.options.Cache); err != nil {
			return nil, &Error{Kind: snapshot.Config, Message: err.Error()}
		}
	}
	return a, nil
}

// CloseIdle ends the connections that are not in use.
func (a *attempt) CloseIdle() {
	if t, ok := a.next.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
}

// RoundTrip waits for its turn and asks.
func (a *attempt) RoundTrip(request *http.Request) (*http.Response, error) {
	ctx := request.Context()
	if a.rate != nil {
		if err := a.c.options.Sleep(ctx, a.rate.Reserve().Delay()); err != nil {
			return nil, err
		}
	}
	select {
	case a.slots <- struct{}{}:
		defer func() { <-a.slots }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	limited, cancel := context.WithTimeout(ctx, a.c.options.Timeout)
	defer cancel()
	response, err := a.once(request.Clone(limited))
	if err != nil && ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, classified(err, a.c.options.Timeout)
	}
	return response, nil
}

// once sends a request, with what was known before, and takes the answer in.
func (a *attempt) once(request *http.Request) (*http.Response, error) {
	before := request.Header.Clone()
	a.prepare(request)
	known := a.cache.find(request, before, a.c.options.Secrets)
	known.ask(request)
	response, err := a.next.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if a.c.options.Heads {
		return read(response, nil), nil
	}
	body, err := bodyOfAnswer(response, a.c.options.Body)
	if err == nil {
		// A connection that we give up may still end like a whole answer: over TLS the
		// system hears of it first, and says goodbye.
		err = request.Context().Err()
	}
	if err != nil {
		return nil, err
	}
	body = a.c.secrets.bytes(body) // before anybody sees or keeps it
	if response.StatusCode == http.StatusNotModified {
		return known.confirmed(response)
	}
	if err := checkAnswer(request, response, body); err != nil {
		return nil, err
	}
	known.store(response, body, a.c.secrets)
	return read(response, body), nil
}

func (a *attempt) prepare(request *http.Request) {
	h := request.Header
	if h.Get("Accept") == "" {
		h.Set("Accept", a.c.options.Accept)
	}
	if h.Get("User-Agent") == "" {
		h.Set("User-Agent", "signpost") // GitHub refuses requests without one
	}
	h.Set("Accept-Encoding", "gzip")
	if a.c.options.Authorize != nil {
		a.c.options.Authorize(request)
	}
}

// classified says what a failure of the network means, and whether it may pass.
func classified(err error, limit time.Duration) error {
	if e := (*Error)(nil); errors.As(err, &e) {
		return e
	}
	e := &Error{Kind: snapshot.Network, Message: cause(err).Error(), again: true}
	var (
		timeout net.Error
		dns     *net.DNSError
		cert    *tls.CertificateVerificationError
		record  tls.RecordHeaderError
	)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		e.Kind, e.Message = snapshot.Timeout, fmt.Sprintf("no whole answer within %s", limit)
	case errors.As(err, &dns):
		e.Message = fmt.Sprintf("the name %s is not found: %s", dns.Name, dns.Err)
		e.NoHost, e.again = dns.IsNotFound, !dns.IsNotFound
	case errors.As(err, &cert), errors.As(err, &record):
		e.Message, e.again = "the system does not prove who it is, so it gets no token: "+e.Message, false
	case errors.As(err, &timeout) && timeout.Timeout():
		e.Kind = snapshot.Timeout
	case strings.Contains(e.Message, "malformed"), strings.Contains(e.Message, "server response headers exceeded"):
		e.Kind, e.again = snapshot.Garbage, false
	}
	return e
}
