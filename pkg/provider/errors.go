package provider

import (
	"errors"
	"fmt"
	"strings"

	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// Error says why a system did not answer as it should.
type Error struct {
	Kind    snapshot.ProblemKind
	Status  int    // of the answer; 0 if there was none
	Asked   string // method and path, without host, query and secrets
	Message string // for people
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

// redacted returns a text without secrets, wherever they may have got into it.
func redacted(text string, secrets []string) string {
	for _, s := range secrets {
		if s != "" {
			text = strings.ReplaceAll(text, s, "***")
		}
	}
	return text
}
