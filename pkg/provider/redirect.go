package provider

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// mostRedirects is how often one question may be sent elsewhere. GitHub does so once for a
// repository that has another name now.
const mostRedirects = 3

// checkRedirect keeps a client on its host: its token is for nobody else.
func (c *Client) checkRedirect(request *http.Request, via []*http.Request) error {
	if c.options.Heads {
		return http.ErrUseLastResponse
	}
	if err := c.checkHost(request.URL); err != nil {
		return err
	}
	same := func(r *http.Request) bool { return r.URL.String() == request.URL.String() }
	if len(via) > mostRedirects || slices.ContainsFunc(via, same) {
		return &Error{Kind: snapshot.Garbage, Message: "the system sends us in circles"}
	}
	return nil
}

// checkHost refuses addresses anywhere else.
func (c *Client) checkHost(u *url.URL) error {
	switch {
	case u.Host != c.base.Host || u.User != nil:
		return &Error{Kind: snapshot.Garbage, Message: "the system sends us to another host, " + u.Host + "; we do not follow, since our token is not for it"}
	case u.Scheme != c.base.Scheme:
		return &Error{Kind: snapshot.Garbage, Message: "the system sends us from " + c.base.Scheme + " to " + u.Scheme + "; we do not follow, since our token would be seen"}
	}
	return nil
}
