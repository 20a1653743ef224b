package opsgenie

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

func periods(all ...any) map[string]any {
	return object("finalTimeline", object("rotations", []any{object("periods", all)}))
}

// shop is an Opsgenie with two services and three schedules.
func shop() answers {
	return answers{
		"/v2/schedules": []any{
			object("id", "days", "name", "Days", "enabled", true, "ownerTeam", object("id", "team-1")),
			object("id", "nights", "name", "Nights", "enabled", true),
			object("id", "old", "name", "Old", "enabled", false),
		},
		"/v1/services": []any{
			object("id", "pay", "name", "Payments", "teamId", "team-1", "links", object("web", "https://acme.app.opsgenie.com/service/pay")),
			object("id", "mail", "name", "Mail\x1b[31m\u202e", "teamId", "team-2", "links", object("web", "javascript:alert(1)")),
		},
		"/v2/schedules/days/on-calls":      object("data", object("onCallRecipients", []any{"bob@example.com", "ann@example.com"})),
		"/v2/schedules/days/next-on-calls": object("data", object("exactNextOnCallRecipients", []any{"cat@example.com"}, "nextOnCallRecipients", []any{"dan@example.com"})),
		"/v2/schedules/days/timeline": object("data", periods(
			object("startDate", at(-9), "endDate", at(-1)), object("startDate", at(-1), "endDate", at(6)), object("startDate", at(-1), "endDate", at(8)), object("startDate", at(6), "endDate", at(9)))),
		"/v2/schedules/nights/on-calls":      object("data", object("onCallRecipients", []any{})),
		"/v2/schedules/nights/next-on-calls": object("data", object("nextOnCallRecipients", []any{})),
		"/v2/schedules/nights/timeline":      object("data", periods()),
		"/v1/incidents/":                     []any{},
	}
}

func TestOnCall(t *testing.T) {
	f := serve(t, false, shop())
	facts := f.fetch(t, subject("service:pay", "service", "pay"), subject("service:b", "schedule", "Nights"), subject("service:c", "schedule", "days"))
	if len(facts.OnCall) != 3 || len(facts.Problems) != 0 {
		t.Fatalf("%+v, problems %+v", facts.OnCall, facts.Problems)
	}
	got := facts.OnCall[0]
	if got.Now != "ann@example.com, bob@example.com" || got.Next != "cat@example.com" || !got.Until.Equal(at(6)) || got.Title != "Days" || got.Entity != "service:pay" || got.Level != 0 {
		t.Errorf("%+v; want the schedule of the team of the service: Ann and Bob for six hours, then Cat", got)
	}
	if nobody := facts.OnCall[1]; nobody.Now != "" || nobody.Next != "" || nobody.Title != "Nights" || nobody.Entity != "service:b" {
		t.Errorf("%+v; want nobody", nobody)
	}
	if f.Counted("/v2/schedules/days/on-calls") != 1 || len(f.Asked()) != 9 {
		t.Errorf("%d requests; want two lists, three for each of two schedules, and the incidents", len(f.Asked()))
	}
}

func TestPeople(t *testing.T) {
	for name, c := range map[string]struct {
		answer any
		want   string
		kind   snapshot.ProblemKind
	}{
		"nested in an escalation": {object("onCallParticipants", []any{
			object("type", "escalation", "name", "E", "onCallParticipants", []any{object("type", "user", "name", "Ann"), object("type", "team", "name", "T", "onCallParticipants", []any{object("name", "Bob")})}),
			object("type", "none", "id", "nobody"), object("name", "Ann"),
		}), "Ann, Bob", ""},
		"texts":                 {object("onCallUsers", []any{"x"}), "x", ""},
		"nobody":                {object("onCallRecipients", []any{}), "", ""},
		"no list is not nobody": {object("somebodyElse", []any{}), "", snapshot.Garbage},
		"null is not nobody":    {object("onCallRecipients", nil), "", snapshot.Garbage},
		"numbers":               {object("onCallRecipients", []any{1}), "", snapshot.Garbage},
	} {
		all := shop()
		all["/v2/schedules/days/on-calls"] = object("data", c.answer)
		facts := serve(t, false, all).fetch(t, subject("service:a", "schedule", "days"))
		switch {
		case c.kind != "":
			if len(facts.OnCall) != 0 || len(facts.Problems) != 1 || facts.Problems[0].Kind != c.kind {
				t.Errorf("%s: %+v, problems %+v", name, facts.OnCall, facts.Problems)
			}
		case len(facts.OnCall) != 1 || facts.OnCall[0].Now != c.want:
			t.Errorf("%s: %+v; want %q", name, facts.OnCall, c.want)
		}
	}
}

