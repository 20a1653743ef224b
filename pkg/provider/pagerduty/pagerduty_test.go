package pagerduty

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/provider/fact"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// shop is an account with two services, one policy of three levels and two schedules.
func shop() answers {
	return answers{
		"/services": []any{
			object("id", "PPAY", "name", "Payments", "status", "active", "html_url", "https://acme.pagerduty.com/services/PPAY", "escalation_policy", ref("escalation_policy", "PPOL", "Shop")),
			object("id", "POLD", "name", "Old", "status", "disabled", "escalation_policy", ref("escalation_policy", "PPOL", "Shop")),
		},
		"/escalation_policies": []any{object("id", "PPOL", "name", "Shop", "html_url", "https://acme.pagerduty.com/escalation_policies/PPOL", "escalation_rules", []any{
			object("targets", []any{ref("schedule", "PDAY", "Days")}),
			object("targets", []any{ref("user", "PANN", "Ann"), ref("user", "PBOB", "Bob")}),
			object("targets", []any{ref("schedule", "PVOID", "Void")}),
		})},
		"/schedules": []any{object("id", "PDAY", "name", "Days", "html_url", "https://acme.pagerduty.com/schedules/PDAY"), object("id", "PNIGHT", "name", "Nights")},
		"/oncalls": []any{
			call(1, "PDAY", "PANN", "Ann", hours(-4), hours(4)),
			call(1, "PDAY", "PANN", "Ann", hours(4), hours(8)), // goes on
			call(1, "PDAY", "PCAT", "Cat", hours(8), hours(20)),
			call(2, "", "PBOB", "Bob", nil, nil),
			call(2, "", "PANN", "Ann", nil, nil),
		},
	}
}

func call(level int, scheduled, user, name string, start, end any) map[string]any {
	c := object("escalation_policy", ref("escalation_policy", "PPOL", "Shop"), "escalation_level", level,
		"user", ref("user", user, name), "schedule", nil, "start", start, "end", end)
	if scheduled != "" {
		c["schedule"] = ref("schedule", scheduled, "Days")
	}
	return c
}

func TestOnCallByLevel(t *testing.T) {
	f := serve(t, shop())
	facts := f.fetch(t, provider.Request{Subjects: []provider.Subject{subject("service:pay", "service", "PPAY")}})
	if len(facts.OnCall) != 3 || len(facts.Problems) != 0 {
		t.Fatalf("%+v, problems %+v; want three levels", facts.OnCall, facts.Problems)
	}
	first, second, third := facts.OnCall[0], facts.OnCall[1], facts.OnCall[2]
	if first.Level != 1 || first.Now != "Ann" || first.Next != "Cat" || !first.Until.Equal(now.Add(8*time.Hour)) || first.Title != "Days" || first.URL != "https://acme.pagerduty.com/schedules/PDAY" {
		t.Errorf("level 1: %+v; want Ann for eight hours, then Cat", first)
	}
	if second.Level != 2 || second.Now != "Ann, Bob" || !second.Until.IsZero() || second.Next != "" || second.Title != "Shop" {
		t.Errorf("level 2: %+v; want Ann and Bob, always", second)
	}
	if third.Level != 3 || third.Now != "" || third.Title != "Void" {
		t.Errorf("level 3: %+v; want nobody", third)
	}
	if first.Entity != "service:pay" || !first.Observed.Equal(now) || first.ID == second.ID || second.ID == third.ID {
		t.Errorf("%+v", first)
	}
}

