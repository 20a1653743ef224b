package provider

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// Error says why a system did not answer as it should.
type Error struct {
	Kind    snapshot.ProblemKind
	Status  int    // of the answer; 0 if there was none
	Asked   string // method and path, without host, query and secrets
	Message string // for people
	NoHost  bool   // the name of the host does not exist

	again bool // another attempt may help
}

func (e *Error) Error() string {
	if e.Asked == "" {
		return e.Message
	}
	return fmt.Sprintf("%s: %s", e.Asked, e.Message)
}

// ProblemOf turns an error of Fetch into what a snapshot says of it.
func ProblemOf(err error) *snapshot.Problem {
	if err == nil {
		return nil
	}
	kind := snapshot.Network
	if e := (*Error)(nil); errors.As(err, &e) {
		kind = e.Kind
	}
	return &snapshot.Problem{Kind: kind, Message: err.Error()}
}

// OfSubject is the problem of one subject.
func OfSubject(s Subject, err error) snapshot.Problem {
	p := *ProblemOf(err)
	p.Entity, p.Environment = s.Entity, s.Environment
	return p
}

// Explain turns an error of HTTP into an *Error without secrets and queries. What was asked
// is a method and a path.
func (c *Client) Explain(asked string, err error) error {
	if err == nil {
		return nil
	}
	asked = c.secrets.text(withoutQuery(asked))
	if e := (*Error)(nil); errors.As(err, &e) {
		explained := *e
		if explained.Asked == "" {
			explained.Asked = asked
		}
		explained.Message = c.secrets.text(explained.Message)
		return &explained
	}
	e := &Error{Kind: snapshot.Network, Asked: asked}
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		e.Kind, e.Message = snapshot.Timeout, "there was no time left for an answer"
	case errors.Is(err, context.Canceled):
		e.Kind, e.Message = snapshot.Timeout, "stopped before there was an answer"
	default:
		e.Message = c.secrets.text(cause(err).Error())
	}
	return e
}

// cause takes off what net/http wraps errors in, which shows queries.
func cause(err error) error {
	for {
		wrapped, ok := err.(*url.Error)
		if !ok {
			return err
		}
		err = wrapped.Err
	}
}

// garbage is the error of an answer that is not what the system documents.
func garbage(status int, format string, values ...any) *Error {
	return &Error{Kind: snapshot.Garbage, Status: status, Message: fmt.Sprintf(format, values...)}
}

// withoutQuery cuts off what may hold secrets.
func withoutQuery(address string) string {
	address, _, _ = strings.Cut(address, "?")
	return address
}
