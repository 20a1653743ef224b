package github

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

const token = "canary-0c11aa55-of-the-github-tests"

var now = time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)

// fake is a GitHub on loopback: it answers for the repositories that it has, fails for
// those that it is told to, and counts.
type fake struct {
	t            *testing.T
	url          string
	repositories map[string]string                             // JSON by name
	errors       map[string]string                             // type of the error of GraphQL by name
	intercept    func(http.ResponseWriter, *http.Request) bool // true: it has answered

	mu                      sync.Mutex
	graphql, rest, now, max int
	asked                   []string // repositories, in GraphQL
}

func newFake(t *testing.T) *fake {
	f := &fake{t: t, repositories: map[string]string{}, errors: map[string]string{}}
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	f.url = server.URL
	return f
}

func (f *fake) count(n *int, by int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	*n += by
	f.max = max(f.max, f.now)
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.count(&f.now, 1)
	defer f.count(&f.now, -1)
	if r.Header.Get("Authorization") != "Bearer "+token {
		f.t.Errorf("%s is asked without our token", r.URL.Path)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	if f.intercept != nil && f.intercept(w, r) {
		return
	}
	switch {
	case r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/graphql"):
		f.count(&f.graphql, 1)
		f.answer(w, r)
	case strings.HasPrefix(r.URL.Path, "/orgs/"):
		f.count(&f.rest, 1)
		f.list(w, r)
	default:
		f.t.Errorf("nobody knows %s", r.URL.Path)
	}
}

// answer answers a batch: data and errors, as GitHub does.
func (f *fake) answer(w http.ResponseWriter, r *http.Request) {
	var q question
	if err := json.NewDecoder(r.Body).Decode(&q); err != nil {
		f.t.Error(err)
	}
	if strings.Contains(q.Query, "compare(") {
		_ = json.NewEncoder(w).Encode(map[string]any{"data": compared(q)})
		return
	}
	data := map[string]json.RawMessage{}
	failed := []graphError{}
	for i := 0; q.Variables[fmt.Sprintf("o%d", i)] != ""; i++ {
		alias := fmt.Sprintf("r%d", i)
		name := q.Variables[fmt.Sprintf("o%d", i)] + "/" + q.Variables[fmt.Sprintf("n%d", i)]
		f.mu.Lock()
		f.asked = append(f.asked, name)
		f.mu.Unlock()
		data[alias] = json.RawMessage("null")
		if kind := f.errors[name]; kind != "" {
			failed = append(failed, graphError{Type: kind, Message: "no " + name, Path: []any{alias}})
		} else if text, ok := f.repositories[name]; ok {
			data[alias] = json.RawMessage(text)
		}
	}
	reply := map[string]any{"data": data}
	if len(failed) > 0 {
		reply["errors"] = failed
	}
	_ = json.NewEncoder(w).Encode(reply)
}

// compared answers comparisons: production is 14 commits behind, staging 2, and what is called
// side is not on the default branch.
func compared(q question) map[string]json.RawMessage {
	comparisons := map[string]string{"prod": `{"aheadBy": 0, "behindBy": 14}`, "stag": `{"aheadBy": 0, "behindBy": 2}`, "side": `{"aheadBy": 3, "behindBy": 9}`}
	data := map[string]json.RawMessage{}
	for i := 0; q.Variables[fmt.Sprintf("o%d", i)] != ""; i++ {
		var all []string
		for j := 0; q.Variables[fmt.Sprintf("c%d_%d", i, j)] != ""; j++ {
			answer := comparisons[q.Variables[fmt.Sprintf("c%d_%d", i, j)]]
			if answer == "" {
				answer = "null" // the commit is gone
			}
			all = append(all, fmt.Sprintf(`"c%d": %s`, j, answer))
		}
		data[fmt.Sprintf("r%d", i)] = json.RawMessage(`{"defaultBranchRef": {` + strings.Join(all, ", ") + `}}`)
	}
	return data
}

// list answers the repositories of an organization, by pages.
func (f *fake) list(w http.ResponseWriter, r *http.Request) {
	owner := strings.Split(r.URL.Path, "/")[2]
	var all []map[string]any
	for i := range len(f.repositories) + 2 { // those that are asked for, and two more
		name := nameOf(i)
		all = append(all, map[string]any{"name": name, "full_name": owner + "/" + name, "archived": i%2 == 1, "html_url": "https://github.com/" + owner + "/" + name})
	}
	page, _ := strconv.Atoi(r.URL.Query().Get("page"))
	size, _ := strconv.Atoi(r.URL.Query().Get("per_page"))
	from, to := (page-1)*size, min(page*size, len(all))
	if to < len(all) {
		w.Header().Set("Link", fmt.Sprintf(`<%s%s?page=%d>; rel="next"`, f.url, r.URL.Path, page+1))
	}
	_ = json.NewEncoder(w).Encode(all[from:to])
}

func nameOf(i int) string { return fmt.Sprintf("repo-%04d", i) }

func (f *fake) provider(with map[string]string) *gitHub {
	f.t.Helper()
	g, err := newGitHub(provider.Settings{
		Name: "github", Type: "github", URL: f.url, With: with,
		Secret:  func(variable string) string { return map[string]string{"GITHUB_TOKEN": token}[variable] },
		Private: true, Adjust: func(o *provider.Options) {
			o.Sleep = func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
		},
	})
	if err != nil {
		f.t.Fatal(err)
	}
	return g
}

// full is a repository with all that we ask for.
const full = `{
  "nameWithOwner": "acme/payments-api", "url": "https://github.com/acme/payments-api", "isArchived": false, "pushedAt": "2026-11-25T10:00:00Z",
  "primaryLanguage": {"name": "Go"},
  "defaultBranchRef": {"name": "main", "target": {"history": {"nodes": [
    {"oid": "c2", "checkSuites": {"nodes": [
      {"status": "IN_PROGRESS", "conclusion": null, "branch": {"name": "main"}, "workflowRun": {"databaseId": 52, "url": "https://github.com/acme/payments-api/actions/runs/52", "createdAt": "2026-11-25T10:01:00Z", "workflow": {"databaseId": 7, "name": "test"}}},
      {"status": "COMPLETED", "conclusion": "FAILURE", "branch": {"name": "topic"}, "workflowRun": {"databaseId": 53, "url": "https://github.com/x", "createdAt": "2026-11-25T10:02:00Z", "workflow": {"databaseId": 7, "name": "test"}}},
      {"status": "COMPLETED", "conclusion": "SUCCESS", "branch": null, "workflowRun": null}
    ]}},
    {"oid": "c1", "checkSuites": {"nodes": [
      {"status": "COMPLETED", "conclusion": "TIMED_OUT", "branch": {"name": "main"}, "workflowRun": {"databaseId": 41, "url": "javascript:alert(1)", "createdAt": "2026-11-24T10:01:00Z", "workflow": {"databaseId": 8, "name": "deploy"}}},
      {"status": "COMPLETED", "conclusion": "SUCCESS", "branch": {"name": "main"}, "workflowRun": {"databaseId": 42, "url": "https://github.com/acme/payments-api/actions/runs/42", "createdAt": "2026-11-24T10:01:00Z", "workflow": {"databaseId": 7, "name": "test"}}}
    ]}}
  ]}}},
  "releases": {"nodes": [
    {"databaseId": 3, "tagName": "v1.2.0-rc", "name": "", "url": "https://github.com/acme/payments-api/releases/3", "createdAt": "2026-11-25T08:00:00Z", "publishedAt": null, "isDraft": true, "isPrerelease": false, "author": null, "tagCommit": null},
    {"databaseId": 2, "tagName": "v1.1.0", "name": "Refunds", "url": "https://github.com/acme/payments-api/releases/2", "createdAt": "2026-11-24T08:00:00Z", "publishedAt": "2026-11-24T09:00:00Z", "isDraft": false, "isPrerelease": true, "author": {"login": "amara-o"}, "tagCommit": {"oid": "c1"}}
  ]},
  "owners1": null, "owners2": {"text": "* @acme/everybody\n/docs @acme/writers\n* @acme/payments @amara-o # the last one counts\n"}, "owners3": {"text": "* @acme/nobody"},
  "d0": {"nodes": [
    {"databaseId": 902, "state": "IN_PROGRESS", "commitOid": "c2c2c2c2c2", "createdAt": "2026-11-25T12:00:00Z", "ref": {"name": "main"}, "creator": {"login": "robot"}, "latestStatus": {"state": "IN_PROGRESS", "createdAt": "2026-11-25T12:01:00Z", "logUrl": "javascript:alert(1)"}},
    {"databaseId": 901, "state": "ACTIVE", "commitOid": "c1", "commit": {"committedDate": "2026-11-24T09:30:00Z"}, "createdAt": "2026-11-24T12:00:00Z", "ref": {"name": "main"}, "creator": null, "latestStatus": {"state": "SUCCESS", "createdAt": "2026-11-24T12:03:00Z", "logUrl": "https://github.com/acme/payments-api/actions/runs/42"}},
    {"databaseId": 900, "state": "ACTIVE", "commitOid": "c0", "commit": null, "createdAt": "2026-11-23T12:00:00Z", "ref": {"name": "v1.0.0"}, "creator": null, "latestStatus": {"state": "SUCCESS", "createdAt": "2026-11-23T12:03:00Z", "logUrl": ""}}
  ]}
}`

func subject(entity, repository string, purpose provider.Purpose) provider.Subject {
	s := provider.Subject{Entity: entity, Purpose: purpose, With: map[string]string{"repository": repository}, Place: "services/x/service.yaml:9"}
	if purpose == provider.Deployments {
		s.Environment = "production"
		s.With["environment"] = "prod-eu"
	}
	return s
}

func TestFactsOfARepository(t *testing.T) {
	f := newFake(t)
	f.repositories["acme/payments-api"] = full
	before := snapshot.Run{About: snapshot.About{ID: "9/service:payments-api", Entity: "service:payments-api"}, Name: "nightly", At: now.Add(-48 * time.Hour)}
	gone := snapshot.Run{About: snapshot.About{ID: "10/service:payments-api", Entity: "service:payments-api"}, Name: "gone", At: now.Add(-31 * 24 * time.Hour)}
	facts, err := f.provider(nil).Fetch(t.Context(), provider.Request{
		Now: now, Before: snapshot.Facts{Runs: []snapshot.Run{before, gone}},
		Subjects: []provider.Subject{
			subject("service:payments-api", "acme/payments-api", provider.Deployments),
			subject("service:payments-api", "Acme/Payments-API", provider.Code),
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	about := func(id, environment, url string) snapshot.About {
		return snapshot.About{ID: id + "/service:payments-api", Entity: "service:payments-api", Environment: environment, Observed: now, URL: url}
	}
	at := func(text string) time.Time {
		v, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	place := "https://github.com/acme/payments-api"
	want := snapshot.Facts{
		Deployments: []snapshot.Deployment{
			{About: about("900", "production", place+"/deployments/prod-eu"), Version: "v1.0.0", Commit: "c0", State: snapshot.Inactive, At: at("2026-11-23T12:00:00Z"), Ended: at("2026-11-23T12:03:00Z")},
			{About: about("901", "production", place+"/deployments/prod-eu"), Version: "v1.1.0", Commit: "c1", Committed: at("2026-11-24T09:30:00Z"), State: snapshot.Succeeded, At: at("2026-11-24T12:00:00Z"), Ended: at("2026-11-24T12:03:00Z"), Log: place + "/actions/runs/42", Previous: "v1.0.0"},
			{About: about("902", "production", place+"/deployments/prod-eu"), Version: "c2c2c2c", Commit: "c2c2c2c2c2", State: snapshot.Running, By: "robot", At: at("2026-11-25T12:00:00Z"), Previous: "v1.1.0"},
		},
		Releases: []snapshot.Release{{About: about("2", "", place+"/releases/2"), Version: "v1.1.0", Title: "Refunds", At: at("2026-11-24T09:00:00Z"), By: "amara-o", Prerelease: true}},
		Runs: []snapshot.Run{
			{About: about("7", "", place+"/actions/runs/52"), Name: "test", State: snapshot.Running, Commit: "c2", At: at("2026-11-25T10:01:00Z")},
			{About: about("8", "", ""), Name: "deploy", State: snapshot.Failed, Commit: "c1", At: at("2026-11-24T10:01:00Z")},
			before,
		},
		Repositories: []snapshot.Repository{{About: about("acme/payments-api", "", place), Name: "acme/payments-api", Branch: "main", Pushed: at("2026-11-25T10:00:00Z"), Language: "Go", Codeowners: []string{"@acme/payments", "@amara-o"}}},
	}
	file := snapshot.Merge(snapshot.File{}, now, snapshot.Fetched{Facts: facts}, false) // for the order
	file.Foreign = nil
	if diff := cmp.Diff(want, file.Facts); diff != "" {
		t.Errorf("facts (-want +got):\n%s", diff)
	}
	if f.graphql != 1 {
		t.Errorf("%d questions about one repository; want 1", f.graphql)
	}
}

// small is a repository with next to nothing: it is empty, and has one environment.
func small(name string) string {
	return fmt.Sprintf(`{"nameWithOwner": %q, "url": "https://github.com/%s", "pushedAt": null, "releases": {"nodes": []}, "d0": {"nodes": []}}`, name, name)
}

// TestBudget holds the number of requests: GITHUB_TOKEN has 1,000 in an hour.
func TestBudget(t *testing.T) {
	f := newFake(t)
	var subjects []provider.Subject
	const all = 2000
	for i := range all {
		name := "acme/" + nameOf(i)
		f.repositories[name] = small(name)
		subjects = append(subjects, subject("service:"+nameOf(i), name, provider.Deployments), subject("service:"+nameOf(i), name, provider.Code))
	}
	facts, err := f.provider(nil).Fetch(t.Context(), provider.Request{Subjects: subjects, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	if len(facts.Repositories) != all || len(facts.Problems) != 0 {
		t.Errorf("%d repositories and %d problems; want %d and none", len(facts.Repositories), len(facts.Problems), all)
	}
	if f.graphql != all/perBatch || f.graphql+f.rest > 1000 {
		t.Errorf("%d requests to GraphQL and %d to REST; want %d, and at most 1,000 in all", f.graphql, f.rest, all/perBatch)
	}
	if f.max > 8 {
		t.Errorf("%d requests at once; want at most 8", f.max)
	}
	t.Logf("%d services: %d requests to GraphQL, %d to REST", all, f.graphql, f.rest)
	want := []snapshot.Foreign{
		{ID: "acme/repo-2000", Kind: "repository", Name: "repo-2000", State: "active", URL: "https://github.com/acme/repo-2000", Fix: "repository: github:acme/repo-2000"},
		{ID: "acme/repo-2001", Kind: "repository", Name: "repo-2001", State: "archived", URL: "https://github.com/acme/repo-2001", Fix: "repository: github:acme/repo-2001"},
	}
	if diff := cmp.Diff(want, facts.Foreign); diff != "" {
		t.Errorf("what no subject names (-want +got):\n%s", diff)
	}
}

// TestSomeFail wants problems of single subjects where GraphQL gives data and errors.
func TestSomeFail(t *testing.T) {
	f := newFake(t)
	f.errors = map[string]string{"acme/gone": "NOT_FOUND", "acme/secret": "FORBIDDEN", "acme/odd": "SOMETHING_NEW"}
	f.repositories = map[string]string{
		"acme/good":  small("acme/good"),
		"acme/new":   strings.Replace(full, `"state": "SUCCESS"`, `"state": "SPARKLING"`, 1),
		"acme/typed": `{"nameWithOwner": 7}`,
		"acme/less":  `{"nameWithOwner": "acme/less", "url": ""}`,
	}
	want := map[string]snapshot.ProblemKind{
		"gone": snapshot.NotFound, "secret": snapshot.Forbidden, "odd": snapshot.Server, "new": snapshot.Garbage, "typed": snapshot.Garbage,
		"less": snapshot.Garbage, "silent": snapshot.Garbage, "a/b/c": snapshot.Config,
	}
	subjects := []provider.Subject{subject("service:good", "acme/good", provider.Deployments), subject("service:good", "acme/good", provider.Code)}
	for name := range want {
		subjects = append(subjects, subject("service:"+name, "acme/"+name, provider.Deployments))
	}
	facts, err := f.provider(nil).Fetch(t.Context(), provider.Request{Subjects: subjects, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]snapshot.ProblemKind{}
	for _, p := range facts.Problems {
		got[strings.TrimPrefix(p.Entity, "service:")] = p.Kind
		if p.Environment != "production" {
			t.Errorf("the problem is not one of the environment: %+v", p)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
	if len(facts.Repositories) != 1 || facts.Repositories[0].Name != "acme/good" {
		t.Errorf("repositories: %v", facts.Repositories)
	}
	missing := snapshot.Foreign{ID: "acme/gone", Kind: "repository", Name: "gone", State: "missing", Entity: "service:gone"}
	if len(facts.Foreign) == 0 || facts.Foreign[0] != missing {
		t.Errorf("nobody is told that acme/gone is missing: %v", facts.Foreign)
	}
}

// TestAllFail wants an error, which keeps all that was known, where nothing is known now.
func TestAllFail(t *testing.T) {
	status := func(code int, body string, headers ...string) func(http.ResponseWriter, *http.Request) bool {
		return func(w http.ResponseWriter, _ *http.Request) bool {
			for i := 0; i < len(headers); i += 2 {
				w.Header().Set(headers[i], headers[i+1])
			}
			w.WriteHeader(code)
			fmt.Fprint(w, body)
			return true
		}
	}
	tests := map[string]struct {
		intercept func(http.ResponseWriter, *http.Request) bool
		kind      snapshot.ProblemKind
	}{
		"token":    {status(401, `{"message": "Bad credentials"}`), snapshot.Auth},
		"limit":    {status(403, `{"message": "API rate limit exceeded"}`, "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", strconv.FormatInt(time.Now().Add(time.Hour).Unix(), 10)), snapshot.RateLimit},
		"graphql":  {status(200, `{"errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded"}]}`), snapshot.RateLimit},
		"broken":   {status(200, `{"errors": [{"message": "Something went wrong while executing your query"}]}`), snapshot.Server},
		"gateway":  {status(502, `<html>`), snapshot.Server},
		"nowhere":  {status(200, `{"data": {"r0": null}, "errors": [{"type": "NOT_FOUND", "path": ["r0"], "message": "Could not resolve"}]}`), snapshot.NotFound},
		"anything": {status(200, `[]`), snapshot.Garbage},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.intercept = test.intercept
			_, err := f.provider(nil).Fetch(t.Context(), provider.Request{Now: now, Subjects: []provider.Subject{subject("service:x", "acme/x", provider.Code)}})
			if p := provider.ProblemOf(err); p == nil || p.Kind != test.kind {
				t.Errorf("got %+v; want the kind %s", p, test.kind)
			}
		})
	}
}

// TestOthersStay wants repositories that could not be listed to stay as they were known.
func TestOthersStay(t *testing.T) {
	answers := map[string]func(http.ResponseWriter, *http.Request){
		"endless": func(w http.ResponseWriter, _ *http.Request) { // as the examples of GitHub's description
			w.Header().Set("Link", `<https://api.github.com/resource?page=2>; rel="next"`)
			fmt.Fprint(w, `[{"full_name": "acme/other", "name": "other"}]`)
		},
		"wrong type": func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `[{"full_name": 7}]`) },
		"secondary": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "3600")
			w.WriteHeader(403)
			fmt.Fprint(w, `{"message": "You have exceeded a secondary rate limit", "documentation_url": "https://docs.github.com/rest#secondary-rate-limits"}`)
		},
	}
	kinds := map[string]snapshot.ProblemKind{"endless": snapshot.Incomplete, "wrong type": snapshot.Garbage, "secondary": snapshot.RateLimit}
	for name, answer := range answers {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.repositories["acme/x"] = small("acme/x")
			f.intercept = func(w http.ResponseWriter, r *http.Request) bool {
				if strings.HasPrefix(r.URL.Path, "/orgs/") {
					answer(w, r)
					return true
				}
				return false
			}
			before := []snapshot.Foreign{{ID: "acme/known", Kind: "repository", State: "active"}, {ID: "acme/x", State: "missing"}, {ID: "elsewhere/x", State: "active"}}
			facts, err := f.provider(nil).Fetch(t.Context(), provider.Request{Now: now, Before: snapshot.Facts{Foreign: before}, Subjects: []provider.Subject{subject("service:x", "acme/x", provider.Code)}})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(before[:1], facts.Foreign); diff != "" {
				t.Errorf("other repositories (-want +got):\n%s", diff)
			}
			if len(facts.Problems) != 1 || facts.Problems[0].Kind != kinds[name] || !strings.Contains(facts.Problems[0].Message, "acme") {
				t.Errorf("problems: %+v", facts.Problems)
			}
			if len(facts.Repositories) != 1 {
				t.Error("the repository that was asked for is not there")
			}
		})
	}
}

// TestExampleOfTheDescription lists an organization as GitHub's OpenAPI description answers.
func TestExampleOfTheDescription(t *testing.T) {
	dir := os.Getenv("SIGNPOST_TESTDATA")
	if dir == "" {
		t.Skip("SKIPPED: SIGNPOST_TESTDATA is not set, so NO EXAMPLE OF GITHUB was read")
	}
	data, err := os.ReadFile(filepath.Join(dir, "github-openapi/github-rest-subset.json"))
	if err != nil {
		t.Fatalf("SIGNPOST_TESTDATA is set, but: %v", err)
	}
	var description struct {
		Components struct {
			Examples map[string]struct{ Value json.RawMessage }
		}
	}
	if err := json.Unmarshal(data, &description); err != nil {
		t.Fatal(err)
	}
	f := newFake(t)
	f.intercept = func(w http.ResponseWriter, _ *http.Request) bool {
		_, _ = w.Write(description.Components.Examples["minimal-repository-items"].Value)
		return true
	}
	got, err := f.provider(nil).list(t.Context(), "octocat")
	if err != nil {
		t.Fatal(err)
	}
	want := []snapshot.Foreign{{ID: "octocat/Hello-World", Kind: "repository", Name: "Hello-World", State: "active", URL: "https://github.com/octocat/Hello-World", Fix: "repository: github:octocat/Hello-World"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("repositories (-want +got):\n%s", diff)
	}
}

// TestSettings tries the places of the API and the variables.
func TestSettings(t *testing.T) {
	variables := map[string]string{"GITHUB_API_URL": "https://ghe.example/api/v3", "OTHER": token}
	s := provider.Settings{Secret: func(v string) string { return variables[v] }, Token: "OTHER", With: map[string]string{}}
	g, err := newGitHub(s)
	if err != nil {
		t.Fatal(err)
	}
	if g.graphql != "/api/graphql" || g.rest.BaseURL.String() != "https://ghe.example/api/v3/" || g.token != token {
		t.Errorf("GraphQL is at %s, REST at %s", g.graphql, g.rest.BaseURL)
	}
	g, err = newGitHub(provider.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	if g.graphql != "/graphql" || g.rest.BaseURL.String() != "https://api.github.com/" {
		t.Errorf("GraphQL is at %s, REST at %s", g.graphql, g.rest.BaseURL)
	}
	_, err = g.Fetch(t.Context(), provider.Request{})
	if p := provider.ProblemOf(err); p == nil || p.Kind != snapshot.Auth || !strings.Contains(p.Message, "GITHUB_TOKEN") {
		t.Errorf("without a token: %+v", p)
	}
	for _, bad := range []provider.Settings{{URL: "ftp://x"}, {URL: "https://user:pass@x"}, {URL: ":"}, {With: map[string]string{"organizations": "acme, ../user"}}} {
		if _, err := New(bad); err == nil {
			t.Errorf("nothing is said of %+v", bad)
		}
	}
}

// TestTokenEndsMidway wants an error where a token stops to hold between two batches: half
// of the facts of today beside half of yesterday's would look like one state.
func TestTokenEndsMidway(t *testing.T) {
	f := newFake(t)
	var subjects []provider.Subject
	for i := range 4 * perBatch {
		f.repositories["acme/"+nameOf(i)] = small("acme/" + nameOf(i))
		subjects = append(subjects, subject("service:"+nameOf(i), "acme/"+nameOf(i), provider.Code))
	}
	var asked atomic.Int32
	f.intercept = func(w http.ResponseWriter, _ *http.Request) bool {
		if asked.Add(1) == 1 {
			return false
		}
		w.WriteHeader(http.StatusUnauthorized)
		return true
	}
	_, err := f.provider(nil).Fetch(t.Context(), provider.Request{Now: now, Subjects: subjects})
	if p := provider.ProblemOf(err); p == nil || p.Kind != snapshot.Auth {
		t.Errorf("got %+v; want the kind %s", p, snapshot.Auth)
	}
}

// TestUsersAreNoOrganizations wants no problem where repositories are those of a person.
func TestUsersAreNoOrganizations(t *testing.T) {
	f := newFake(t)
	f.repositories["amara-o/x"] = small("amara-o/x")
	f.intercept = func(w http.ResponseWriter, r *http.Request) bool {
		if strings.HasPrefix(r.URL.Path, "/orgs/") {
			w.WriteHeader(http.StatusNotFound)
			fmt.Fprint(w, `{"message": "Not Found"}`)
			return true
		}
		return false
	}
	facts, err := f.provider(nil).Fetch(t.Context(), provider.Request{Now: now, Subjects: []provider.Subject{subject("service:x", "amara-o/x", provider.Code)}})
	if err != nil || len(facts.Problems) > 0 || len(facts.Repositories) != 1 {
		t.Errorf("%v, %v, %v", err, facts.Problems, facts.Repositories)
	}
}

// withTeams has a fake answer about the teams of acme: two pages of teams, one of them with
// more members than are on its first page.
func withTeams(f *fake, fails string) {
	page := func(nodes, next string) string {
		return fmt.Sprintf(`{"nodes": [%s], "pageInfo": {"hasNextPage": %t, "endCursor": %q}}`, nodes, next != "", next)
	}
	group := func(slug, members string) string {
		return fmt.Sprintf(`{"slug": %q, "url": "https://github.com/orgs/acme/teams/%s", "members": %s}`, slug, slug, members)
	}
	f.intercept = func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/graphql") {
			return false
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			f.t.Error(err)
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		var q question
		if err := json.Unmarshal(body, &q); err != nil {
			f.t.Error(err)
		}
		if q.Variables["owner"] != "acme" {
			return false
		}
		f.count(&f.graphql, 1)
		switch {
		case fails != "":
			fmt.Fprintf(w, `{"data": {"organization": null}, "errors": [{"type": %q, "message": "no", "path": ["organization"]}]}`, fails)
		case q.Variables["slug"] == "pay":
			fmt.Fprintf(w, `{"data": {"organization": {"team": %s}}}`, group("pay", page(`{"login": "nobody-knows"}`, "")))
		case q.Variables["after"] == "":
			fmt.Fprintf(w, `{"data": {"organization": {"teams": %s}}}`, page(group("pay", page(`{"login": "Amara-O"}, {"login": "jonas"}`, "more")), "second"))
		default:
			fmt.Fprintf(w, `{"data": {"organization": {"teams": %s}}}`, page(group("robots", page(`{"login": "jonas"}, {"login": "../etc"}`, ""))+","+group("no slug", page("", "")), ""))
		}
		return true
	}
}

func teamSubjects() []provider.Subject {
	group := func(name, aliases, members string) provider.Subject {
		return provider.Subject{Entity: "team:" + name, Purpose: provider.Members, With: map[string]string{"name": name, "aliases": aliases, "members": members}}
	}
	return []provider.Subject{
		subject("service:x", "acme/x", provider.Code),
		group("payments", "pay", "amara-o=person:amara,marc=person:marc"),
		group("platform", "", "jonas=person:jonas-k"),
	}
}

// TestTeamsAreCompared tells who is in GitHub's team and not in that of the catalog, the other
// way, and of teams that only one of the two has.
func TestTeamsAreCompared(t *testing.T) {
	f := newFake(t)
	f.repositories["acme/x"] = small("acme/x")
	withTeams(f, "")
	facts, err := f.provider(map[string]string{"organizations": "acme"}).Fetch(t.Context(), provider.Request{Now: now, Subjects: teamSubjects()})
	if err != nil || len(facts.Problems) > 0 {
		t.Fatal(err, facts.Problems)
	}
	const at = "https://github.com/orgs/acme/teams/"
	want := []snapshot.Foreign{
		{ID: "acme/pay/jonas", Kind: "member", Name: "jonas", State: "active", URL: at + "pay", Fix: "members:\n  - person:jonas-k"},
		{ID: "acme/pay/nobody-knows", Kind: "member", Name: "nobody-knows", State: "active", URL: at + "pay", Fix: "members:\n  - person:nobody-knows\n---\napiVersion: signpost.dev/v1\nkind: person\nname: nobody-knows\ngithub: nobody-knows"},
		{ID: "acme/pay/marc", Kind: "member", Name: "person:marc", State: "missing", Entity: "team:payments", URL: at + "pay"},
		{ID: "acme/robots", Kind: "team", Name: "robots", State: "active", URL: at + "robots", Fix: "apiVersion: signpost.dev/v1\nkind: team\nname: robots\nmembers:\n  - person:jonas-k"},
		{ID: "platform", Kind: "team", Name: "platform", State: "missing", Entity: "team:platform"},
	}
	got := slices.DeleteFunc(facts.Foreign, func(f snapshot.Foreign) bool { return f.Kind == "repository" })
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("teams (-want +got):\n%s", diff)
	}
	if f.graphql != 4 {
		t.Errorf("%d questions; want one about repositories, two about teams and one about members", f.graphql)
	}
}

// TestTeamsWithoutPermission costs nothing but what is known of teams, which stays.
func TestTeamsWithoutPermission(t *testing.T) {
	f := newFake(t)
	f.repositories["acme/x"] = small("acme/x")
	withTeams(f, "FORBIDDEN")
	known := snapshot.Foreign{ID: "acme/robots", Kind: "team", Name: "robots", State: "active"}
	facts, err := f.provider(map[string]string{"organizations": "acme"}).Fetch(t.Context(), provider.Request{
		Now: now, Subjects: teamSubjects(), Before: snapshot.Facts{Foreign: []snapshot.Foreign{known}},
	})
	if err != nil || len(facts.Repositories) != 1 {
		t.Fatal(err, facts)
	}
	if p := facts.Problems; len(p) != 1 || p[0].Kind != snapshot.Forbidden || !strings.Contains(p[0].Message, "permission to read members") || p[0].Entity != "" {
		t.Errorf("problems: %+v", p)
	}
	got := slices.DeleteFunc(facts.Foreign, func(f snapshot.Foreign) bool { return f.Kind == "repository" })
	if len(got) != 1 || got[0] != known {
		t.Errorf("what was known of teams has become %+v", got)
	}
	// Who does not name the organization does not want its teams.
	f.graphql = 0
	if _, err := f.provider(nil).Fetch(t.Context(), provider.Request{Now: now, Subjects: teamSubjects()}); err != nil || f.graphql != 1 {
		t.Errorf("%d questions without organizations, %v", f.graphql, err)
	}
}
