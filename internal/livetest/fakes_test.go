package livetest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/provider/alertmanager"
	"github.com/signpost-dev/signpost/pkg/provider/argocd"
	"github.com/signpost-dev/signpost/pkg/provider/datadog"
	"github.com/signpost-dev/signpost/pkg/provider/github"
	httpstatus "github.com/signpost-dev/signpost/pkg/provider/http"
	"github.com/signpost-dev/signpost/pkg/provider/kubernetes"
	"github.com/signpost-dev/signpost/pkg/provider/opsgenie"
	"github.com/signpost-dev/signpost/pkg/provider/pagerduty"
	"github.com/signpost-dev/signpost/pkg/provider/prometheus"
	"github.com/signpost-dev/signpost/pkg/provider/providertest"
	"github.com/signpost-dev/signpost/pkg/provider/terraform"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

var object = providertest.Object

// timeOf is a time on the day of a view.
func timeOf(v view, hour int) string {
	at := now
	if v.day == "yesterday" {
		at = at.Add(-24 * time.Hour)
	}
	return at.Truncate(24 * time.Hour).Add(time.Duration(hour) * time.Hour).Format(time.RFC3339)
}

// Reasons that several systems share.
const (
	noPages   = "its lists have no pages"
	noItem    = "no request is about one entity"
	notNamed  = "an answer does not say whom it is about; it is believed, and joined by what was asked for"
	noGraph   = "it speaks no GraphQL"
	comeAndGo = "alerts and incidents come and go: that there are fewer is good news"
)

const (
	pageFaults = "page-missing page-loop page-grows page-never-ends page-token-expired"
	dropFaults = "status-200-empty-list count-drop-50 count-drop-100"
)

// without gives reasons why faults apply to no request.
func without(pairs ...string) map[string]string {
	all := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		for name := range strings.FieldsSeq(pairs[i]) {
			all[name] = pairs[i+1]
		}
	}
	return all
}

func systems() []system {
	return []system{
		testSystem(), gitHub(), pagerDuty(), opsgenieSystem(), jsmSystem(), datadogSystem(), prometheusSystem(),
		alertmanagerSystem(), argoCD(), kubernetesSystem(), terraformSystem(), httpSystem(),
	}
}

func gitHub() system {
	return system{
		name: "github", make: github.New, n: 60, with: map[string]string{"organizations": "acme"},
		subjects: func(s string) []provider.Subject {
			return []provider.Subject{about(s, provider.Deployments, "repository", "acme/"+s), about(s, provider.Code, "repository", "acme/"+s)}
		},
		also:  []provider.Subject{{Entity: "team:payments", Purpose: provider.Members, With: map[string]string{"name": "payments", "members": "amara-o=person:amara"}}},
		serve: func(v view) http.Handler { return gitHubOf(v) },
		pages: map[string]string{"page": "1"},
		edits: map[string][2]string{
			"graphql-partial":   {`"data":{`, `"errors":[{"type":"SOMETHING","message":"half of it failed"}],"data":{`},
			"json-wrong-type":   {`"isArchived":false`, `"isArchived":"no"`},
			"json-unknown-enum": {`"state":"SUCCESS"`, `"state":"SPARKLING"`},
			"hostile-text":      {`"login":"`, `"login":"` + hostileText},
			"hostile-url":       {`"https://live.example/`, `"javascript:alert(1)//`},
		},
		exempt: without("status-404-one id-swap", "a batch is about fifty repositories; TestSomeFail has one of them fail"),
		differs: []difference{
			{faults: dropFaults, request: "", kind: snapshot.Garbage, why: "GraphQL says null for what it hides, and says why; without a reason the answer is none"},
			{faults: "page-grows", kind: "", why: "the list of an organization only tells of what no entity names; one that comes twice counts once"},
			{faults: "graphql-partial status-200-error-body", request: "/graphql", kind: snapshot.Server, why: "an error that GraphQL tells of is one of GitHub's, not of the answer"},
		},
	}
}

