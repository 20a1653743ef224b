package pagerduty

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/signpost-dev/signpost/pkg/parallel"
	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/provider/fact"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

const (
	// ahead is how far we look for who is next. PagerDuty plans 90 days ahead.
	ahead = 30 * 24 * time.Hour
	// together is how many things are asked about in one request, so that its address
	// stays short.
	together = 25
	// mostLevels is more than a policy may have, which is 20.
	mostLevels = 99
)

// place is where in a policy somebody is called: at a level, through a schedule or by name.
type place struct {
	level    int
	schedule string // empty for those whom the policy names itself
}

// turn is a time for which somebody is called. An end that is zero is open.
type turn struct {
	who        reference
	start, end time.Time
}

// period says which turns are asked for.
func period(now time.Time) url.Values {
	return url.Values{
		"since": {now.UTC().Format(time.RFC3339)}, "until": {now.UTC().Add(ahead).Format(time.RFC3339)}, "time_zone": {"UTC"},
	}
}

// turnsOfPolicies asks who is called at each place of some policies ("List all of the
// on-calls").
func (s *system) turnsOfPolicies(ctx context.Context, policies []string, now time.Time) (map[string]map[place][]turn, error) {
	chunks := slices.Collect(slices.Chunk(policies, together))
	answers := make([][]onCall, len(chunks))
	err := parallel.EachOf(ctx, provider.Connections, len(chunks), func(i int) (err error) {
		query := period(now)
		query["escalation_policy_ids[]"] = chunks[i]
		answers[i], err = s.onCalls(ctx, query)
		return err
	})
	if err != nil {
		return nil, err
	}
	all := map[string]map[place][]turn{}
	for _, calls := range answers {
		for _, c := range calls {
			if c.Level < 1 || c.Level > mostLevels {
				return nil, garbage("/oncalls", fmt.Sprintf("somebody is on call at level %d", c.Level))
			}
			p := place{level: c.Level}
			if c.Schedule != nil {
				p.schedule = c.Schedule.ID
			}
			if all[c.Policy.ID] == nil {
				all[c.Policy.ID] = map[place][]turn{}
			}
			all[c.Policy.ID][p] = append(all[c.Policy.ID][p], turn{c.User, c.Start, c.End})
		}
	}
	return all, nil
}

// onCalls reads a list of on-calls. If one comes on two pages the list has changed while we
// read it, and another may be on none: then it would seem that nobody is called.
func (s *system) onCalls(ctx context.Context, query url.Values) ([]onCall, error) {
	var all []onCall
	earlier := map[string]bool{}
	err := eachPage(ctx, s.client, "/oncalls", "oncalls", query, func(items []onCall) error {
		for _, c := range items {
			if earlier[c.key()] {
				return errors.New("somebody is on two pages: the list has changed while we read it; try again later")
			}
		}
		for _, c := range items {
			earlier[c.key()] = true
		}
		all = append(all, items...)
		return nil
	})
	return all, err
}

// turnsOfSchedules asks who is called by schedules ("Get a schedule"), each by itself: the
// list of on-calls knows only those that a policy uses. One that fails is among failed.
func (s *system) turnsOfSchedules(ctx context.Context, ids []string, now time.Time) (turns map[string][]turn, failed map[string]error, err error) {
	all, errs := make([][]turn, len(ids)), make([]error, len(ids))
	err = parallel.EachOf(ctx, provider.Connections, len(ids), func(i int) error {
		all[i], errs[i] = s.turnsOfSchedule(ctx, ids[i], now)
		return ctx.Err()
	})
	if err != nil {
		return nil, nil, errors.Join(append(errs, err)...)
	}
	turns, failed = map[string][]turn{}, map[string]error{}
	for i, id := range ids {
		if errs[i] != nil {
			failed[id] = errs[i]
		} else {
			turns[id] = all[i]
		}
	}
	return turns, failed, nil
}

func (s *system) turnsOfSchedule(ctx context.Context, id string, now time.Time) ([]turn, error) {
	if !identifier.MatchString(id) {
		return nil, &provider.Error{Kind: snapshot.Garbage, Message: fmt.Sprintf("PagerDuty lists a schedule %q, which is no identifier", fact.Name(id))}
	}
	query := period(now)
	query.Set("overflow", "true") // turns end when they end, and not where our question does
	var answer struct {
		Schedule schedule `json:"schedule"`
	}
	if _, err := s.client.Get(ctx, "/schedules/"+id, query, &answer); err != nil {
		return nil, err
	}
	if answer.Schedule.ID != id {
		return nil, garbage("/schedules/"+id, fmt.Sprintf("the answer is about the schedule %q", fact.Name(answer.Schedule.ID)))
	}
	if answer.Schedule.Final == nil {
		return nil, &provider.Error{Kind: snapshot.Garbage, Asked: "GET /schedules/" + id, Message: "the answer has no final schedule, so nobody knows who is on call"}
	}
	var all []turn
	for _, e := range answer.Schedule.Final.Entries {
		all = append(all, turn{e.User, e.Start, e.End})
	}
	return all, nil
}