func TestRota(t *testing.T) {
	at := func(n int) time.Time { return now.Add(time.Duration(n) * time.Hour) }
	ann, bob, cat := reference{ID: "1", Summary: "Ann"}, reference{ID: "2", Summary: "Bob"}, reference{ID: "3", Summary: "Ann"}
	for name, c := range map[string]struct {
		turns        []turn
		people, next string
		until        time.Time
	}{
		"nobody ever":               {nil, "", "", time.Time{}},
		"always":                    {[]turn{{who: ann}}, "Ann", "", time.Time{}},
		"begins now":                {[]turn{{ann, at(0), at(1)}, {bob, at(-1), at(0)}}, "Ann", "", at(1)},
		"nobody until later":        {[]turn{{bob, at(3), at(5)}}, "", "Bob", at(3)},
		"a gap":                     {[]turn{{ann, at(-1), at(2)}, {bob, at(3), at(5)}}, "Ann", "", at(2)},
		"a second joins":            {[]turn{{ann, at(-1), at(9)}, {bob, at(3), at(5)}}, "Ann", "Ann, Bob", at(3)},
		"another of the same name":  {[]turn{{ann, at(-1), at(2)}, {cat, at(2), at(5)}}, "Ann", "Ann", at(2)},
		"over":                      {[]turn{{ann, at(-9), at(-2)}}, "", "", time.Time{}},
		"twice at once counts once": {[]turn{{ann, at(-9), at(2)}, {ann, at(-3), at(2)}}, "Ann", "", at(2)},
	} {
		if people, until, next := rota(c.turns, now); people != c.people || next != c.next || !until.Equal(c.until) {
			t.Errorf("%s: %q until %v, then %q; want %q until %v, then %q", name, people, until, next, c.people, c.until, c.next)
		}
	}
}

func TestScheduleByItself(t *testing.T) {
	all := shop()
	all["/schedules/PNIGHT"] = object("schedule", object("id", "PNIGHT", "name", "Nights", "final_schedule", object("rendered_schedule_entries", []any{
		object("start", "2026-03-10T10:00:00+02:00", "end", "2026-03-10T20:00:00+02:00", "user", ref("user", "PDAN", "Dan")),
		object("start", "2026-03-10T20:00:00+02:00", "end", "2026-03-11T20:00:00+02:00", "user", ref("user", "PEVE", "Eve")),
	})))
	f := serve(t, all)
	facts := f.fetch(t, provider.Request{Subjects: []provider.Subject{
		subject("service:pay", "schedule", "PNIGHT"),
		subject("service:gone", "schedule", "PDAY"), // listed, and deleted before it is asked for
	}})
	if len(facts.OnCall) != 1 {
		t.Fatalf("%+v; want one", facts.OnCall)
	}
	got := facts.OnCall[0]
	if got.Level != 0 || got.Now != "Dan" || got.Next != "Eve" || !got.Until.Equal(now.Add(6*time.Hour)) || got.Until.Location() != time.UTC || got.Title != "Nights" {
		t.Errorf("%+v; want Dan until 18:00 UTC, then Eve", got)
	}
	if len(facts.Problems) != 1 || facts.Problems[0].Entity != "service:gone" || facts.Problems[0].Kind != snapshot.NotFound {
		t.Errorf("problems %+v; want one of service:gone", facts.Problems)
	}
	for _, r := range f.Asked() {
		if r.URL.Path == "/schedules/PNIGHT" && (r.FormValue("overflow") != "true" || r.FormValue("time_zone") != "UTC") {
			t.Errorf("asked %s: turns would end where the question does", r.URL)
		}
	}
}