func TestOneOfManyFails(t *testing.T) {
	all := shop()
	delete(all, "/v2/schedules/nights/on-calls")
	all["/v2/schedules/old/on-calls"] = http.StatusForbidden
	facts := serve(t, false, all).fetch(t, subject("service:a", "schedule", "days"), subject("service:b", "schedule", "nights"), subject("service:c", "schedule", "old"))
	if len(facts.OnCall) != 1 || facts.OnCall[0].Entity != "service:a" {
		t.Errorf("%+v; want that of service:a", facts.OnCall)
	}
	if p := facts.Problems; len(p) != 2 || p[0].Entity != "service:b" || p[0].Kind != snapshot.NotFound || p[1].Entity != "service:c" || p[1].Kind != snapshot.Forbidden {
		t.Errorf("problems %+v", p)
	}
}

func TestForeign(t *testing.T) {
	facts := serve(t, false, shop()).fetch(t, subject("service:a", "service", "Payments"), subject("service:b", "schedule", "nope"),
		subject("service:c", "policy", "p"), provider.Subject{Entity: "service:d", Purpose: provider.Health})
	want := []string{"schedule nights active", "schedule nope missing service:b", "schedule old deprecated", "service mail active"}
	if got := foreignOf(facts); !slices.Equal(got, want) {
		t.Errorf("%q; want %q", got, want)
	}
	for _, x := range facts.Foreign {
		if x.ID == "mail" && (x.Name != "Mail[31m" || x.URL != "" || x.Fix != "oncall: {provider: calls, service: mail}") {
			t.Errorf("%+v", x)
		}
	}
	var kinds []snapshot.ProblemKind
	for _, p := range facts.Problems {
		kinds = append(kinds, p.Kind)
	}
	if !slices.Equal(kinds, []snapshot.ProblemKind{snapshot.NotFound, snapshot.Config, snapshot.Config}) {
		t.Errorf("problems %+v", facts.Problems)
	}
}

func trouble(id, status string, more ...any) map[string]any {
	o := object("id", id, "tinyId", "7", "message", "It burns", "status", status, "priority", "P1", "createdAt", at(-10), "updatedAt", at(-6), "owner", "ann@example.com", "impactedServices", []any{"pay"}, "links", object("web", "https://acme.app.opsgenie.com/i/"+id))
	for i := 0; i < len(more); i += 2 {
		o[more[i].(string)] = more[i+1]
	}
	return o
}

func TestIncidents(t *testing.T) {
	all := shop()
	all["/v1/incidents/"] = []any{
		trouble("i1", "open"), trouble("i2", "resolved", "impactStartDate", at(-12)), trouble("i3", "closed"), trouble("i4", "haunted", "impactedServices", []any{"pay", "mail"}),
		trouble("i5", "open", "impactedServices", []any{"other"}),
	}
	f := serve(t, false, all)
	facts := f.fetch(t, subject("service:pay", "service", "pay"), subject("service:mail", "service", "mail"))
	var got []string
	for _, i := range facts.Incidents {
		got = append(got, i.ID+" "+string(i.State)+" "+i.Severity+" "+strings.Join(i.Also, "+"))
	}
	if want := []string{"i1 triggered P1 ", "i2 resolved P1 ", "i3 resolved P1 ", "i4 triggered P1 service:mail"}; !slices.Equal(got, want) {
		t.Errorf("%q; want %q", got, want)
	}
	i := facts.Incidents[1]
	if !i.Opened.Equal(at(-10)) || !i.Resolved.Equal(at(-6)) || !i.Detected.Equal(at(-12)) || i.URL == "" || i.Responders[0] != "ann@example.com" || i.Title != "It burns" || i.Number != "7" {
		t.Errorf("%+v", i)
	}
	if !facts.Incidents[0].Resolved.IsZero() {
		t.Error("what is open was resolved")
	}
	if q := f.Asked()[len(f.Asked())-1].FormValue("query"); q != "(status: open OR createdAt > 1765368000000)" { // 90 days before now
		t.Errorf("asked for %s", q)
	}
}