type gitHubOf view

func (v gitHubOf) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	if r.URL.Path == "/orgs/acme/repos" {
		page, _ := strconv.Atoi(r.FormValue("page"))
		size := max(25, v.page)
		all := valuesOf(view(v), func(name string) any {
			return object("name", name, "full_name", "acme/"+name, "html_url", "https://live.example/acme/"+name, "archived", false)
		})
		from, to := min((page-1)*size, len(all)), min(page*size, len(all))
		if to < len(all) {
			w.Header().Set("Link", fmt.Sprintf(`<%s/orgs/acme/repos?page=%d>; rel="next"`, base, page+1))
		}
		_ = json.NewEncoder(w).Encode(all[from:to])
		return
	}
	var q struct{ Variables map[string]string }
	_ = json.NewDecoder(r.Body).Decode(&q)
	if q.Variables["owner"] != "" { // about teams
		member := object("nodes", []any{object("login", "amara-o")}, "pageInfo", object("hasNextPage", false))
		one := object("slug", "payments", "url", "https://live.example/teams/payments", "members", member)
		_ = json.NewEncoder(w).Encode(object("data", object("organization", object("teams", object("nodes", []any{one}, "pageInfo", object("hasNextPage", false))))))
		return
	}
	data := map[string]any{}
	for i := 0; q.Variables[fmt.Sprintf("o%d", i)] != ""; i++ {
		name := q.Variables[fmt.Sprintf("n%d", i)]
		data[fmt.Sprintf("r%d", i)] = nil
		if slices.Contains(view(v).names(), name) {
			data[fmt.Sprintf("r%d", i)] = v.repository(name)
		}
	}
	_ = json.NewEncoder(w).Encode(object("data", data))
}

func (v gitHubOf) repository(name string) any {
	at := timeOf(view(v), 5)
	return object("nameWithOwner", "acme/"+name, "url", "https://live.example/acme/"+name, "isArchived", false, "pushedAt", at,
		"primaryLanguage", object("name", v.day), "defaultBranchRef", nil,
		"releases", object("nodes", []any{object("databaseId", 3, "tagName", "v1", "name", v.day, "url", "https://live.example/r", "createdAt", at, "publishedAt", at, "isDraft", false, "isPrerelease", false)}),
		"d0", object("nodes", []any{object("databaseId", 900, "state", "ACTIVE", "commitOid", "c1", "createdAt", "2026-11-20T12:00:00Z", "creator", object("login", v.day),
			"latestStatus", object("state", "SUCCESS", "createdAt", "2026-11-20T12:03:00Z", "logUrl", "https://live.example/log"))}))
}

