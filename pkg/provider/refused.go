package provider

import (
	"fmt"
	"net/http"
	"time"

	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// mostSkew is by how much two clocks may differ that signatures are checked with: AWS and
// others take five minutes.
const mostSkew = 5 * time.Minute

// Refused says what an answer means that is no success, for libraries that ask through HTTP.
func (c *Client) Refused(asked string, response *http.Response, body []byte) error {
	e := &Error{
		Kind: kindOf(response), Status: response.StatusCode, Asked: c.secrets.text(withoutQuery(asked)),
		Message: fmt.Sprintf("%d %s%s", response.StatusCode, http.StatusText(response.StatusCode), detail(body)),
	}
	now := time.Now()
	switch e.Kind {
	case snapshot.RateLimit:
		if wait, ok := waitAsked(response.Header, now); ok {
			e.Message += "; " + limitUntil(now.Add(wait))
		}
	case snapshot.Auth, snapshot.Forbidden:
		e.Message += skew(response.Header, now)
	}
	e.Message = c.secrets.text(e.Message)
	return e
}

func kindOf(r *http.Response) snapshot.ProblemKind {
	switch s := r.StatusCode; {
	case limited(r):
		return snapshot.RateLimit
	case s == http.StatusUnauthorized:
		return snapshot.Auth
	case s == http.StatusForbidden:
		return snapshot.Forbidden
	case s == http.StatusNotFound, s == http.StatusGone:
		return snapshot.NotFound
	case s == http.StatusRequestTimeout, s == http.StatusGatewayTimeout:
		return snapshot.Timeout
	case s == http.StatusBadRequest, s == http.StatusUnprocessableEntity:
		return snapshot.Config // we have asked for something that it cannot answer
	case s >= 500, s == http.StatusConflict:
		return snapshot.Server
	default:
		return snapshot.Garbage
	}
}

// skew says so if the clocks differ, since that is why signed requests and tokens are
// refused that are right.
func skew(h http.Header, now time.Time) string {
	date, err := http.ParseTime(h.Get("Date"))
	if err != nil || date.Sub(now).Abs() < mostSkew {
		return ""
	}
	return fmt.Sprintf(" (the clock of the system is %s off ours)", date.Sub(now).Abs().Round(time.Minute))
}
