package livetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/provider/fact"
	"github.com/signpost-dev/signpost/pkg/provider/providertest"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// testSystem is one that has all that a fault may need: a list whose pages are linked, and a
// question for each of its items, which says whom it is about.
func testSystem() system {
	return system{
		name: "test",
		make: func(s provider.Settings) (provider.Provider, error) {
			secret := s.Secret("")
			client, err := s.NewClient(provider.Options{
				Base: s.URL, Secrets: []string{secret}, Authorize: func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+secret) },
			})
			return &tester{client}, err
		},
		subjects: func(s string) []provider.Subject { return []provider.Subject{about(s, provider.Health, "name", s)} },
		serve: func(v view) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if name, one := strings.CutPrefix(r.URL.Path, "/items/"); one {
					providertest.JSON(w, http.StatusOK, asJSON(itemOf(v, name)))
					return
				}
				all := valuesOf(v, func(name string) any { return itemOf(v, name) })
				page, _ := strconv.Atoi(r.FormValue("page"))
				from, to := min((page-1)*v.perPage(), len(all)), min(page*v.perPage(), len(all))
				if to < len(all) {
					w.Header().Set("Link", fmt.Sprintf(`<%s/items?page=%d>; rel="next"`, base, page+1))
				}
				providertest.JSON(w, http.StatusOK, asJSON(all[from:to]))
			})
		},
		pages: map[string]string{"page": "1"}, item: "/items/",
		edits: map[string][2]string{
			"graphql-partial":   {`"rank":7`, `"rank":7,"errors":[{"message":"some of it failed"}]`},
			"json-wrong-type":   {`"rank":7`, `"rank":"seven"`},
			"json-unknown-enum": {`"healthy"`, `"sparkling"`},
			"hostile-text":      {`"text":"`, `"text":"` + hostileText},
			"hostile-url":       {`"https://live.example/`, `"javascript:alert(1)//`},
		},
		differs: []difference{
			{faults: dropFaults, kind: snapshot.Loss, why: "this provider says nothing of what is not listed, so that only the number of facts tells"},
			{faults: "page-grows", kind: snapshot.Incomplete, why: "this provider takes no list in which something comes twice"},
		},
	}
}

func itemOf(v view, name string) item {
	at, _ := time.Parse(time.RFC3339, timeOf(v, 4))
	return item{ID: "i-" + name, Name: name, State: "healthy", Rank: 7, Text: v.day, At: at, URL: "https://live.example/" + name}
}

// tester is a provider as they all are: a list, and a question for each subject.
type tester struct{ client *provider.Client }

type item struct {
	ID     string           `json:"id"`
	Name   string           `json:"name"`
	State  string           `json:"state"`
	Rank   float64          `json:"rank"`
	Text   string           `json:"text"`
	At     time.Time        `json:"at"`
	URL    string           `json:"html_url"`
	Errors []map[string]any `json:"errors,omitempty"`
}

// check refuses what the system does not document.
func (i item) check() error {
	switch {
	case len(i.Errors) > 0:
		return fmt.Errorf("the system tells of errors beside its data: %v", i.Errors)
	case i.ID == "" || i.Name == "":
		return errors.New("an item has neither identifier nor name")
	case i.State != "healthy":
		return fmt.Errorf("the state %q is none that we know", i.State)
	}
	return nil
}

func (p *tester) Fetch(ctx context.Context, r provider.Request) (snapshot.Facts, error) {
	var facts snapshot.Facts
	ids, err := p.list(ctx)
	if err != nil {
		return facts, err
	}
	for _, s := range r.Subjects {
		if ids[s.With["name"]] == "" {
			continue
		}
		h, err := p.one(ctx, s)
		if err != nil {
			facts.Problems = append(facts.Problems, provider.OfSubject(s, err))
			continue
		}
		facts.Health = append(facts.Health, h)
	}
	return facts, nil
}

func (p *tester) list(ctx context.Context) (map[string]string, error) {
	ids := map[string]string{}
	err := p.client.EachPage(ctx, "/items", url.Values{"page": {"1"}}, func(page json.RawMessage) error {
		var items []item
		if err := json.Unmarshal(page, &items); err != nil {
			return err
		}
		for _, i := range items {
			if err := i.check(); err != nil {
				return err
			}
			if ids[i.Name] != "" {
				return fmt.Errorf("%s is listed twice: the list changed while we read it", i.Name)
			}
			ids[i.Name] = i.ID
		}
		return nil
	})
	return ids, err
}

func (p *tester) one(ctx context.Context, s provider.Subject) (snapshot.Health, error) {
	var i item
	if _, err := p.client.Get(ctx, "/items/"+s.With["name"], url.Values{"key": {"of-the-query"}}, &i); err != nil {
		return snapshot.Health{}, err
	}
	err := i.check()
	if err == nil && i.Name != s.With["name"] {
		err = fmt.Errorf("the answer is about %q", i.Name)
	}
	if err != nil {
		return snapshot.Health{}, &provider.Error{Kind: snapshot.Garbage, Asked: "GET /items/" + s.With["name"], Message: err.Error()}
	}
	return snapshot.Health{
		About: snapshot.About{ID: i.ID, Entity: s.Entity, Environment: s.Environment, Observed: i.At, URL: fact.Link(i.URL)},
		State: snapshot.HealthState(i.State), Message: i.Text,
	}, nil
}
