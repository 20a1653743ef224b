package opsgenie

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/signpost-dev/signpost/pkg/parallel"
	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/provider/fact"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// rota is what a schedule says of now and next.
type rota struct {
	now, next []string // identifiers or names of people
	until     time.Time
	err       error
}

// onCalls adds who is called for each subject, one fact for each of its schedules. A
// schedule that fails is a problem of those who name it.
func (s *system) onCalls(ctx context.Context, a account, found bindings, r provider.Request, facts *snapshot.Facts) error {
	rotas, err := s.rotas(ctx, found, r.Now)
	if err != nil {
		return err
	}
	var people []string
	for _, got := range rotas {
		people = append(append(people, got.now...), got.next...)
	}
	called := s.names(ctx, people)
	for _, b := range found.bindings {
		for _, id := range b.schedules {
			if err := rotas[id].err; err != nil {
				facts.Problems = append(facts.Problems, provider.OfSubject(b.subject, err))
				continue
			}
			f := snapshot.OnCall{
				Now: joined(rotas[id].now, called), Next: joined(rotas[id].next, called), Until: rotas[id].until,
				Title: cmp.Or(fact.Name(a.schedules[id].Name), id),
			}
			f.ID, f.Entity, f.Environment, f.Observed = b.subject.Entity+"/"+id, b.subject.Entity, b.subject.Environment, r.Now.UTC()
			facts.OnCall = append(facts.OnCall, f)
		}
	}
	return nil
}

// rotas asks every schedule that is named, by identifier.
func (s *system) rotas(ctx context.Context, found bindings, now time.Time) (map[string]rota, error) {
	var ids []string
	for _, b := range found.bindings {
		ids = append(ids, b.schedules...)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	all := make([]rota, len(ids))
	err := parallel.EachOf(ctx, provider.Connections, len(ids), func(i int) error {
		all[i] = s.rota(ctx, ids[i], now)
		if ctx.Err() != nil {
			return errors.Join(all[i].err, ctx.Err())
		}
		return nil
	})
	by := make(map[string]rota, len(ids))
	for i, id := range ids {
		by[id] = all[i]
	}
	return by, err
}

// rota asks one schedule who is on call, who is next, and when that changes.
func (s *system) rota(ctx context.Context, id string, now time.Time) rota {
	at := url.Values{"flat": {"true"}, "date": {now.UTC().Format(time.RFC3339)}}
	present, err := s.people(ctx, s.schedules+"/"+id+"/on-calls", at, func(o onCalls) [][]participant {
		return [][]participant{o.Recipients, o.Users, o.Participants}
	})
	if err != nil {
		return rota{err: err}
	}
	// Those who come exactly next stand first: the others are the next of each rotation.
	next, err := s.people(ctx, s.schedules+"/"+id+"/next-on-calls", at, func(o onCalls) [][]participant {
		return [][]participant{o.NextRecipients, o.NextUsers, o.NextParticipants, o.LaterRecipients, o.LaterUsers, o.LaterParticipants}
	})
	if err != nil {
		return rota{err: err}
	}
	var planned timeline
	if err := s.one(ctx, s.schedules+"/"+id+"/timeline", url.Values{"interval": {"1"}, "intervalUnit": {"months"}, "date": at["date"]}, &planned); err != nil {
		return rota{err: err}
	}
	if planned.Final == nil {
		return rota{err: garbage(s.schedules+"/"+id+"/timeline", "the answer has no final timeline, so nobody knows when that changes")}
	}
	return rota{now: present, next: next, until: planned.changes(now)}
}

// changes returns when the first of those who are on call now no longer are.
func (t timeline) changes(now time.Time) time.Time {
	var first time.Time
	for _, r := range t.Final.Rotations {
		for _, p := range r.Periods {
			if !now.Before(p.Start) && now.Before(p.End) && (first.IsZero() || p.End.Before(first)) {
				first = p.End.UTC()
			}
		}
	}
	return first
}

// one asks for one thing, which Opsgenie wraps in data.
func (s *system) one(ctx context.Context, path string, query url.Values, into any) error {
	var answer json.RawMessage
	if _, err := s.client.Get(ctx, path, query, &answer); err != nil {
		return err
	}
	var wrapped struct {
		Data json.RawMessage `json:"data"`
	}
	if s.jsm == nil {
		if err := json.Unmarshal(answer, &wrapped); err != nil || wrapped.Data == nil {
			return garbage(path, "the answer has no data; is the address right?")
		}
		answer = wrapped.Data
	}
	if err := json.Unmarshal(answer, into); err != nil {
		return garbage(path, "the answer is not what the system documents: "+err.Error())
	}
	return nil
}

// people asks for a list of people that has one of several names. That nobody is called is
// said by an empty list; if there is none, nobody knows.
func (s *system) people(ctx context.Context, path string, query url.Values, lists func(onCalls) [][]participant) ([]string, error) {
	var answer onCalls
	if err := s.one(ctx, path, query, &answer); err != nil {
		return nil, err
	}
	known := false
	for _, l := range lists(answer) {
		known = known || l != nil
		if all := flat(l); len(all) > 0 {
			return all, nil
		}
	}
	if !known {
		return nil, garbage(path, "the answer has no list of people, so nobody knows who is on call")
	}
	return nil, nil
}

// flat returns people, those of teams and escalations too, each once.
func flat(all []participant) []string {
	var people []string
	for _, p := range all {
		if len(p.Nested) > 0 {
			people = append(people, flat(p.Nested)...)
		} else if who := cmp.Or(p.Name, p.ID); who != "" && p.Type != "none" {
			people = append(people, who)
		}
	}
	slices.Sort(people)
	return slices.Compact(people)
}

// names returns the names of Atlassian accounts ("Bulk get users" of Jira). Without the
// permission to read users their identifiers stand for them, which is better than nothing.
func (s *system) names(ctx context.Context, accounts []string) map[string]string {
	called := map[string]string{}
	if s.jsm == nil {
		return called
	}
	slices.Sort(accounts)
	for some := range slices.Chunk(slices.Compact(accounts), 50) {
		var answer struct {
			Values []struct {
				ID   string `json:"accountId"`
				Name string `json:"displayName"`
			} `json:"values"`
		}
		if _, err := s.client.Get(ctx, s.jsm.people, url.Values{"accountId": some, "maxResults": {"50"}}, &answer); err != nil {
			return called
		}
		for _, v := range answer.Values {
			called[v.ID] = v.Name
		}
	}
	return called
}

// joined returns people as one text.
func joined(people []string, called map[string]string) string {
	var all []string
	for _, p := range people {
		all = append(all, fact.Name(cmp.Or(called[p], p)))
	}
	slices.Sort(all)
	return strings.Join(slices.Compact(all), ", ")
}