func TestMissing(t *testing.T) {
	f := serve(t, shop())
	facts := f.fetch(t, provider.Request{Subjects: []provider.Subject{
		subject("service:a", "service", "PNOPE"),
		subject("service:b", "policy", "PNONE", "service", "PPAY"),
		subject("service:c", "page", "https://example.com"),
		{Entity: "service:d", Purpose: provider.Health, With: map[string]string{"service": "PPAY"}},
	}})
	kinds := map[string]snapshot.ProblemKind{}
	for _, p := range facts.Problems {
		kinds[p.Entity] = p.Kind
	}
	for entity, want := range map[string]snapshot.ProblemKind{
		"service:a": snapshot.NotFound, "service:b": snapshot.NotFound, "service:c": snapshot.Config, "service:d": snapshot.Config,
	} {
		if kinds[entity] != want {
			t.Errorf("%s: problem %q; want %q", entity, kinds[entity], want)
		}
	}
	var got []string
	for _, x := range facts.Foreign {
		got = append(got, strings.Join([]string{x.Kind, x.ID, x.State, x.Entity}, " "))
	}
	slices.Sort(got)
	want := []string{"policy PNONE missing service:b", "schedule PDAY active ", "schedule PNIGHT active ", "service PNOPE missing service:a", "service POLD deprecated "}
	if !slices.Equal(got, want) {
		t.Errorf("foreign\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestSchedulesOfANamedServiceAreNamed(t *testing.T) {
	f := serve(t, shop())
	facts := f.fetch(t, provider.Request{Subjects: []provider.Subject{subject("service:pay", "service", "PPAY")}})
	for _, x := range facts.Foreign {
		if x.ID == "PDAY" || x.ID == "PPAY" {
			t.Errorf("%s is named, directly or by the policy of a service", x.ID)
		}
	}
	if len(facts.Foreign) != 2 { // POLD and PNIGHT
		t.Errorf("%+v", facts.Foreign)
	}
}

// trouble is one incident of Payments.
func trouble(id, status string, more ...any) map[string]any {
	return mergeObjects(object("id", id, "type", "incident", "incident_number", 7, "title", "It burns", "status", status, "urgency", "high",
		"created_at", hours(-10), "last_status_change_at", hours(-6), "resolved_at", nil, "html_url", "https://acme.pagerduty.com/incidents/"+id,
		"service", ref("service", "PPAY", "Payments"), "last_status_change_by", ref("service", "PPAY", "Payments")), object(more...))
}

func mergeObjects(a, b map[string]any) map[string]any {
	for k, v := range b {
		a[k] = v
	}
	return a
}

// incidentsByStatus answers only those with a status that was asked for.
func incidentsByStatus(items ...any) func(*http.Request) any {
	return func(r *http.Request) any {
		some := []any{}
		for _, i := range items {
			status := i.(map[string]any)["status"].(string)
			if statuses := r.URL.Query()["statuses[]"]; slices.Contains(statuses, status) || status == "haunted" && slices.Contains(statuses, "triggered") {
				some = append(some, i)
			}
		}
		return some
	}
}

func TestIncidents(t *testing.T) {
	all := shop()
	all["/incidents"] = incidentsByStatus(
		trouble("Q1", "triggered", "assignments", []any{object("assignee", ref("user", "PANN", "Ann"))}),
		trouble("Q2", "acknowledged", "acknowledgements", []any{
			object("at", hours(-7), "acknowledger", ref("user", "PBOB", "Bob")), object("at", hours(-8), "acknowledger", ref("user", "PANN", "Ann")),
		}),
		trouble("Q3", "acknowledged"),
		trouble("Q4", "resolved", "resolved_at", hours(-5), "priority", object("summary", "P1"), "impacted_services", []any{ref("service", "POLD", "Old")}),
		trouble("Q5", "haunted"),
		trouble("Q6", "resolved"),
	)
	all["/incidents/Q4/log_entries"] = []any{
		object("id", "L1", "type", "acknowledge_log_entry", "created_at", hours(-9), "agent", ref("user", "PCAT", "Cat")),
		object("id", "L2", "type", "notify_log_entry", "created_at", hours(-10), "agent", ref("service", "PPAY", "Payments")),
	}
	f := serve(t, all)
	facts := f.fetch(t, provider.Request{Subjects: []provider.Subject{
		subject("service:pay", "service", "PPAY"), subject("service:also", "service", "PPAY"), subject("service:old", "service", "POLD"),
	}})
	got := map[string]snapshot.Incident{}
	for _, i := range facts.Incidents {
		got[i.ID] = i
	}
	at := func(n int) time.Time { return now.Add(time.Duration(n) * time.Hour) }
	for id, want := range map[string]snapshot.Incident{
		"Q1": {State: snapshot.Triggered, Severity: "high", Responders: []string{"Ann"}, Also: []string{"service:also"}},
		"Q2": {State: snapshot.Acknowledged, Severity: "high", Acknowledged: at(-8), Responders: []string{"Ann", "Bob"}, Also: []string{"service:also"}},
		"Q3": {State: snapshot.Acknowledged, Severity: "high", Acknowledged: at(-6), Also: []string{"service:also"}},
		"Q4": {State: snapshot.Resolved, Severity: "P1", Acknowledged: at(-9), Resolved: at(-5), Responders: []string{"Cat"}, Also: []string{"service:also", "service:old"}},
		"Q5": {State: snapshot.Triggered, Severity: "high", Also: []string{"service:also"}},
		"Q6": {State: snapshot.Resolved, Severity: "high", Resolved: at(-6), Also: []string{"service:also"}}, // its log is gone: 404
	} {
		i := got[id]
		if i.Entity != "service:pay" || i.State != want.State || i.Severity != want.Severity || !i.Opened.Equal(at(-10)) || !i.Acknowledged.Equal(want.Acknowledged) ||
			!i.Resolved.Equal(want.Resolved) || !slices.Equal(i.Responders, want.Responders) || !slices.Equal(i.Also, want.Also) {
			t.Errorf("%s: %+v\nwant %+v", id, i, want)
		}
	}
	if len(got) != 6 || len(facts.Problems) != 0 {
		t.Errorf("%d incidents, problems %+v; want six and none", len(got), facts.Problems)
	}
}

func TestLogsAreAskedOnce(t *testing.T) {
	all := shop()
	all["/incidents"] = incidentsByStatus(trouble("Q4", "resolved"), trouble("Q5", "resolved"))
	f := serve(t, all)
	before := snapshot.Facts{Incidents: []snapshot.Incident{
		{About: snapshot.About{ID: "Q4"}, State: snapshot.Resolved, Acknowledged: now.Add(-9 * time.Hour), Responders: []string{"Cat"}},
		{About: snapshot.About{ID: "Q5"}, State: snapshot.Acknowledged, Acknowledged: now.Add(-8 * time.Hour)},
	}}
	facts := f.fetch(t, provider.Request{Subjects: []provider.Subject{subject("service:pay", "service", "PPAY")}, Before: before})
	if f.Counted("/incidents/Q4/log_entries") != 0 || f.Counted("/incidents/Q5/log_entries") != 1 {
		t.Error("the log of what was over before is asked for, or that of what is over since is not")
	}
	for _, i := range facts.Incidents {
		if i.ID == "Q4" && (!i.Acknowledged.Equal(now.Add(-9*time.Hour)) || !slices.Equal(i.Responders, []string{"Cat"})) || i.ID == "Q5" && !i.Acknowledged.Equal(now.Add(-8*time.Hour)) {
			t.Errorf("%+v: what was known is lost", i)
		}
	}
}

func TestHostileText(t *testing.T) {
	all := shop()
	all["/services"] = []any{
		object("id", "P1}\nowner: mallory", "name", "a\x1b[31m\u202eb\n\tc", "status", "haunted", "html_url", "javascript:alert(1)"),
		object("id", "PLONG", "name", strings.Repeat("é", 10_000), "status", "active", "html_url", "https://user:pw@evil.example/"),
	}
	facts := serve(t, all).fetch(t, provider.Request{})
	first, second := facts.Foreign[0], facts.Foreign[1]
	if second.ID != "PLONG" {
		first, second = second, first
	}
	if services := facts.Foreign[:2]; len(services) != 2 || first.Name != "a[31mb c" || first.URL != "" || first.Fix != "" || first.State != "unknown" || strings.Contains(first.ID, "\n") {
		t.Errorf("%+v", first)
	}
	if len([]rune(second.Name)) != fact.MostName+1 || second.URL != "" {
		t.Errorf("%d characters, address %q", len([]rune(second.Name)), second.URL)
	}
}

func TestHostileIdentifierAsksNothing(t *testing.T) {
	all := shop()
	all["/schedules"] = []any{object("id", "../users", "name", "Users")}
	f := serve(t, all)
	facts := f.fetch(t, provider.Request{Subjects: []provider.Subject{subject("service:pay", "schedule", "../users")}})
	if len(facts.Problems) != 1 || facts.Problems[0].Kind != snapshot.Garbage {
		t.Errorf("%+v; want one problem", facts.Problems)
	}
	if f.Counted("/users") != 0 || len(f.Asked()) != 3 {
		t.Errorf("%d requests; want the three lists only", len(f.Asked()))
	}
}

func TestFailuresOfAll(t *testing.T) {
	for name, c := range map[string]struct {
		path   string
		answer any
		want   snapshot.ProblemKind
	}{
		"services refused":  {"/services", http.StatusForbidden, snapshot.Forbidden},
		"no list":           {"/services", object("items", []any{}), snapshot.Garbage},
		"null for a list":   {"/schedules", object("schedules", nil), snapshot.Garbage},
		"not a list":        {"/schedules", object("schedules", "none"), snapshot.Garbage},
		"more, but nothing": {"/oncalls", object("oncalls", []any{}, "more", true), snapshot.Incomplete},
		"incidents fail":    {"/incidents", http.StatusNotImplemented, snapshot.Server},
		"no identifier":     {"/services", []any{object("name", "Payments")}, snapshot.Garbage},
		"level 500":         {"/oncalls", []any{call(500, "", "P", "P", nil, nil)}, snapshot.Garbage},
		"never opened":      {"/incidents", []any{object("id", "Q", "service", ref("service", "PPAY", "Payments"))}, snapshot.Garbage},
		"a time is none":    {"/oncalls", object("oncalls", []any{call(1, "", "P", "P", "soon", nil)}), snapshot.Garbage},
	} {
		all := shop()
		all[c.path] = c.answer
		_, err := serve(t, all).open(t, token).Fetch(t.Context(), provider.Request{Now: now, Subjects: []provider.Subject{subject("service:pay", "service", "PPAY")}})
		if err == nil {
			t.Errorf("%s: no error", name)
		} else if got := kindOf(t, err); got != c.want {
			t.Errorf("%s: %s (%v); want %s", name, got, err, c.want)
		}
	}
}

func TestEndlessListEnds(t *testing.T) {
	all := shop()
	all["/services"] = func(r *http.Request) any {
		return object("more", true, "services", slices.Repeat([]any{object("id", "P"+r.FormValue("offset"))}, pageSize))
	}
	f := serve(t, all)
	_, err := f.open(t, token).Fetch(t.Context(), provider.Request{Now: now})
	if err == nil || kindOf(t, err) != snapshot.Incomplete || f.Counted("/services") != mostItems/pageSize {
		t.Errorf("%v after %d requests; want incomplete after %d", err, f.Counted("/services"), mostItems/pageSize)
	}
}

func TestToken(t *testing.T) {
	f := serve(t, shop())
	_, err := f.open(t, "wrong-token").Fetch(t.Context(), provider.Request{Now: now})
	if err == nil || kindOf(t, err) != snapshot.Auth || strings.Contains(err.Error(), "wrong-token") {
		t.Errorf("%v; want an error of authentication without the token", err)
	}
	_, err = New(provider.Settings{Name: "pagerduty", Secret: func(string) string { return "" }})
	if err == nil || kindOf(t, err) != snapshot.Config || !strings.Contains(err.Error(), "PAGERDUTY_TOKEN") {
		t.Errorf("%v; want one that names PAGERDUTY_TOKEN", err)
	}
	asked := ""
	_, err = New(provider.Settings{Name: "second", Token: "OTHER", Secret: func(v string) string { asked = v; return "x" }})
	if err != nil || asked != "OTHER" {
		t.Errorf("asked for %q, %v; want OTHER", asked, err)
	}
}

func TestManyArePacked(t *testing.T) {
	all := shop()
	var services []any
	var subjects []provider.Subject
	for i := range 60 {
		id := "P" + string(rune('A'+i/10)) + string(rune('0'+i%10))
		services = append(services, object("id", id, "name", id, "status", "active", "escalation_policy", ref("escalation_policy", "POL"+id, id)))
		subjects = append(subjects, subject("service:"+id, "service", id))
	}
	all["/services"] = services
	f := serve(t, all)
	f.fetch(t, provider.Request{Subjects: subjects})
	if f.Counted("/oncalls") != 3 || f.Counted("/incidents") != 6 || len(f.Asked()) != 12 {
		t.Errorf("%d requests for on-calls, %d for incidents, %d in all; want 3, 6 and 12", f.Counted("/oncalls"), f.Counted("/incidents"), len(f.Asked()))
	}
}