func pagerDuty() system {
	return system{
		name: "pagerduty", make: pagerduty.New,
		subjects: func(s string) []provider.Subject {
			return []provider.Subject{about(s, provider.OnCall, "service", "P"+s, "schedule", "S"+s, "policy", "E"+s)}
		},
		serve: func(v view) http.Handler {
			ref := func(kind, id string) any { return object("id", id, "type", kind+"_reference", "summary", id+" "+v.day) }
			all := providertest.Answers{
				"/services": valuesOf(v, func(s string) any {
					return object("id", "P"+s, "name", s, "status", "active", "html_url", "https://live.example/"+s, "escalation_policy", ref("escalation_policy", "E"+s))
				}),
				"/escalation_policies": valuesOf(v, func(s string) any {
					return object("id", "E"+s, "name", s, "escalation_rules", []any{object("targets", []any{ref("user", "U"+s)})})
				}),
				"/schedules": valuesOf(v, func(s string) any { return object("id", "S"+s, "name", s, "html_url", "https://live.example/"+s) }),
				"/oncalls": func(r *http.Request) any {
					return valuesOf(v.named(r.URL.Query()["escalation_policy_ids[]"], "E"), func(s string) any {
						return object("escalation_policy", ref("escalation_policy", "E"+s), "escalation_level", 1, "user", ref("user", "U"+s))
					})
				},
				"/incidents": func(r *http.Request) any {
					open := slices.Contains(r.URL.Query()["statuses[]"], "triggered")
					return valuesOf(v.named(r.URL.Query()["service_ids[]"], "P"), func(s string) any {
						status := "resolved"
						if open {
							status = "triggered"
						}
						return object("id", "Q"+status+s, "incident_number", 7, "title", v.day, "status", status, "urgency", "high", "html_url", "https://live.example/q",
							"created_at", "2026-11-20T09:00:00Z", "last_status_change_at", "2026-11-20T10:00:00Z", "service", ref("service", "P"+s))
					})
				},
			}
			for _, s := range v.names() {
				all["/schedules/S"+s] = object("schedule", object("id", "S"+s, "name", s, "final_schedule", object("rendered_schedule_entries",
					[]any{object("start", "2026-11-01T00:00:00Z", "end", "2026-12-01T00:00:00Z", "user", ref("user", "U"+s))})))
				all["/incidents/Qresolved"+s+"/log_entries"] = []any{object("id", "R"+s, "type", "acknowledge_log_entry", "created_at", "2026-11-20T09:10:00Z", "agent", ref("user", "U"+s))}
			}
			system := providertest.PagerDuty(token, all)
			system.Refuses, system.Most = nil, v.perPage()
			return system
		},
		pages: map[string]string{"offset": "0"}, item: "/schedules/",
		edits: map[string][2]string{
			"json-wrong-type":   {`"name":"svc`, `"name":7,"was":"svc`},
			"json-unknown-enum": {`"status":"triggered"`, `"status":"haunted"`},
			"hostile-text":      {`"title":"`, `"title":"` + hostileText},
			"hostile-url":       {`"https://live.example/`, `"javascript:alert(1)//`},
		},
		exempt: without("graphql-partial", noGraph),
		differs: []difference{
			{faults: "page-grows", request: "/oncalls", kind: snapshot.Incomplete, why: "who falls into a gap there would not seem to be called"},
			{faults: "json-unknown-enum", kind: altered, why: "an incident whose status nobody knows is open: nobody has said that it is over"},
		},
	}
}

func opsgenieSystem() system {
	s := onCallSystem("opsgenie", opsgenie.New, "/v2/schedules", func(a providertest.Answers) *providertest.System { return providertest.Opsgenie(token, a) }, func(v any) any { return object("data", v) })
	return s
}

func jsmSystem() system {
	s := onCallSystem("jsm", opsgenie.NewJSM, "/jsm/ops/api/cloud-1/v1/schedules", func(a providertest.Answers) *providertest.System { return providertest.JSM("bot", token, a) }, func(v any) any { return v })
	s.with = map[string]string{"cloudId": "cloud-1", "user": "bot"}
	return s
}

