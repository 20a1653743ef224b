// Package terraform reads the workspaces of HCP Terraform (Terraform Cloud) or Terraform
// Enterprise, and how the last run of each went.
//
// Settings: organization (required), url (https://app.terraform.io), token (variable of a
// bearer token; TFE_TOKEN), private.
//
// A subject of any purpose that has workspace, the name of one, gets its last run.
package terraform

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/provider/connect"
	"github.com/signpost-dev/signpost/pkg/provider/fact"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

type terraform struct {
	client       *provider.Client
	name         string // of the provider
	base         string
	organization string
}

// New makes the provider.
func New(s provider.Settings) (provider.Provider, error) {
	o, err := connect.Options(s, "https://app.terraform.io", "TFE_TOKEN")
	if err != nil {
		return nil, err
	}
	organization := s.With["organization"]
	if organization == "" {
		return nil, connect.Wrong("the provider %s needs organization, its name in HCP Terraform, in signpost.yaml", s.Name)
	}
	client, err := s.NewClient(o)
	if err != nil {
		return nil, err
	}
	return &terraform{client, s.Name, o.Base, organization}, nil
}

// Fetch asks for all workspaces, and joins them to the subjects.
func (t *terraform) Fetch(ctx context.Context, r provider.Request) (snapshot.Facts, error) {
	var facts snapshot.Facts
	all, runs, err := t.list(ctx)
	if err != nil {
		return facts, err
	}
	by := make(map[string]*workspace, len(all))
	for i := range all {
		by[all[i].Attributes.Name] = &all[i]
	}
	used := map[string]bool{}
	for _, s := range r.Subjects {
		name := s.With["workspace"]
		w := by[name]
		if w == nil {
			err := missing(s, name)
			facts.Problems = append(facts.Problems, provider.OfSubject(s, err))
			if name != "" {
				facts.Foreign = append(facts.Foreign, snapshot.Foreign{ID: fact.Name(name), Kind: "workspace", Name: fact.Name(name), State: "missing", Entity: s.Entity})
			}
			continue
		}
		used[name] = true
		one, err := t.runOf(w, runs, s, r.Now)
		if err != nil {
			facts.Problems = append(facts.Problems, provider.OfSubject(s, err))
		} else if one != nil {
			facts.Runs = append(facts.Runs, *one)
		}
	}
	for i := range all {
		if !used[all[i].Attributes.Name] {
			facts.Foreign = append(facts.Foreign, t.foreign(&all[i]))
		}
	}
	return facts, nil
}

func missing(s provider.Subject, name string) error {
	if name == "" {
		return connect.Wrong("%s: %s needs workspace, the name of one in HCP Terraform", s.Place, s.Purpose)
	}
	return &provider.Error{Kind: snapshot.NotFound, Message: fmt.Sprintf(
		"%s: the organization has no workspace %q, or the token may not see it", s.Place, fact.Name(name))}
}

// list asks for page after page.
func (t *terraform) list(ctx context.Context) ([]workspace, map[string]run, error) {
	path := "/api/v2/organizations/" + url.PathEscape(t.organization) + "/workspaces"
	asked := http.MethodGet + " " + path
	var all []workspace
	runs := map[string]run{}
	numbered := func(n int) url.Values {
		return url.Values{"page[size]": {"100"}, "page[number]": {strconv.Itoa(n)}, "include": {"current_run"}}
	}
	number := 1
	err := t.client.EachPart(ctx, path, numbered(1), func(data json.RawMessage) (url.Values, error) {
		var p page
		if err := json.Unmarshal(data, &p); err != nil {
			return nil, connect.Garbled(asked, "the answer is not what HCP Terraform documents: %v", err)
		}
		if p.Meta == nil {
			return nil, connect.Garbled(asked, "the answer does not say which page it is; is %s an HCP Terraform?", t.base)
		}
		all = append(all, p.Data...)
		for _, one := range p.Included {
			if one.Type == "runs" {
				runs[one.ID] = one
			}
		}
		next := p.Meta.Pagination.Next
		if next == nil {
			return nil, nil
		}
		if *next <= number {
			return nil, connect.Garbled(asked, "page %d says that page %d is next", number, *next)
		}
		number = *next
		return numbered(number), nil
	})
	return all, runs, err
}

// runOf makes a fact of the last run of a workspace; nil if there was none.
func (t *terraform) runOf(w *workspace, runs map[string]run, s provider.Subject, now time.Time) (*snapshot.Run, error) {
	last := w.Relationships.Run.Data
	if last == nil {
		return nil, nil
	}
	one, ok := runs[last.ID]
	if !ok {
		return nil, &provider.Error{Kind: snapshot.Forbidden, Message: fmt.Sprintf(
			"the last run of the workspace %s is left out of the answer; give the token permission to read runs", fact.Name(w.Attributes.Name))}
	}
	state, known := states[one.Attributes.Status]
	if !known {
		return nil, connect.Garbled("", "the status %q of the workspace %s is none that we know; a newer signpost may", fact.Name(one.Attributes.Status), fact.Name(w.Attributes.Name))
	}
	return &snapshot.Run{
		About: snapshot.About{ID: fact.Name(w.ID), Entity: s.Entity, Environment: s.Environment, Observed: now, URL: t.page(w) + "/runs/" + url.PathEscape(one.ID)},
		Name:  fact.Name(w.Attributes.Name), State: state, At: one.Attributes.Created,
	}, nil
}

// page is where people see a workspace.
func (t *terraform) page(w *workspace) string {
	return fact.Link(t.base + "/app/" + url.PathEscape(t.organization) + "/workspaces/" + url.PathEscape(w.Attributes.Name))
}

// foreign is a workspace that no entity names.
func (t *terraform) foreign(w *workspace) snapshot.Foreign {
	return snapshot.Foreign{
		ID: fact.Name(w.ID), Kind: "workspace", Name: fact.Name(w.Attributes.Name), State: "active", URL: t.page(w),
		Fix: fmt.Sprintf("environments:\n  production:\n    deployments: {provider: %s, workspace: %s}\n", t.name, strconv.Quote(fact.Name(w.Attributes.Name))),
	}
}
