package github

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/signpost-dev/signpost/pkg/parallel"
	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// perBatch is how many repositories one question is about. More take GitHub longer than the
// ten seconds that it gives a query.
const perBatch = 50

// repository is what GraphQL answers for one.
type repository struct {
	NameWithOwner   string
	URL             string
	IsArchived      bool
	PushedAt        time.Time
	PrimaryLanguage *struct{ Name string }

	DefaultBranchRef *struct {
		Name   string
		Target struct{ History struct{ Nodes []commit } }
	}
	Releases                  struct{ Nodes []release }
	Owners1, Owners2, Owners3 *struct{ Text string }

	deployments map[string][]deployment // by environment
}

type commit struct {
	OID         string
	CheckSuites struct{ Nodes []suite }
}

type suite struct {
	Status, Conclusion string
	Branch             *struct{ Name string }
	WorkflowRun        *struct {
		DatabaseID int64
		URL        string
		CreatedAt  time.Time
		Workflow   struct {
			DatabaseID int64
			Name       string
		}
	}
}

type login struct{ Login string }

type release struct {
	DatabaseID             int64
	TagName, Name, URL     string
	CreatedAt, PublishedAt time.Time
	IsDraft, IsPrerelease  bool
	Author                 *login
	TagCommit              *struct{ OID string }
}

type deployment struct {
	DatabaseID       int64
	State, CommitOID string
	CreatedAt        time.Time
	Ref              *struct{ Name string }
	Creator          *login
	Commit           *struct{ CommittedDate time.Time } // null once the commit is gone
	LatestStatus     *struct {
		State, LogURL string
		CreatedAt     time.Time
	}
}

// reply is the answer to a question. GraphQL may give data and errors together.
type reply struct {
	Data   map[string]json.RawMessage `json:"data"`
	Errors []graphError               `json:"errors"`
}

type graphError struct {
	Type    string `json:"type"`
	Message string `json:"message"`
	Path    []any  `json:"path"`
}

// ask asks for all repositories, and puts what came of it beside each. It is an error if
// nothing came of any: then something is wrong with us and not with them.
func (g *gitHub) ask(ctx context.Context, all []*wanted) error {
	batches := slices.Collect(slices.Chunk(all, perBatch))
	if err := parallel.EachOf(ctx, provider.Connections, len(batches), func(i int) error {
		err := g.batch(ctx, batches[i])
		for _, w := range batches[i] {
			if err != nil {
				w.err = err
			}
		}
		if e := (*provider.Error)(nil); errors.As(err, &e) && (e.Kind == snapshot.Auth || e.Kind == snapshot.RateLimit) {
			return err // the other batches would hear the same
		}
		return nil
	}); err != nil {
		return g.client.Explain("POST "+g.graphql, err)
	}
	if len(all) == 0 || slices.ContainsFunc(all, func(w *wanted) bool { return w.err == nil }) {
		return nil
	}
	return all[0].err
}

// batch asks for some repositories. The error is of all of them.
func (g *gitHub) batch(ctx context.Context, batch []*wanted) error {
	var r reply
	if _, err := g.client.Post(ctx, g.graphql, questionFor(batch), &r); err != nil {
		return err
	}
	failed := map[string]error{}
	for _, e := range r.Errors {
		alias, _ := first(e.Path).(string)
		if alias == "" || e.Type == "RATE_LIMITED" {
			return g.refused(e)
		}
		failed[alias] = g.refused(e)
	}
	for i, w := range batch {
		alias := fmt.Sprintf("r%d", i)
		if w.err = failed[alias]; w.err == nil {
			w.got, w.err = w.decode(r.Data[alias])
		}
	}
	return nil
}

func first(path []any) any {
	if len(path) == 0 {
		return nil
	}
	return path[0]
}

// refused says what an error of GraphQL means.
func (g *gitHub) refused(e graphError) error {
	kind := snapshot.Server
	switch e.Type {
	case "NOT_FOUND":
		kind = snapshot.NotFound
	case "FORBIDDEN", "INSUFFICIENT_SCOPES":
		kind = snapshot.Forbidden
	case "RATE_LIMITED":
		kind = snapshot.RateLimit
	}
	return &provider.Error{Kind: kind, Status: 200, Asked: "POST " + g.graphql, Message: strings.TrimSpace(e.Type + ": " + e.Message)}
}

// decode reads the part of an answer that is about one repository.
func (w *wanted) decode(data json.RawMessage) (*repository, error) {
	garbage := func(format string, values ...any) error {
		return &provider.Error{Kind: snapshot.Garbage, Status: 200, Message: w.full() + ": " + fmt.Sprintf(format, values...)}
	}
	if len(data) == 0 || string(data) == "null" {
		return nil, garbage("the answer says nothing of this repository, and not why")
	}
	r := &repository{deployments: map[string][]deployment{}}
	var also map[string]json.RawMessage
	if err := errors.Join(json.Unmarshal(data, r), json.Unmarshal(data, &also)); err != nil {
		return nil, garbage("the answer is not what GitHub documents: %v", err)
	}
	if r.NameWithOwner == "" {
		return nil, garbage("the answer has no name")
	}
	for i, e := range w.environments {
		var list *struct{ Nodes []deployment }
		if err := json.Unmarshal(also[fmt.Sprintf("d%d", i)], &list); err != nil || list == nil {
			return nil, garbage("the answer lacks the deployments to %s", e)
		}
		r.deployments[e] = list.Nodes
	}
	return r, nil
}
