package github

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// wanted is a repository, who asks about it, and what came of it.
type wanted struct {
	owner, name  string
	subjects     []provider.Subject
	environments []string // whose deployments are asked for
	got          *repository
	behind       map[string]int // commits of the default branch that came after one on it, by that commit; see compare
	err          error
}

// full is what a repository is called. GitHub knows one name in any case of letters.
func (w *wanted) full() string { return w.owner + "/" + w.name }

// repositoryName is owner and name: letters, digits, hyphens, and in the second dots too.
var repositoryName = regexp.MustCompile(`^([A-Za-z0-9][A-Za-z0-9_-]*)/([A-Za-z0-9._-]+)$`)

// byRepository gathers the subjects of each repository, in the order of the first of each:
// several services may lie in one.
func byRepository(subjects []provider.Subject, facts *snapshot.Facts) []*wanted {
	known := map[string]*wanted{}
	var all []*wanted
	for _, s := range subjects {
		if s.Purpose == provider.Members {
			continue // see teams
		}
		if s.Purpose != provider.Deployments && s.Purpose != provider.Code {
			facts.Problems = append(facts.Problems, provider.OfSubject(s, config("%s: GitHub knows nothing of %s", s.Place, s.Purpose)))
			continue
		}
		match := repositoryName.FindStringSubmatch(s.With["repository"])
		if match == nil {
			facts.Problems = append(facts.Problems, provider.OfSubject(s, config(
				"%s: %q is no repository; write repository: acme/payments-api", s.Place, s.With["repository"])))
			continue
		}
		key := strings.ToLower(match[0])
		w := known[key]
		if w == nil {
			w = &wanted{owner: match[1], name: match[2]}
			known[key], all = w, append(all, w)
		}
		w.subjects = append(w.subjects, s)
		if e := environmentOf(s); s.Purpose == provider.Deployments && !slices.Contains(w.environments, e) {
			w.environments = append(w.environments, e)
		}
	}
	return all
}

// environmentOf is what GitHub calls the environment of a subject: as the catalog does,
// unless the descriptor says something else.
func environmentOf(s provider.Subject) string {
	if e := s.With["environment"]; e != "" {
		return e
	}
	return s.Environment
}

func config(format string, values ...any) error {
	return &provider.Error{Kind: snapshot.Config, Message: strings.TrimPrefix(fmt.Sprintf(format, values...), ": ")}
}