func TestPaging(t *testing.T) {
	all := shop()
	var many []any
	for i := range 250 {
		many = append(many, object("id", "s"+strings.Repeat("x", i/26)+string(rune('a'+i%26)), "name", "S"))
	}
	all["/v1/services"] = many
	f := serve(t, false, all)
	if got := len(f.fetch(t).Foreign); got != 253 || f.Counted("/v1/services") != 3 {
		t.Errorf("%d things in %d requests; want 253 in 3", got, f.Counted("/v1/services"))
	}
}

func TestFailuresOfAll(t *testing.T) {
	for name, c := range map[string]struct {
		path   string
		answer any
		want   snapshot.ProblemKind
	}{
		"refused":         {"/v1/services", http.StatusForbidden, snapshot.Forbidden},
		"no list":         {"/v2/schedules", object("schedules", []any{}), snapshot.Garbage},
		"null":            {"/v2/schedules", object("data", nil), snapshot.Garbage},
		"bad identifier":  {"/v2/schedules", []any{object("id", "../users")}, snapshot.Garbage},
		"more, nothing":   {"/v1/incidents/", object("data", []any{}, "paging", object("next", "x")), snapshot.Incomplete},
		"never created":   {"/v1/incidents/", []any{object("id", "i1", "impactedServices", []any{"pay"})}, snapshot.Garbage},
		"incidents fail":  {"/v1/incidents/", http.StatusNotImplemented, snapshot.Server},
		"not even a list": {"/v1/services", object("data", "none"), snapshot.Garbage},
	} {
		all := shop()
		all[c.path] = c.answer
		_, err := serve(t, false, all).try(t, token, subject("service:pay", "service", "pay"))
		if err == nil {
			t.Errorf("%s: no error", name)
		} else if got := kindOf(t, err); got != c.want {
			t.Errorf("%s: %s (%v); want %s", name, got, err, c.want)
		}
	}
}

func TestToken(t *testing.T) {
	for _, jsm := range []bool{false, true} {
		f := serve(t, jsm, shop())
		_, err := f.try(t, "wrong-token")
		if err == nil || kindOf(t, err) != snapshot.Auth || strings.Contains(err.Error(), "wrong-token") {
			t.Errorf("%v; want an error of authentication without the token", err)
		}
		if _, err := f.open(""); err == nil || kindOf(t, err) != snapshot.Config {
			t.Errorf("%v; want one that names the variable", err)
		}
	}
	if _, err := NewJSM(provider.Settings{Name: "jsm", Secret: func(string) string { return "x" }}); err == nil || !strings.Contains(err.Error(), "cloudId") {
		t.Errorf("%v; want one that asks for cloudId", err)
	}
}

// office is a Jira Service Management with the schedule Days.
func office() answers {
	base := "/jsm/ops/api/cloud-1/v1"
	return answers{
		base + "/schedules":                    []any{object("id", "days", "name", "Days", "enabled", true), object("id", "idle", "name", "Idle")},
		base + "/schedules/days/on-calls":      object("onCallUsers", []any{"acc-1"}),
		base + "/schedules/days/next-on-calls": object("exactNextOnCallParticipants", []any{object("id", "acc-2", "type", "user")}),
		base + "/schedules/days/timeline":      periods(object("startDate", at(-1), "endDate", at(5))),
		"/ex/jira/cloud-1/rest/api/3/user/bulk": object("values", []any{
			object("accountId", "acc-1", "displayName", "Ann"), object("accountId", "acc-2", "displayName", "Bob\x00"),
		}),
		base + "/alerts": []any{
			trouble("a1", "open"), trouble("a2", "open", "acknowledged", true, "report", object("ackTime", 60_000)),
			trouble("a3", "closed", "report", object("ackTime", 60_000, "closeTime", 120_000, "closedBy", "Cat")),
			trouble("a4", "closed", "report", object("ackTime", int64(1)<<62, "closeTime", int64(1)<<62)), trouble("a5", "open", "acknowledged", true),
		},
	}
}

