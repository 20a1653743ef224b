package http

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync"
	"time"

	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/provider/fact"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

const (
	patience = 20 * time.Second // with a client that asks again
	mostBody = 1 << 20          // bytes of a status; more is not looked at
)

// answer is what an address answered.
type answer struct {
	status int
	body   []byte
	took   time.Duration // from asking until the first byte, of the last attempt
}

// ask asks for an address. Only an answer that did not come is an error.
func ask(ctx context.Context, client *provider.Client, u *url.URL) (answer, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	w := &watch{}
	request, err := http.NewRequestWithContext(w.on(ctx), http.MethodGet, u.String(), nil)
	if err != nil {
		return answer{}, err
	}
	request.Header.Set("Accept", "*/*") // a status may be a page or a word
	response, err := client.HTTP().Do(request)
	if e := (*provider.Error)(nil); errors.As(err, &e) && e.Status >= 300 {
		return answer{status: e.Status, took: w.took()}, nil
	}
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, mostBody))
	return answer{response.StatusCode, body, w.took()}, err
}

// watch measures attempts: a client may make several, and waits between them.
type watch struct {
	lock         sync.Mutex
	begun, ended time.Time
}

func (w *watch) on(ctx context.Context) context.Context {
	note := func(begin bool) {
		w.lock.Lock()
		defer w.lock.Unlock()
		if begin {
			w.begun, w.ended = time.Now(), time.Time{}
		} else {
			w.ended = time.Now()
		}
	}
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn:              func(string) { note(true) },
		GotFirstResponseByte: func() { note(false) },
	})
}

func (w *watch) took() time.Duration {
	w.lock.Lock()
	defer w.lock.Unlock()
	if w.ended.IsZero() {
		return 0
	}
	return max(w.ended.Sub(w.begun), time.Microsecond)
}

// unreachable tells a service that does not answer from what keeps us from asking, which
// is returned as an error.
func unreachable(err error) (snapshot.HealthState, string, error) {
	if e := (*provider.Error)(nil); errors.As(err, &e) {
		if e.Kind != snapshot.Network && e.Kind != snapshot.Timeout {
			return "", "", e
		}
		return snapshot.Unhealthy, fact.Text("it does not answer: " + e.Message), nil
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return snapshot.Unhealthy, fmt.Sprintf("it does not answer within %s", patience), nil
	}
	for u := (*url.Error)(nil); errors.As(err, &u); { // which shows the whole address
		err = u.Err
	}
	return snapshot.Unhealthy, fact.Text("it does not answer: " + err.Error()), nil
}
