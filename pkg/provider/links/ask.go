package links

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// refused is the kind of errors about addresses that must not be asked for.
const refused = snapshot.Config

// ask asks for the head of a page. Servers that do not know HEAD, or answer it otherwise than
// GET, are asked by GET, too, whose body is not read.
func (c *checker) ask(ctx context.Context, address string) (*http.Response, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	client, err := c.client(u)
	if err != nil {
		return nil, err
	}
	var response *http.Response
	for _, method := range []string{http.MethodHead, http.MethodGet} {
		request, err := http.NewRequestWithContext(ctx, method, address, nil)
		if err != nil {
			return nil, err
		}
		request.Header.Set("User-Agent", "signpost (link check)")
		if response, err = client.HTTP().Do(request); err != nil {
			return nil, client.Explain(method, err)
		}
		if !asksAgain(response.StatusCode) {
			break
		}
	}
	return response, nil
}

// asksAgain reports whether GET may be answered otherwise than HEAD was.
func asksAgain(status int) bool {
	switch status {
	case http.StatusUnauthorized, http.StatusGone, http.StatusTooManyRequests:
		return false
	case http.StatusNotImplemented:
		return true
	}
	return status >= 400 && status < 500
}

// leadsOn returns the address to which an answer sends us on, and whether for good.
func leadsOn(r *http.Response, from string) (to string, permanent, ok bool) {
	switch r.StatusCode {
	case http.StatusMovedPermanently, http.StatusPermanentRedirect:
		permanent = true
	case http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect:
	default:
		return "", false, false
	}
	base, err := url.Parse(from)
	if err != nil {
		return "", false, false
	}
	u, err := base.Parse(r.Header.Get("Location"))
	if err != nil || r.Header.Get("Location") == "" {
		return "", false, false
	}
	return u.String(), permanent, true
}

// judge says what the status at the end of the way means.
func (c *checker) judge(status int, moved string) Answer {
	a := Answer{State: Unreachable, Asked: c.options.Now, Why: fmt.Sprintf("%d %s", status, http.StatusText(status))}
	switch {
	case status == http.StatusNotFound, status == http.StatusGone:
		a.State = Dead
	case status >= 200 && status < 300, status == http.StatusUnauthorized: // who signs in sees it
		a.State, a.Why = Good, ""
		if moved != "" {
			a.State, a.To = Moved, moved
		}
	}
	return a
}