// onCallSystem is Opsgenie or its successor.
func onCallSystem(name string, make func(provider.Settings) (provider.Provider, error), schedules string, live func(providertest.Answers) *providertest.System, one func(any) any) system {
	return system{
		name: name, make: make,
		subjects: func(s string) []provider.Subject {
			return []provider.Subject{about(s, provider.OnCall, "schedule", "s-"+s, "service", s)}
		},
		serve: func(v view) http.Handler {
			things := func(s string) any {
				return object("id", "i-"+s, "tinyId", "7", "message", v.day, "status", "open", "acknowledged", false, "priority", "P1", "impactedServices", []any{s},
					"createdAt", "2026-11-20T09:00:00Z", "updatedAt", "2026-11-20T09:00:00Z", "links", object("web", "https://live.example/i"))
			}
			all := providertest.Answers{
				schedules: valuesOf(v, func(s string) any { return object("id", "s-"+s, "name", "Days of "+s, "enabled", true) }),
				"/v1/services": valuesOf(v, func(s string) any {
					return object("id", s, "name", s, "links", object("web", "https://live.example/"+s))
				}),
				"/v1/incidents/": valuesOf(v, things),
				"/jsm/ops/api/cloud-1/v1/alerts": func(r *http.Request) any {
					_, name, _ := strings.Cut(r.FormValue("query"), `"service:`)
					name, _, _ = strings.Cut(name, `"`)
					return []any{things(name)}
				},
				"/ex/jira/cloud-1/rest/api/3/user/bulk": object("values", []any{object("accountId", "u", "displayName", v.day)}),
			}
			for _, s := range v.names() {
				at := schedules + "/s-" + s
				all[at+"/on-calls"] = one(object("onCallRecipients", []any{v.day + "@live.example"}))
				all[at+"/next-on-calls"] = one(object("exactNextOnCallRecipients", []any{"b@live.example"}))
				all[at+"/timeline"] = one(object("finalTimeline", object("rotations", []any{object("periods", []any{object("startDate", "2026-11-01T00:00:00Z", "endDate", "2026-12-01T00:00:00Z")})})))
			}
			s := live(all)
			s.Refuses, s.Most = nil, v.perPage()
			return s
		},
		pages: map[string]string{"offset": ""}, item: "/s-",
		edits: map[string][2]string{
			"json-wrong-type":   {`"message":"`, `"message":7,"was":"`},
			"json-unknown-enum": {`"status":"open"`, `"status":"haunted"`},
			"hostile-text":      {`"message":"`, `"message":"` + hostileText},
			"hostile-url":       {`"https://live.example/`, `"javascript:alert(1)//`},
		},
		exempt: without("graphql-partial", noGraph),
		differs: []difference{
			{faults: "json-unknown-enum", kind: altered, why: "an incident whose status nobody knows is open: nobody has said that it is over"},
			{faults: "id-swap", kind: altered, why: notNamed},
		},
	}
}

func datadogSystem() system {
	return system{
		name: "datadog", make: datadog.New,
		subjects: func(s string) []provider.Subject {
			all := []provider.Subject{about(s, provider.Alerts)}
			if s < nameOf(3) {
				all = append(all, about(s, provider.Health))
			}
			return all
		},
		serve: func(v view) http.Handler {
			id := 0
			system := providertest.Datadog(token, token, providertest.Answers{
				"/api/v1/monitor": valuesOf(v, func(s string) any {
					id++
					return object("id", id, "name", v.day, "message", "Runbook: https://live.example/runbook", "overall_state", "OK", "tags", []any{"service:" + s})
				}),
				"/api/v1/slo/search": valuesOf(v, func(s string) any {
					return object("id", "o-"+s, "attributes", object("name", v.day, "all_tags", []any{"service:" + s},
						"overall_status", []any{object("status", 99.5, "error_budget_remaining", 50, "target", 99.0, "timeframe", "30d")}))
				}),
				"/api/v2/incidents/search": func(r *http.Request) any {
					state := "active"
					if r.FormValue("query") == "state:resolved" {
						state = "resolved"
					}
					return valuesOf(v, func(s string) any {
						return object("id", state+s, "attributes", object("public_id", 7, "title", v.day, "state", state, "severity", "SEV-2", "created", "2026-11-20T09:00:00Z",
							"modified", "2026-11-20T10:00:00Z", "fields", object("services", object("value", []any{s}))))
					})
				},
			})
			system.Refuses, system.Most = nil, v.perPage()
			return system
		},
		pages: map[string]string{"page": "0", "page[number]": "0", "page[offset]": "0"},
		edits: map[string][2]string{
			"json-wrong-type":   {`"name":"`, `"name":7,"was":"`},
			"json-unknown-enum": {`"overall_state":"OK"`, `"overall_state":"Sparkling"`},
			"hostile-text":      {`"name":"`, `"name":"` + hostileText},
			"hostile-url":       {`https://live.example/runbook`, `javascript:alert(1)//`},
		},
		exempt: without("graphql-partial", noGraph, "status-404-one id-swap", noItem),
		differs: []difference{
			{faults: dropFaults, kind: snapshot.Loss, why: "entities are found by tags, which say nothing of what is missing: a drop is refused until somebody agrees"},
			{faults: "page-grows", kind: snapshot.Incomplete, why: "Datadog says how many there are"},
			{faults: "json-unknown-enum", kind: altered, why: "of a monitor whose state nobody knows nothing is known"},
		},
	}
}

