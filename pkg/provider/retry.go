package provider

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/hashicorp/go-retryablehttp"

	"github.com/signpost-dev/signpost/pkg/snapshot"
)

const (
	mostAttempts = 3 // so that a system that is down gets at most three times what it gets else
	firstWait    = time.Second
	// mostFailing is how many questions in a row may fail for good before the system counts
	// as down: then each question is asked once, which is over sooner for everybody.
	mostFailing = 5
)

// waits is what one question has waited and will wait, kept in its context since the hooks
// of go-retryablehttp know nothing of each other.
type waits struct{ next, total time.Duration }

type waitsKey struct{}

// front is what every request of a client goes through first.
type front struct{ c *Client }

// RoundTrip refuses what may not be asked, and asks as often as it helps.
func (f front) RoundTrip(request *http.Request) (*http.Response, error) {
	c := f.c
	body, err := bodyOf(request)
	if err != nil {
		return nil, err
	}
	if err := c.checkHost(request.URL); err != nil {
		return nil, err
	}
	if until := time.Unix(0, c.blocked.Load()); time.Now().Before(until) {
		return nil, &Error{Kind: snapshot.RateLimit, Message: "not asked, since " + limitUntil(until)}
	}
	ctx := context.WithValue(request.Context(), waitsKey{}, &waits{})
	clone := request.Clone(ctx)
	clone.Body = nil // it is read already
	again, err := retryablehttp.FromRequest(clone)
	if err != nil {
		return nil, err
	}
	if err := again.SetBody(body); err != nil {
		return nil, err
	}
	response, err := c.retry.Do(again)
	c.count(response, err)
	return response, err
}

// bodyOf reads and closes the body of a request; nil if it has none.
func bodyOf(request *http.Request) (any, error) {
	if request.Body == nil || request.Body == http.NoBody {
		return nil, nil
	}
	defer request.Body.Close()
	return io.ReadAll(request.Body)
}

// count notes whether the system is down, or wants to be left alone.
func (c *Client) count(response *http.Response, err error) {
	switch e := (*Error)(nil); {
	case response != nil && response.StatusCode < 500:
		c.failing.Store(0)
	case response != nil || errors.As(err, &e) && e.again:
		c.failing.Add(1)
	}
	if response == nil || !limited(response) {
		return
	}
	if wait, ok := waitAsked(response.Header, time.Now()); ok && wait > longestWait {
		c.blocked.Store(time.Now().Add(wait).UnixNano())
	}
}

func limitUntil(t time.Time) string {
	return fmt.Sprintf("the limit of requests is used up until %s", t.UTC().Format("2006-01-02 15:04 UTC"))
}

// retrying sets up the library: which answers are worth another attempt, and how long to
// wait for it. It would sleep itself by the real clock, so we sleep before it goes on.
func (c *Client) retrying(inner http.RoundTripper) *retryablehttp.Client {
	return &retryablehttp.Client{
		HTTPClient: &http.Client{Transport: inner, CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse // redirects are followed outside, see checkRedirect
		}},
		RetryMax:   mostAttempts - 1,
		CheckRetry: c.worthAnother,
		Backoff:    func(_, _ time.Duration, _ int, _ *http.Response) time.Duration { return 0 },
		PrepareRetry: func(r *http.Request) error {
			return c.options.Sleep(r.Context(), r.Context().Value(waitsKey{}).(*waits).next)
		},
		ErrorHandler: func(r *http.Response, err error, _ int) (*http.Response, error) {
			if err == nil {
				return r, nil // the last attempt was refused: the answer says why
			}
			if r != nil {
				_ = r.Body.Close()
			}
			return nil, cause(err)
		},
	}
}

// worthAnother tells whether to ask again, and notes how long to wait before.
func (c *Client) worthAnother(ctx context.Context, r *http.Response, err error) (bool, error) {
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	if e := (*Error)(nil); err != nil && (!errors.As(err, &e) || !e.again) {
		return false, nil
	}
	if err == nil && !limited(r) && (r.StatusCode < 500 || r.StatusCode == http.StatusNotImplemented) {
		return false, nil
	}
	if c.failing.Load() >= mostFailing {
		return false, nil
	}
	w := ctx.Value(waitsKey{}).(*waits)
	asked := false
	if r != nil {
		w.next, asked = waitAsked(r.Header, time.Now())
	}
	if !asked {
		w.next = jittered(max(w.total, firstWait))
	}
	w.total += w.next
	return w.total <= longestWait, nil
}

// jittered spreads waits from one to two times, so that eight connections that failed
// together do not come back together.
func jittered(d time.Duration) time.Duration { return d + rand.N(d) }

// read makes an answer of what was read already.
func read(r *http.Response, body []byte) *http.Response {
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	r.Header.Del("Content-Encoding")
	r.Header.Del("Content-Length")
	return r
}
