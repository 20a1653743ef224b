package provider

import (
	"errors"
	"net/http"

	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// transport is what every request of a client goes through.
func (c *Client) transport() http.RoundTripper {
	if c.options.Transport != nil {
		return c.options.Transport
	}
	return http.DefaultTransport
}

// checkRedirect keeps a client on its host: its token is for nobody else.
func (c *Client) checkRedirect(request *http.Request, via []*http.Request) error {
	if request.URL.Host != c.base.Host || request.URL.Scheme != c.base.Scheme {
		return &Error{Kind: snapshot.Garbage, Message: "the system sends us to another host, " + request.URL.Host + "; we do not follow"}
	}
	if len(via) >= 5 {
		return &Error{Kind: snapshot.Garbage, Message: "the system sends us in circles"}
	}
	return nil
}

// failed says why there was no answer.
func (c *Client) failed(asked string, err error) error {
	if e := (*Error)(nil); errors.As(err, &e) {
		e.Asked = asked
		return e
	}
	return &Error{Kind: snapshot.Network, Asked: asked, Message: redacted(err.Error(), c.options.Secrets)}
}

// refused says what an answer means that is no success.
func (c *Client) refused(asked string, response *http.Response, body []byte) error {
	e := &Error{Status: response.StatusCode, Asked: asked, Message: response.Status}
	switch {
	case response.StatusCode == http.StatusUnauthorized:
		e.Kind = snapshot.Auth
	case response.StatusCode == http.StatusForbidden:
		e.Kind = snapshot.Forbidden
	case response.StatusCode == http.StatusNotFound:
		e.Kind = snapshot.NotFound
	case response.StatusCode == http.StatusTooManyRequests:
		e.Kind = snapshot.RateLimit
	case response.StatusCode >= 500:
		e.Kind = snapshot.Server
	default:
		e.Kind = snapshot.Garbage
	}
	return e
}