func prometheusSystem() system {
	return system{
		name: "prometheus", make: prometheus.New,
		subjects: func(s string) []provider.Subject {
			return []provider.Subject{about(s, provider.Health, "query", "up:"+s, "latency", "latency:"+s, "latencyBaseline", "usual:"+s)}
		},
		serve: func(v view) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				query, value, result := r.FormValue("query"), "1", []any{}
				if strings.HasPrefix(query, "latency:") {
					value = strconv.Itoa(len(v.day))
				}
				if _, name, ok := strings.Cut(query, ":"); !ok || slices.Contains(v.names(), name) {
					result = append(result, object("metric", object(), "value", []any{1795447089.7, value}))
				}
				data, _ := json.Marshal(object("status", "success", "data", object("resultType", "vector", "result", result)))
				providertest.JSON(w, http.StatusOK, string(data))
			})
		},
		item: "=up:",
		edits: map[string][2]string{
			"json-wrong-type":   {`1795447089.7,"`, `1795447089.7,7,"`},
			"json-unknown-enum": {`"resultType":"vector"`, `"resultType":"tensor"`},
		},
		exempt: without(pageFaults, noPages, "graphql-partial", noGraph, "hostile-text hostile-url", "of its answers only numbers are taken"),
		differs: []difference{
			{part: true, why: "the health is told without what is measured of it, beside the problem"},
			{faults: dropFaults, kind: altered, why: "a query without series means that the state is unknown"},
			{faults: "id-swap", kind: altered, why: notNamed},
		},
	}
}

func alertmanagerSystem() system {
	return system{
		name: "alertmanager", make: alertmanager.New,
		subjects: func(s string) []provider.Subject { return []provider.Subject{about(s, provider.Alerts)} },
		serve: func(v view) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				data, _ := json.Marshal(valuesOf(v, func(s string) any {
					return object("fingerprint", "f-"+s, "labels", object("alertname", "Down", "service", s), "annotations", object("summary", v.day), "startsAt", "2026-11-20T09:00:00Z",
						"generatorURL", "https://live.example/g", "status", object("state", "active", "silencedBy", []any{}, "inhibitedBy", []any{}))
				}))
				providertest.JSON(w, http.StatusOK, string(data))
			})
		},
		edits: map[string][2]string{
			"json-wrong-type":   {`"fingerprint":"`, `"fingerprint":7,"was":"`},
			"json-unknown-enum": {`"state":"active"`, `"state":"haunted"`},
			"hostile-text":      {`"summary":"`, `"summary":"` + hostileText},
			"hostile-url":       {`"https://live.example/`, `"javascript:alert(1)//`},
		},
		exempt: without(pageFaults, noPages, "graphql-partial", noGraph, "status-404-one id-swap", noItem),
		differs: []difference{
			{faults: dropFaults, kind: "", fewer: true, why: comeAndGo},
			{faults: "json-unknown-enum", kind: altered, why: "of an alert whose state nobody knows nothing is known"},
		},
	}
}

