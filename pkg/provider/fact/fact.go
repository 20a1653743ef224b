// Package fact makes the parts of facts that every provider needs: texts and addresses that
// live systems told us, and the identifiers of facts that have none there.
//
// Whatever a live system says is untrusted: anybody who may name a container or write an
// annotation can put anything into it. Text stays text: one line of visible characters, of
// limited length. Addresses are kept if a browser can open them safely, or not at all.
package fact

import (
	"cmp"
	"fmt"
	"io/fs"
	"net/url"
	"strings"
	"unicode"

	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// Most characters of texts.
const (
	MostName = 200   // of names, versions, severities
	MostText = 2000  // of messages and summaries
	mostLink = 4_000 // bytes of an address
)

// Name returns a short text: a name, a version, a severity.
func Name(s string) string { return line(s, MostName) }

// Text returns a text of a sentence or more.
func Text(s string) string { return line(s, MostText) }

// line returns a text on one line without characters that do not show themselves: control
// characters reach terminals, and those that turn the direction of text mislead.
func line(s string, most int) string {
	var b strings.Builder
	n, space := 0, false
	for _, r := range strings.ToValidUTF8(s, "\uFFFD") {
		if unicode.IsSpace(r) {
			space = n > 0
			continue
		}
		if !unicode.IsPrint(r) {
			continue
		}
		if n >= most {
			b.WriteRune('…')
			break
		}
		if space {
			b.WriteByte(' ')
			n, space = n+1, false
		}
		b.WriteRune(r)
		n++
	}
	return b.String()
}

// Link returns an http or https address without user and password, or nothing.
func Link(s string) string {
	s = strings.TrimSpace(s)
	if len(s) > mostLink {
		return ""
	}
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.User != nil {
		return ""
	}
	if scheme := strings.ToLower(u.Scheme); scheme != "http" && scheme != "https" {
		return ""
	}
	return u.String()
}

// Runbook returns an http or https address, or the path of a file in a repository as rules
// of Prometheus name it ("docs/redis/redis.md#saturation"), or nothing.
func Runbook(s string) string {
	if link := Link(s); link != "" {
		return link
	}
	s = strings.TrimPrefix(strings.TrimSpace(s), "./")
	u, err := url.Parse(s)
	if err != nil || len(s) > mostLink || u.Scheme != "" || u.Host != "" || strings.Contains(s, "\\") || !fs.ValidPath(u.Path) || u.Path == "." {
		return ""
	}
	return u.String()
}

// ID identifies the fact of a subject where the system has no identifier for it: by the
// entity and the environment, so that it stays the same when a query is edited.
func ID(s provider.Subject) string {
	if s.Environment == "" {
		return s.Entity
	}
	return s.Entity + "@" + s.Environment
}

// Called returns the name in the reference of an entity: "payments-api" of
// "service:payments-api".
func Called(entity string) string {
	_, name, ok := strings.Cut(entity, ":")
	if !ok {
		return entity
	}
	return name
}

// Of returns the subjects that are asked for one of the purposes.
func Of(subjects []provider.Subject, purposes ...provider.Purpose) []provider.Subject {
	var of []provider.Subject
	for _, s := range subjects {
		for _, p := range purposes {
			if s.Purpose == p {
				of = append(of, s)
			}
		}
	}
	return of
}

// Missing is a thing of a kind that a subject names and nothing has.
func Missing(s provider.Subject, kind, id string) snapshot.Foreign {
	return snapshot.Foreign{ID: cmp.Or(Name(id), "?"), Kind: kind, State: "missing", Entity: s.Entity}
}

// NotFound says which things of those that a subject names are missing, why that may be,
// and what to do; nil if none are.
func NotFound(s provider.Subject, missing []snapshot.Foreign, why string) error {
	if len(missing) == 0 {
		return nil
	}
	var what []string
	for _, m := range missing {
		what = append(what, m.Kind+" "+m.ID)
	}
	return &provider.Error{Kind: snapshot.NotFound, Message: fmt.Sprintf("%s names %s, which %s", s.Place, strings.Join(what, " and "), why)}
}
