// Package argocd reads what Argo CD has deployed, and how it is.
//
// Settings: url (required), token (variable of a bearer token; ARGOCD_TOKEN), private,
// projects (of Argo CD, with commas between; all by default). Argo CD answers with whole
// applications, without pages: those of more than some hundred are too large for one
// answer, and projects asks for those of each project by themselves.
//
// A subject of purpose deployments or health has
//   - app: the name of its application, or namespace/name where names occur twice;
//   - image: the image whose tag is the version, if none is named as the entity is.
package argocd

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/provider/connect"
	"github.com/signpost-dev/signpost/pkg/provider/fact"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

const asked = "/api/v1/applications"

type argocd struct {
	client   *provider.Client
	name     string // of the provider
	base     string
	projects []string
}

// New makes the provider.
func New(s provider.Settings) (provider.Provider, error) {
	o, err := connect.Options(s, "", "ARGOCD_TOKEN")
	if err != nil {
		return nil, err
	}
	client, err := s.NewClient(o)
	if err != nil {
		return nil, err
	}
	return &argocd{client: client, name: s.Name, base: o.Base, projects: connect.List(s.With["projects"])}, nil
}

// Fetch asks for all applications, and joins them to the subjects.
func (p *argocd) Fetch(ctx context.Context, r provider.Request) (snapshot.Facts, error) {
	var facts snapshot.Facts
	all, err := p.list(ctx)
	if err != nil {
		return facts, err
	}
	by := index(all)
	used := map[*application]bool{}
	for _, s := range fact.Of(r.Subjects, provider.Deployments, provider.Health) {
		app, err := find(by, s)
		if err != nil {
			facts.Problems = append(facts.Problems, provider.OfSubject(s, err))
			if provider.ProblemOf(err).Kind == snapshot.NotFound {
				facts.Foreign = append(facts.Foreign, snapshot.Foreign{ID: fact.Name(s.With["app"]), Kind: "application", Name: fact.Name(s.With["app"]), State: "missing", Entity: s.Entity})
			}
			continue
		}
		used[app] = true
		if err := p.add(ctx, &facts, app, s, r.Now); err != nil {
			facts.Problems = append(facts.Problems, provider.OfSubject(s, err))
		}
	}
	for i := range all {
		if !used[&all[i]] {
			facts.Foreign = append(facts.Foreign, p.foreign(&all[i]))
		}
	}
	facts.Foreign = once(facts.Foreign)
	return facts, nil
}

// list asks for the applications of each project, or of all.
func (p *argocd) list(ctx context.Context) ([]application, error) {
	queries := []url.Values{{}}
	if len(p.projects) > 0 {
		queries = nil
	}
	for _, project := range p.projects {
		queries = append(queries, url.Values{"projects": {project}})
	}
	var all []application
	for _, query := range queries {
		var l list
		if _, err := p.client.Get(ctx, asked, query, &l); err != nil {
			return nil, err
		}
		if l.Items == nil && l.Metadata == nil {
			return nil, connect.Garbled(http.MethodGet+" "+asked, "the answer has no applications; is %s an Argo CD?", p.base)
		}
		all = append(all, l.Items...)
	}
	return all, nil
}

// index returns applications by name and by namespace/name.
func index(all []application) map[string][]*application {
	by := map[string][]*application{}
	for i := range all {
		a := &all[i]
		by[a.Metadata.Name] = append(by[a.Metadata.Name], a)
		by[a.id()] = append(by[a.id()], a)
	}
	return by
}

func (a *application) id() string { return a.Metadata.Namespace + "/" + a.Metadata.Name }

// find returns the application of a subject.
func find(by map[string][]*application, s provider.Subject) (*application, error) {
	name := s.With["app"]
	if name == "" {
		return nil, connect.Wrong("%s: %s need app, the name of an application in Argo CD", s.Place, s.Purpose)
	}
	switch found := by[name]; len(found) {
	case 0:
		return nil, &provider.Error{Kind: snapshot.NotFound, Message: fmt.Sprintf(
			"%s: Argo CD has no application %q, or the token may not see it", s.Place, fact.Name(name))}
	case 1:
		return found[0], nil
	default:
		return nil, connect.Wrong("%s: Argo CD has %d applications %q; write namespace/name", s.Place, len(found), fact.Name(name))
	}
}