func argoCD() system {
	return system{
		name: "argocd", make: argocd.New, with: map[string]string{"projects": "even,odd"},
		subjects: func(s string) []provider.Subject {
			return []provider.Subject{about(s, provider.Deployments, "app", s), about(s, provider.Health, "app", s)}
		},
		serve: func(v view) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if strings.HasSuffix(r.URL.Path, "/resource") {
					providertest.JSON(w, http.StatusOK, `{"manifest":"{\"spec\":{\"strategy\":{\"canary\":{\"steps\":[{\"setWeight\":20},{}]}}},\"status\":{\"currentStepIndex\":1}}"}`)
					return
				}
				items := []any{}
				for i, s := range v.names() {
					if p := r.FormValue("projects"); p == "" || (i%2 == 0) == (p == "even") {
						items = append(items, application(v, s, i))
					}
				}
				data, _ := json.Marshal(object("metadata", object(), "items", items))
				providertest.JSON(w, http.StatusOK, string(data))
			})
		},
		item: "/resource",
		edits: map[string][2]string{
			"json-wrong-type":   {`"name":"`, `"name":7,"was":"`},
			"json-unknown-enum": {`"phase":"Succeeded"`, `"phase":"Levitating"`},
			"hostile-text":      {`"username":"`, `"username":"` + hostileText},
		},
		exempt: without(pageFaults, noPages, "graphql-partial", noGraph, "hostile-url", "it names no addresses", "id-swap", notNamed),
		differs: []difference{
			{faults: "id-swap", kind: altered, why: notNamed},
		},
	}
}

// application is one of Argo CD's: each third has a canary on its way.
func application(v view, name string, i int) any {
	status := object("sync", object("status", "Synced", "revision", strings.Repeat("a", 40)), "health", object("status", "Healthy", "message", v.day), "summary", object("images", []any{"acme/" + name + ":1"}),
		"operationState", object("phase", "Succeeded", "startedAt", "2026-11-20T09:00:00Z", "finishedAt", "2026-11-20T09:01:00Z", "operation", object("initiatedBy", object("username", v.day))))
	if i%3 == 0 {
		status["health"] = object("status", "Suspended", "message", v.day)
		status["resources"] = []any{object("group", "argoproj.io", "version", "v1alpha1", "kind", "Rollout", "namespace", "a", "name", name)}
	}
	return object("metadata", object("name", name, "namespace", "argocd"), "status", status)
}

func kubernetesSystem() system {
	return system{
		name: "kubernetes", make: kubernetes.New,
		subjects: func(s string) []provider.Subject {
			return []provider.Subject{about(s, provider.Deployments, "workload", s), about(s, provider.Health, "workload", s)}
		},
		serve: func(v view) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				all := []any{}
				if strings.HasSuffix(r.URL.Path, "/deployments") {
					all = valuesOf(v, func(s string) any {
						return object("metadata", object("name", s, "namespace", "a", "generation", 1, "annotations", object("deployment.kubernetes.io/revision", "7"), "creationTimestamp", "2026-11-20T09:00:00Z"),
							"spec", object("replicas", 1, "template", object("spec", object("containers", []any{object("name", s, "image", "acme/"+s+":1."+v.day)}))),
							"status", object("observedGeneration", 1, "replicas", 1, "updatedReplicas", 1, "readyReplicas", 1, "availableReplicas", 1))
					})
				}
				from, _ := strconv.Atoi(r.FormValue("continue"))
				from = min(from, len(all))
				to := min(from+v.perPage(), len(all))
				metadata := object()
				if to < len(all) {
					metadata["continue"] = strconv.Itoa(to)
				}
				data, _ := json.Marshal(object("kind", "DeploymentList", "metadata", metadata, "items", all[from:to]))
				providertest.JSON(w, http.StatusOK, string(data))
			})
		},
		pages: map[string]string{"continue": ""},
		edits: map[string][2]string{
			"json-wrong-type":   {`"replicas":1`, `"replicas":"one"`},
			"json-unknown-enum": {`"kind":"DeploymentList"`, `"kind":"Deployment"`},
			"hostile-text":      {`:1.`, `:1.` + hostileText},
		},
		exempt: without("graphql-partial", noGraph, "status-404-one id-swap", noItem, "hostile-url", "it names no addresses"),
	}
}