func TestJSM(t *testing.T) {
	f := serve(t, true, office())
	facts := f.fetch(t, subject("service:pay", "service", "payments", "schedule", "days"))
	if len(facts.OnCall) != 1 || facts.OnCall[0].Now != "Ann" || facts.OnCall[0].Next != "Bob" || !facts.OnCall[0].Until.Equal(at(5)) {
		t.Errorf("%+v; want Ann for five hours, then Bob", facts.OnCall)
	}
	opened := at(-10)
	for n, want := range []snapshot.Incident{
		{State: snapshot.Triggered},
		{State: snapshot.Acknowledged, Acknowledged: opened.Add(time.Minute)},
		{State: snapshot.Resolved, Acknowledged: opened.Add(time.Minute), Resolved: opened.Add(2 * time.Minute)},
		{State: snapshot.Resolved, Resolved: at(-6)}, // times that cannot be
		{State: snapshot.Acknowledged, Acknowledged: at(-6)},
	} {
		if got := facts.Incidents[n]; got.State != want.State || !got.Acknowledged.Equal(want.Acknowledged) || !got.Resolved.Equal(want.Resolved) || got.Entity != "service:pay" {
			t.Errorf("%+v\nwant %+v", got, want)
		}
	}
	if got := foreignOf(facts); !slices.Equal(got, []string{"schedule idle active"}) {
		t.Errorf("foreign %q", got)
	}
	if q := f.Asked()[len(f.Asked())-1].FormValue("query"); !strings.HasPrefix(q, `tag: "service:payments" AND (status: open`) {
		t.Errorf("asked for %s", q)
	}
}

func TestJSMFails(t *testing.T) {
	all := office()
	all["/ex/jira/cloud-1/rest/api/3/user/bulk"] = http.StatusForbidden
	all["/jsm/ops/api/cloud-1/v1/alerts"] = http.StatusForbidden
	f := serve(t, true, all)
	facts := f.fetch(t, subject("service:a", "schedule", "days"), subject("service:b", "service", "b"), subject("service:c", "service", `c" OR tag: "x`))
	if len(facts.OnCall) != 1 || facts.OnCall[0].Now != "acc-1" {
		t.Errorf("%+v; want the account where its name is hidden", facts.OnCall)
	}
	if p := facts.Problems; len(p) != 2 || p[0].Entity != "service:c" || p[0].Kind != snapshot.Config || p[1].Entity != "service:b" || p[1].Kind != snapshot.Forbidden {
		t.Errorf("problems %+v", p)
	}
	if f.Counted("/jsm/ops/api/cloud-1/v1/alerts") != 1 {
		t.Error("a query that ends another was asked")
	}
}

// TestDescription holds what we ask against the description of the API that Opsgenie
// publishes. It is older than the Service API.
func TestDescription(t *testing.T) {
	root := os.Getenv("SIGNPOST_TESTDATA")
	if root == "" {
		t.Skip("SIGNPOST_TESTDATA is not set: NOTHING was held against the description of Opsgenie")
	}
	data, err := os.ReadFile(filepath.Join(root, "opsgenie-oas", "swagger.json"))
	if err != nil {
		t.Fatal("SIGNPOST_TESTDATA is set, but ", err)
	}
	type parameter struct {
		Name string
		Ref  string `json:"$ref"`
	}
	var description struct {
		Paths      map[string]map[string]struct{ Parameters []parameter }
		Parameters map[string]parameter
	}
	if err := json.Unmarshal(data, &description); err != nil {
		t.Fatal(err)
	}
	if len(description.Paths) != 104 { // as expected.json says
		t.Errorf("%d paths are described", len(description.Paths))
	}
	f := serve(t, false, shop())
	f.fetch(t, subject("service:pay", "service", "pay"))
	for _, r := range f.Asked() {
		path := strings.Replace(r.URL.Path, "/days/", "/{identifier}/", 1)
		if path == "/v1/services" {
			continue
		}
		get, described := description.Paths[path]["get"]
		if !described {
			t.Errorf("%s is not described", path)
		}
		var names []string
		for _, p := range get.Parameters {
			if p.Ref != "" {
				p = description.Parameters[strings.TrimPrefix(p.Ref, "#/parameters/")]
			}
			names = append(names, p.Name)
		}
		for name := range r.URL.Query() {
			if !slices.Contains(names, name) && !(path == "/v2/schedules" && name == "limit") {
				t.Errorf("%s takes no %s, but %v", path, name, names)
			}
		}
	}
}