// onCall tells who is called for a subject, at each place of its policy and by its schedule.
func (a account) onCall(b binding, ofPolicy map[place][]turn, ofSchedule map[string][]turn, now time.Time) []snapshot.OnCall {
	var facts []snapshot.OnCall
	if turns, known := ofSchedule[b.schedule]; known {
		f := told(b, place{schedule: b.schedule}, turns, now)
		f.Title, f.URL = a.schedules[b.schedule].title()
		facts = append(facts, f)
	}
	if b.policy == "" {
		return facts
	}
	for _, p := range a.places(b.policy, ofPolicy) {
		f := told(b, p, ofPolicy[p], now)
		f.Title, f.URL = a.policies[b.policy].title()
		if p.schedule != "" {
			f.Title, f.URL = a.scheduleOf(b.policy, p).title()
		}
		facts = append(facts, f)
	}
	return facts
}

// places are those that a policy has, whether anybody is called there or not: a level at
// which nobody is called is worth knowing. Those of on-calls that the policy does not tell
// of come too, since it may have changed between the two questions.
func (a account) places(policy string, calls map[place][]turn) []place {
	var all []place
	rules := a.policies[policy].Rules
	for i, rule := range rules[:min(len(rules), mostLevels)] {
		for _, t := range rule.Targets {
			p := place{level: i + 1}
			if strings.HasPrefix(t.Type, "schedule") {
				p.schedule = t.ID
			}
			all = append(all, p)
		}
	}
	for p := range calls {
		all = append(all, p)
	}
	slices.SortFunc(all, func(x, y place) int { return cmp.Or(x.level-y.level, strings.Compare(x.schedule, y.schedule)) })
	return slices.Compact(all)
}

// scheduleOf returns a schedule of the account, or what its policy says of it.
func (a account) scheduleOf(policy string, p place) schedule {
	if s, known := a.schedules[p.schedule]; known {
		return s
	}
	for _, rule := range a.policies[policy].Rules {
		for _, t := range rule.Targets {
			if t.ID == p.schedule {
				return schedule{reference: t}
			}
		}
	}
	return schedule{reference: reference{ID: p.schedule}}
}

func (s schedule) title() (name, address string) {
	return fact.Name(cmp.Or(s.Name, s.Summary, s.ID)), fact.Link(s.URL)
}

func (p policy) title() (name, address string) {
	return fact.Name(cmp.Or(p.Name, p.Summary, p.ID)), fact.Link(p.URL)
}

// told is who is called for a subject at one place.
func told(b binding, p place, turns []turn, now time.Time) snapshot.OnCall {
	f := snapshot.OnCall{Level: p.level}
	policy := b.policy
	if p.level == 0 { // the schedule by itself
		policy = "-"
	}
	f.ID = fact.Text(fmt.Sprintf("%s/%s/%d/%s", b.subject.Entity, policy, p.level, p.schedule))
	f.Entity, f.Environment, f.Observed = b.subject.Entity, b.subject.Environment, now.UTC()
	f.Now, f.Until, f.Next = rota(turns, now)
	return f
}

// rota says who is called now, until when, and who then. Turns of the same people that
// follow each other count as one. Nobody then is also said if the plan ends there.
func rota(turns []turn, now time.Time) (people string, until time.Time, next string) {
	present := calledAt(turns, now)
	for _, t := range changesAfter(turns, now) {
		if then := calledAt(turns, t); !slices.EqualFunc(present, then, func(x, y reference) bool { return x.ID == y.ID }) {
			return names(present), t.UTC(), names(then)
		}
	}
	return names(present), time.Time{}, ""
}

// calledAt returns the people who are called at a time, each once.
func calledAt(turns []turn, at time.Time) []reference {
	var people []reference
	for _, t := range turns {
		if !at.Before(t.start) && (t.end.IsZero() || at.Before(t.end)) {
			people = append(people, t.who)
		}
	}
	slices.SortFunc(people, func(x, y reference) int {
		return cmp.Or(strings.Compare(x.ID, y.ID), strings.Compare(x.Summary, y.Summary))
	})
	return slices.CompactFunc(people, func(x, y reference) bool { return x.ID == y.ID })
}

// changesAfter returns the times at which turns begin or end, in order.
func changesAfter(turns []turn, now time.Time) []time.Time {
	var all []time.Time
	for _, t := range turns {
		for _, at := range []time.Time{t.start, t.end} {
			if at.After(now) {
				all = append(all, at)
			}
		}
	}
	slices.SortFunc(all, time.Time.Compare)
	return all
}

// names returns the names of people as one text.
func names(people []reference) string {
	var all []string
	for _, p := range people {
		all = append(all, fact.Name(cmp.Or(p.Summary, p.ID)))
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}