func terraformSystem() system {
	return system{
		name: "terraform", make: terraform.New, with: map[string]string{"organization": "acme"},
		subjects: func(s string) []provider.Subject {
			return []provider.Subject{about(s, provider.Deployments, "workspace", s)}
		},
		serve: func(v view) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				names := v.names()
				page, _ := strconv.Atoi(r.FormValue("page[number]"))
				from, to := min((page-1)*v.perPage(), len(names)), min(page*v.perPage(), len(names))
				data, included := []any{}, []any{}
				for _, s := range names[from:to] {
					data = append(data, object("id", "ws-"+s, "attributes", object("name", s), "relationships", object("current-run", object("data", object("id", "run-"+s)))))
					included = append(included, object("id", "run-"+s, "type", "runs", "attributes", object("status", "applied", "created-at", timeOf(v, 4))))
				}
				pagination := object("current-page", page, "next-page", nil)
				if to < len(names) {
					pagination["next-page"] = page + 1
				}
				body, _ := json.Marshal(object("data", data, "included", included, "meta", object("pagination", pagination)))
				providertest.JSON(w, http.StatusOK, string(body))
			})
		},
		pages: map[string]string{"page[number]": "1"},
		edits: map[string][2]string{
			"json-wrong-type":   {`"status":"applied"`, `"status":7`},
			"json-unknown-enum": {`"status":"applied"`, `"status":"levitating"`},
		},
		exempt: without("graphql-partial", noGraph, "status-404-one id-swap", noItem, "hostile-text hostile-url", "of its answers only names that descriptors hold, times and states are taken"),
		differs: []difference{
			{faults: "json-unknown-enum", kind: snapshot.Garbage, why: "states are looked at when the list is whole"},
		},
	}
}

func httpSystem() system {
	const answered = "status-400 status-401 status-403-scope status-403-secondary status-404-one status-404-all status-409 status-422 " +
		"status-429-seconds status-429-date status-429-none status-502-html status-503-forever token-echo clock-skew-minus token-expired-mid-run"
	const unreachable = "dns-fail connect-refused connect-timeout tls-expired tls-wrong-host tls-untrusted reset-before-headers reset-mid-body slow-headers slow-body hang-after-headers short-body"
	const lost = "status-200-html status-200-empty status-200-error-body json-truncated json-nan json-deep json-duplicate-keys"
	return system{
		name: "http", make: httpstatus.New, clocked: true,
		subjects: func(s string) []provider.Subject {
			return []provider.Subject{about(s, provider.Health, "url", "/"+s, "jsonPath", "checks.0.status", "equals", "up")}
		},
		serve: func(v view) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if !slices.Contains(v.names(), strings.TrimPrefix(r.URL.Path, "/")) {
					w.WriteHeader(http.StatusNotFound)
					return
				}
				providertest.JSON(w, http.StatusOK, `{"checks":[{"status":"up","day":"`+v.day+`"}]}`)
			})
		},
		item: "/svc-",
		edits: map[string][2]string{
			"json-wrong-type":   {`"status":"up"`, `"status":["up"]`},
			"json-unknown-enum": {`"status":"up"`, `"status":"sparkling"`},
			"hostile-text":      {`"status":"up"`, `"status":"` + hostileText + `"`},
		},
		exempt: without(pageFaults, noPages, "graphql-partial", noGraph, "hostile-url", "it names no addresses"),
		differs: []difference{
			{faults: "status-403-ratelimit status-429-huge", kind: snapshot.RateLimit, unwell: true, why: "the address that says so is unhealthy, and the others of its host are not asked any more"},
			{faults: unreachable + " " + answered + " json-unknown-enum hostile-text " + dropFaults, kind: "", unwell: true, why: "how the address answers is what is asked: it is unhealthy"},
			{faults: "id-swap", kind: altered, why: notNamed},
			{faults: lost + " json-wrong-type", kind: snapshot.Config, why: "jsonPath leads nowhere in such an answer"},
		},
	}
}
