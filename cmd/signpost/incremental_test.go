package main

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/signpost-dev/signpost/internal/costs"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// compareAt is after how many edits TestRandomEdits compares with a clean build.
const compareAt = 5

// editsToMake is how many edits the tests of random edits make.
func editsToMake() int {
	if n, err := strconv.Atoi(os.Getenv("SIGNPOST_EDITS")); err == nil {
		return n
	}
	if costs.Racing { // it looks for something else, which a few builds of each kind show
		return 15
	}
	return 60
}

// A build that remembers the one before it gives what a clean build gives, whatever has
// changed in between: sources, configuration, templates, the day, where the site stands,
// the output, and the memory itself.
func TestRandomEdits(t *testing.T) {
	t.Parallel()
	edits := editsToMake()
	seed := uint64(20261126)
	if n, err := strconv.ParseUint(os.Getenv("SIGNPOST_SEED"), 10, 64); err == nil {
		seed = n
	}
	e := newEditor(t, seed)
	e.build()
	e.compare()
	made := map[string]int{}
	for i := range edits {
		name := e.edit()
		made[name]++
		e.log = append(e.log, name)
		e.build()
		if (i+1)%compareAt == 0 {
			e.compare()
		}
	}
	e.compare()
	if edits >= 10*len(changes) && len(made) < len(changes) {
		t.Errorf("of %d kinds of edits only %d were made: %v", len(changes), len(made), made)
	}
}

// editor changes a catalog at random and builds it after each change.
type editor struct {
	*testing.T
	*rand.Rand
	dir, catalog, templates string
	out, clean, cache       string
	day                     time.Time
	base                    string
	serial                  int
	log                     []string // the edits since the last comparison
}

func newEditor(t *testing.T, seed uint64) *editor {
	dir := t.TempDir()
	e := &editor{
		T: t, Rand: rand.New(rand.NewPCG(seed, 1)), dir: dir,
		catalog: filepath.Join(dir, "catalog"), templates: filepath.Join(dir, "templates"),
		out: filepath.Join(dir, "out"), clean: filepath.Join(dir, "clean"), cache: filepath.Join(dir, "cache"),
		day: time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC), base: "https://a.example/",
	}
	e.write("signpost.yaml", `apiVersion: signpost.dev/v1
title: Acme
repository: {url: https://git.example/acme/catalog, branch: main}
chat: {slack: "https://chat.example/{name}"}
environments: [{name: production, title: Production}]
fields:
  costCentre: {title: Cost centre, kinds: [service], facet: true, schema: {type: string}}
`)
	for i := range 3 {
		e.write(fmt.Sprintf("teams/t%d.yaml", i), fmt.Sprintf("apiVersion: signpost.dev/v1\nkind: team\nname: t%d\ntitle: Team %d\nmembers: [person:p%d, person:p%d]\nchannel: slack:#t%d\noncall: {rotation: t%d-primary}\nrotations:\n  - {name: t%d-primary, timezone: Europe/Berlin, start: 2026-01-05, handoff: \"09:00\", length: 1w, participants: [person:p%d, person:p%d]}\n", i, i, 2*i, 2*i+1, i, i, i, 2*i, 2*i+1))
	}
	e.write("teams/parent.yaml", "apiVersion: signpost.dev/v1\nkind: team\nname: parent\nmembers: [person:p0]\nemail: parent@a.example\n---\napiVersion: signpost.dev/v1\nkind: domain\nname: d\ntitle: Domain\nowner: team:parent\n")
	for i := range 7 {
		e.write(fmt.Sprintf("people/p%d.yaml", i), fmt.Sprintf("apiVersion: signpost.dev/v1\nkind: person\nname: p%d\ntitle: Person %d\nemail: p%d@a.example\n", i, i, i))
	}
	e.write("systems/s.yaml", "apiVersion: signpost.dev/v1\nkind: system\nname: s\ntitle: System\nowner: team:t0\ndomain: domain:d\n")
	for range 9 {
		e.addService()
	}
	for n := range 3 {
		e.write(fmt.Sprintf("apis/a%d/api.yaml", n), fmt.Sprintf("apiVersion: signpost.dev/v1\nkind: api\nname: a%d\ntitle: API %d\nowner: team:t%d\ndefinition: openapi.yaml\ndeprecation: {successor: \"api:a%d\"}\n", n, n, n, n+1))
		e.openapi(fmt.Sprintf("apis/a%d/openapi.yaml", n))
	}
	e.sharedTypes()
	e.write("README.md", "# The catalog\n")
	if err := os.MkdirAll(filepath.Join(e.templates, "css"), 0o777); err != nil {
		t.Fatal(err)
	}
	return e
}

func (e *editor) path(name string) string { return filepath.Join(e.catalog, filepath.FromSlash(name)) }

func (e *editor) write(name, text string) {
	e.Helper()
	if err := os.MkdirAll(filepath.Dir(e.path(name)), 0o777); err != nil {
		e.Fatal(err)
	}
	if err := os.WriteFile(e.path(name), []byte(text), 0o666); err != nil {
		e.Fatal(err)
	}
}

func (e *editor) read(name string) string {
	e.Helper()
	data, err := os.ReadFile(e.path(name))
	if err != nil {
		e.Fatal(err)
	}
	return string(data)
}

// next returns a number that was not used before.
func (e *editor) next() int {
	e.serial++
	return e.serial
}

// files returns the paths of files with an ending, in order.
func (e *editor) files(ending string) []string {
	var all []string
	_ = fs.WalkDir(os.DirFS(e.catalog), ".", func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.HasSuffix(p, ending) && p != "signpost.yaml" {
			all = append(all, p)
		}
		return err
	})
	return all
}

func (e *editor) one(ending string) string {
	all := e.files(ending)
	if len(all) == 0 {
		return ""
	}
	return all[e.IntN(len(all))]
}

func (e *editor) service() string { return fmt.Sprintf("service:s%d", 1+e.IntN(max(e.serial, 1))) }

func (e *editor) addService() {
	n := e.next()
	folder := fmt.Sprintf("services/s%d/", n)
	e.write(folder+"service.yaml", fmt.Sprintf("apiVersion: signpost.dev/v1\nkind: service\nname: s%d\ntitle: Service %d\ndescription: Does %d things. And more.\nowner: team:t%d\nsystem: system:s\ntier: %d\nlifecycle: production\ntags: [a]\naliases: [alias-%d]\nrepository: github:acme/s%d\nmetadata: {costCentre: CC-%d}\ndependsOn: [%s, %s]\n", n, n, n, e.IntN(3), 1+e.IntN(4), n, n, n%4, e.service(), e.service()))
	e.write(folder+"runbooks/down.md", fmt.Sprintf("---\ntitle: Service %d is down\nseverity: sev%d\nlastVerified: 2026-11-%02d\nreviewEvery: 30d\nalerts: [Slow%d]\n---\n\n# Service %d is down\n\nLook at [the descriptor](../service.yaml) and [the other](../../s%d/runbooks/down.md#confirm).\n\n## Confirm\n\nRun `curl https://s%d.example`.\n", n, 1+n%3, 1+n%28, n%4, n, 1+e.IntN(n), n))
	if n%3 == 0 {
		e.write(folder+"postmortems/p.md", fmt.Sprintf("---\ntitle: Service %d was down\ndate: 2026-10-%02d\nservices: [%s]\n---\n\nWords.\n", n, 1+n%28, e.service()))
	}
	if n%2 == 0 {
		e.write(folder+"adr/0001-store.md", fmt.Sprintf("# Store %d\n\n## Status\n\nAccepted\n\n## Context\n\nWords number %d.\n", n, n))
	}
}

// openapi writes a description of an API at random: its types stand in part in another file.
func (e *editor) openapi(name string) {
	text := fmt.Sprintf("openapi: 3.1.0\ninfo: {title: API, version: 1.%d.0}\npaths:\n", e.next())
	for i := range 1 + e.IntN(4) {
		text += fmt.Sprintf("  /things%d/{id}:\n    get:\n      operationId: get%d\n      summary: Thing %d\n      parameters: [{name: id, in: path, required: true, schema: {type: string}}]\n      responses: {\"200\": {description: ok, content: {application/json: {schema: {$ref: \"%s\"}}}}}\n",
			e.IntN(6), i, e.next(), []string{"#/components/schemas/Thing", "../types.yaml#/Shared", "../types.yaml#/Nothing"}[e.IntN(3)])
	}
	e.write(name, text+fmt.Sprintf("components: {schemas: {Thing: {type: object, properties: {a%d: {type: string}}}}}\n", e.IntN(3)))
}

// sharedTypes writes a file that descriptions refer to.
func (e *editor) sharedTypes() {
	e.write("apis/types.yaml", fmt.Sprintf("Shared:\n  type: object\n  properties:\n    b%d: {type: string, description: Number %d}\n", e.IntN(3), e.next()))
}

// api is the folder of an API that is left, or a new one.
func (e *editor) api() string {
	if name := e.one("api.yaml"); name != "" {
		return filepath.Dir(name)
	}
	return "apis/a0"
}

// replace changes a line of a file that begins with a key.
func (e *editor) replace(name, key, line string) {
	lines := strings.SplitAfter(e.read(name), "\n")
	for i := range lines {
		if strings.HasPrefix(lines[i], key+":") {
			lines[i] = line + "\n"
		}
	}
	e.write(name, strings.Join(lines, ""))
}

// changes are all kinds of edits.
var changes = map[string]func(*editor){
	"add a service":    (*editor).addService,
	"delete a file":    func(e *editor) { e.remove(e.one("")) },
	"delete a service": func(e *editor) { e.remove(filepath.Dir(e.one("service.yaml"))) },
	"change an owner": func(e *editor) {
		e.replace(e.one("service.yaml"), "owner", fmt.Sprintf("owner: team:t%d", e.IntN(4)))
	},
	"rename a service": func(e *editor) { e.replace(e.one("service.yaml"), "name", fmt.Sprintf("name: s%d", e.next())) },
	"retitle anything": func(e *editor) {
		e.replace(e.one(".yaml"), "title", fmt.Sprintf("title: Title %d", e.next()))
	},
	"redescribe a service": func(e *editor) {
		e.replace(e.one("service.yaml"), "description", fmt.Sprintf("description: Word%d is new. Second.", e.next()))
	},
	"change dependencies": func(e *editor) {
		e.replace(e.one("service.yaml"), "dependsOn", fmt.Sprintf("dependsOn: [%s, {ref: %q, criticality: degrades}]", e.service(), e.service()))
	},
	"change a tier": func(e *editor) { e.replace(e.one("service.yaml"), "tier", fmt.Sprintf("tier: %d", 1+e.IntN(4))) },
	"deprecate": func(e *editor) {
		e.replace(e.one("service.yaml"), "lifecycle", fmt.Sprintf("lifecycle: deprecated\ndeprecation: {date: 2027-01-01, successor: %q}", e.service()))
	},
	"move a file": func(e *editor) {
		from := e.one(".yaml")
		to := fmt.Sprintf("moved/m%d/%s", e.next(), filepath.Base(from))
		e.write(to, e.read(from))
		e.remove(from)
	},
	"rename a team": func(e *editor) {
		e.replace(e.one("teams/t1.yaml"), "title", fmt.Sprintf("title: Renamed %d", e.next()))
	},
	"on call elsewhere": func(e *editor) {
		e.replace("teams/t1.yaml", "oncall", fmt.Sprintf("oncall: {provider: duty, schedule: P%d}", e.next()))
	},
	"empty a team":  func(e *editor) { e.replace(e.one("teams/t2.yaml"), "members", "members: [person:p6]") },
	"adopt a team":  func(e *editor) { e.replace(e.one("teams/t0.yaml"), "name", "name: t0\nparent: team:parent") },
	"somebody left": func(e *editor) { e.replace(e.one("people/p1.yaml"), "email", "left: 2026-11-20") },
	"retitle people": func(e *editor) {
		e.replace(e.one("people/p0.yaml"), "title", fmt.Sprintf("title: Person %d", e.next()))
	},
	"a book of MkDocs": func(e *editor) { // which gives documents another order, and reads them otherwise
		dir := filepath.Dir(e.one("service.yaml"))
		if e.IntN(3) == 0 {
			e.remove(dir + "/mkdocs.yml")
			return
		}
		e.write(dir+"/mkdocs.yml", fmt.Sprintf("site_name: Book %d\ndocs_dir: guides\nnav:\n  - Part %d:\n    - Page %d: g%d.md\n    - g%d.md\n", e.next(), e.serial, e.serial, e.IntN(e.serial), e.IntN(e.serial)))
		e.write(dir+fmt.Sprintf("/guides/g%d.md", e.IntN(e.serial)), fmt.Sprintf("# Page\n\n!!! note\n    Words %d.\n", e.serial))
	},
	"edit a document": func(e *editor) {
		if name := e.one(".md"); name != "" {
			e.write(name, e.read(name)+fmt.Sprintf("\n## Heading %d\n\nAnother sentence, number%d.\n", e.next(), e.serial))
		}
	},
	"break a link": func(e *editor) {
		if name := e.one(".md"); name != "" {
			e.write(name, e.read(name)+fmt.Sprintf("\n[Nowhere](none-%d.md) and [somewhere](../../s1/service.yaml), see service:s%d.\n", e.next(), e.IntN(12)))
		}
	},
	"delete a document": func(e *editor) { e.remove(e.one(".md")) },
	"add a document": func(e *editor) {
		e.write(fmt.Sprintf("%s/guides/g%d.md", filepath.Dir(e.one("service.yaml")), e.next()), fmt.Sprintf("# Guide %d\n\nHow it works.\n\n![Picture](p.png) [Table](t.csv)\n", e.serial))
	},
	"add a picture": func(e *editor) {
		e.write(fmt.Sprintf("%s/guides/p.png", filepath.Dir(e.one("service.yaml"))), "\x89PNG\r\n\x1a\n"+strconv.Itoa(e.next()))
	},
	"add an attachment": func(e *editor) {
		e.write(fmt.Sprintf("%s/guides/t.csv", filepath.Dir(e.one("service.yaml"))), "a,"+strconv.Itoa(e.next()))
	},
	"review an incident": func(e *editor) { // that is known, or not
		e.write(fmt.Sprintf("%s/postmortems/p%d.md", filepath.Dir(e.one("service.yaml")), e.IntN(3)),
			fmt.Sprintf("---\nincident: i%d%d\ndate: 2026-11-%02d\n---\n# Review %d\n", e.IntN(2), e.IntN(4), 1+e.IntN(28), e.next()))
	},
	"agree on actions": func(e *editor) {
		owner := []string{fmt.Sprintf("team:t%d", e.IntN(3)), fmt.Sprintf("person:p%d", e.IntN(7)), "person:nobody"}[e.IntN(3)]
		e.write(fmt.Sprintf("%s/postmortems/a%d.md", filepath.Dir(e.one("service.yaml")), e.IntN(3)),
			fmt.Sprintf("---\ndate: 2026-11-%02d\nactions:\n  - {title: Do %d, owner: %q, due: 2026-11-%02d, done: %v}\n  - {title: And more}\n---\n# Agreed %d\n", 1+e.IntN(28), e.next(), owner, 1+e.IntN(28), e.IntN(2) == 0, e.serial))
	},
	"supersede a decision": func(e *editor) { // by front matter, or by a line of text
		folder := filepath.Dir(e.one("service.yaml"))
		if name := e.one("0001-store.md"); name != "" && e.IntN(4) > 0 {
			folder = filepath.Dir(filepath.Dir(name))
		}
		says := []string{"---\nsupersedes: 1\n---\n# Again %d\n", "# 2. Again %d\n\n## Status\n\nAccepted. Supersedes [1](0001-store.md)\n", "# 2. Alone %d\n\nDate: 2026-01-02\n"}
		e.write(folder+"/adr/0002-again.md", fmt.Sprintf(says[e.IntN(3)], e.next()))
	},
	"a playbook": func(e *editor) {
		e.write(filepath.Dir(e.one(".yaml"))+fmt.Sprintf("/playbooks/b%d.md", e.IntN(3)),
			fmt.Sprintf("---\neveryone: %v\nlastVerified: 2026-11-%02d\nreviewEvery: 1w\n---\n# Respond %d\n\nDo so.\n", e.IntN(2) == 0, 1+e.IntN(28), e.next()))
	},
	"a document elsewhere": func(e *editor) {
		kind := []string{"runbook", "adr", "guide", "playbook"}[e.IntN(4)]
		name := e.one("service.yaml")
		line := fmt.Sprintf("documents: [{title: Page %d, url: \"https://wiki.example/%d\", kind: %s, summary: It says %d., lastVerified: 2026-01-01, reviewEvery: %dm}]", e.next(), e.IntN(5), kind, e.serial, 1+e.IntN(20))
		if strings.Contains(e.read(name), "\ndocuments:") {
			e.replace(name, "documents", line)
			return
		}
		e.append(name, line+"\n")
	},
	"order documents":    func(e *editor) { e.front("reviewEvery", fmt.Sprintf("reviewEvery: 60d\norder: %d", e.IntN(5))) },
	"retitle a document": func(e *editor) { e.front("title", fmt.Sprintf("title: Document %d", e.next())) },
	"verify a document":  func(e *editor) { e.front("lastVerified", fmt.Sprintf("lastVerified: 2026-11-%02d", 1+e.IntN(28))) },
	"name other alerts":  func(e *editor) { e.front("alerts", fmt.Sprintf("alerts: [Slow%d, Slow%d]", e.IntN(4), 4+e.IntN(4))) },
	"another address of somebody": func(e *editor) { // which may be somebody else's too
		if name := "people/p2.yaml"; slices.Contains(e.files(".yaml"), name) {
			e.replace(name, "email", fmt.Sprintf("email: p%d@a.example", e.IntN(7)))
		}
	},
	"reattach a document": func(e *editor) { e.front("severity", fmt.Sprintf("about: [%s]", e.service())) },
	"silence":             func(e *editor) { e.append(e.one("service.yaml"), "# signpost:ignore tier-dashboard for now\n") },
	"break YAML":          func(e *editor) { e.append(e.one("service.yaml"), "links: [\n") },
	"mend YAML": func(e *editor) {
		for _, name := range e.files(".yaml") {
			e.write(name, strings.ReplaceAll(e.read(name), "links: [\n", ""))
		}
	},
	"an unknown field": func(e *editor) { e.append(e.one("service.yaml"), fmt.Sprintf("unknown%d: x\n", e.next())) },
	"a twin":           func(e *editor) { e.write(fmt.Sprintf("twins/t%d.yaml", e.next()), e.read(e.one("service.yaml"))) },
	"retitle the portal": func(e *editor) {
		e.replaceConfig("title: ", fmt.Sprintf("title: Acme %d", e.next()))
	},
	"change a field": func(e *editor) {
		e.replaceConfig("  costCentre: ", fmt.Sprintf("  costCentre: {title: Centre %d, kinds: [service], facet: true, schema: {type: string}}", e.next()))
	},
	"new facts":   (*editor).facts,
	"other facts": (*editor).facts,
	"another past": func(e *editor) { // of which no fact tells any more
		e.write("snapshots/history/2026-10.json", fmt.Sprintf(`{"version":1,"month":"2026-10","entities":{%q:{"5":[%d,%d,0]}},"leads":{%q:{"5":[%d]}}}`, e.service(), 1+e.IntN(9), e.IntN(3), e.service(), e.IntN(5000)))
	},
	"forget facts": func(e *editor) { e.remove("snapshots") },
	"touch": func(e *editor) {
		now := time.Now().Add(time.Duration(e.next()) * time.Second)
		if err := os.Chtimes(e.path(e.one("")), now, now); err != nil {
			e.Fatal(err)
		}
	},
	"age everything": func(e *editor) {
		at := time.Now().Add(-time.Hour)
		for _, name := range e.files("") {
			if err := os.Chtimes(e.path(name), at, at); err != nil {
				e.Fatal(err)
			}
		}
	},
	"change an interface": func(e *editor) { e.openapi(e.api() + "/openapi.yaml") },
	"break an interface": func(e *editor) {
		e.write(e.api()+"/openapi.yaml", fmt.Sprintf("openapi: 3.1.0\ninfo: {}\npaths:\n  /a%d: {get: {parameters: [1]}}\n", e.next()))
	},
	"change shared types": (*editor).sharedTypes,
	"consume an API": func(e *editor) {
		e.append(e.one("service.yaml"), fmt.Sprintf("consumes: [\"api:a%d\"] # %d\n", e.IntN(3), e.next()))
	},
	"the next day":    func(e *editor) { e.day = e.day.AddDate(0, 0, 1) },
	"another address": func(e *editor) { e.base = fmt.Sprintf("https://b%d.example/catalog/", e.next()) },
	"a style": func(e *editor) {
		e.template("css/theme.css", fmt.Sprintf(":root { --own: %dpx }", e.next()))
	},
	"a template": func(e *editor) {
		e.template("pages/notfound.html", fmt.Sprintf("{{define \"main\"}}<main id=\"sp-main\"><h1>Lost %d</h1></main>{{end}}", e.next()))
	},
	"spoil a page": func(e *editor) {
		e.spoil(e.out, func(data []byte) []byte { return append(data, 'x') })
	},
	"delete a page": func(e *editor) {
		e.spoil(e.out, func([]byte) []byte { return nil })
	},
	"damage the cache": func(e *editor) {
		e.spoil(e.cache, func(data []byte) []byte {
			if len(data) > 0 {
				data[e.IntN(len(data))] ^= 0x40
			}
			return data
		})
	},
	"cut the cache": func(e *editor) {
		e.spoil(e.cache, func(data []byte) []byte { return data[:e.IntN(len(data)+1)] })
	},
}

// facts writes what a live system says, at random.
func (e *editor) facts() {
	at := e.day.Add(-time.Duration(e.IntN(300)) * time.Minute)
	about := func(id string) snapshot.About {
		environment := []string{"production", "staging", "elsewhere"}[e.IntN(3)]
		return snapshot.About{ID: id + strconv.Itoa(e.IntN(4)), Entity: e.service(), Environment: environment, Observed: at, URL: "https://x.example/" + id}
	}
	who := func() string {
		return []string{"ada", "Person 3", "person 0", fmt.Sprintf("p%d@a.example", e.IntN(7))}[e.IntN(4)]
	}
	f := snapshot.File{Provider: []string{"metrics", "duty"}[e.IntN(2)], Type: []string{"file", "alertmanager"}[e.IntN(2)], Tried: at, Fetched: at}
	if e.IntN(3) == 0 {
		f.Problem = &snapshot.Problem{Kind: snapshot.Timeout, Message: "it does not answer", Since: at}
	}
	states := []snapshot.DeploymentState{snapshot.Running, snapshot.Succeeded, snapshot.Failed, snapshot.RolledBack, snapshot.Inactive}
	for range e.IntN(6) {
		began := at.Add(-time.Duration(e.IntN(240)) * time.Minute)
		f.Deployments = append(f.Deployments, snapshot.Deployment{
			About: about("d"), Version: fmt.Sprintf("1.%d", e.IntN(9)), State: states[e.IntN(len(states))], At: began, Ended: began,
			Committed: began.Add(-time.Duration(e.IntN(5000)) * time.Minute), By: who(),
		})
		f.Health = append(f.Health, snapshot.Health{About: about("h"), State: []snapshot.HealthState{snapshot.Healthy, snapshot.Unhealthy, snapshot.Unknown}[e.IntN(3)]})
	}
	for i := range e.IntN(3) {
		f.Incidents = append(f.Incidents, snapshot.Incident{
			About: about("i" + strconv.Itoa(i)), Title: fmt.Sprintf("Incident %d", e.next()), Opened: at, Resolved: at.Add(time.Hour), Also: []string{e.service()}, Responders: []string{who()},
			State: []snapshot.IncidentState{snapshot.Triggered, snapshot.Resolved}[e.IntN(2)],
		})
		f.Releases = append(f.Releases, snapshot.Release{About: about("r"), Version: fmt.Sprintf("2.%d", e.IntN(9)), At: at.Add(-time.Duration(e.IntN(240)) * time.Minute)})
		f.Alerts = append(f.Alerts, snapshot.Alert{
			About: about("a"), Name: fmt.Sprintf("Slow%d", e.IntN(8)), State: snapshot.Firing, Since: at,
			Runbook: fmt.Sprintf("https://a.example/%s/runbooks/down.html", strings.Replace(e.service(), "service:", "services/", 1)),
		})
		f.OnCall = append(f.OnCall, snapshot.OnCall{About: about("o"), Level: 1, Now: who(), Next: who(), Until: at.Add(24 * time.Hour)})
		f.OnCall = append(f.OnCall, snapshot.OnCall{
			About: snapshot.About{ID: "t", Entity: "team:t1", Observed: at}, Level: i, Now: who(), Next: who(), Until: at.Add(24 * time.Hour),
		})
		f.Foreign = append(f.Foreign, snapshot.Foreign{ID: strconv.Itoa(e.serial), Kind: "repository", State: "active"})
	}
	store, err := snapshot.Create(e.path("snapshots"))
	if err == nil {
		if err = store.Write(f); err == nil {
			err = store.Remember(at)
		}
		store.Close()
	}
	if err != nil {
		e.Fatal(err)
	}
}

func (e *editor) edit() string {
	names := slices.Sorted(maps.Keys(changes))
	name := names[e.IntN(len(names))]
	if len(e.files("service.yaml")) < 4 {
		name = "add a service"
	}
	for _, needed := range []string{"teams/t0.yaml", "teams/t1.yaml", "teams/t2.yaml", "people/p0.yaml", "people/p1.yaml"} {
		if _, err := os.Stat(e.path(needed)); err != nil {
			e.write(needed, fmt.Sprintf("apiVersion: signpost.dev/v1\nkind: %s\nname: %s\ntitle: Again %d\nmembers: [person:p0]\nemail: a@a.example\n",
				strings.TrimSuffix(strings.Replace(filepath.Dir(needed), "people", "persons", 1), "s"), strings.TrimSuffix(filepath.Base(needed), ".yaml"), e.next()))
		}
	}
	changes[name](e)
	return name
}

func (e *editor) remove(name string) {
	if err := os.RemoveAll(e.path(name)); err != nil {
		e.Fatal(err)
	}
}

func (e *editor) append(name, text string) { e.write(name, e.read(name)+text) }

func (e *editor) front(key, line string) {
	if name := e.one("down.md"); name != "" {
		e.replace(name, key, line)
	}
}

func (e *editor) replaceConfig(before, line string) {
	lines := strings.SplitAfter(e.read("signpost.yaml"), "\n")
	for i := range lines {
		if strings.HasPrefix(lines[i], before) {
			lines[i] = line + "\n"
		}
	}
	e.write("signpost.yaml", strings.Join(lines, ""))
}

func (e *editor) template(name, text string) {
	path := filepath.Join(e.templates, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		e.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		e.Fatal(err)
	}
}

// spoil changes a file below a folder, or deletes it.
func (e *editor) spoil(dir string, change func([]byte) []byte) {
	var all []string
	_ = filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && filepath.Base(p) != "manifest.json" {
			all = append(all, p)
		}
		return nil
	})
	name := all[e.IntN(len(all))]
	data, err := os.ReadFile(name)
	if err != nil {
		e.Fatal(err)
	}
	if data = change(data); data == nil {
		err = os.Remove(name)
	} else {
		err = os.WriteFile(name, data, 0o666)
	}
	if err != nil {
		e.Fatal(err)
	}
}

func (e *editor) build() {
	e.Helper()
	if e.IntN(2) == 0 {
		e.settle()
	}
	e.run(e.out, "--cache", e.cache)
}

// settle makes every file that was written of late old enough for its time to be trusted.
// Each gets a time of its own: what has that time as well has not been written since.
func (e *editor) settle() {
	e.Helper()
	now := time.Now()
	for _, name := range append(e.files(""), "signpost.yaml") {
		info, err := os.Lstat(e.path(name))
		if err != nil {
			e.Fatal(err)
		}
		if now.Sub(info.ModTime()) > time.Minute {
			continue
		}
		e.serial++
		at := now.Add(-time.Hour).Add(time.Duration(e.serial))
		if err := os.Chtimes(e.path(name), at, at); err != nil {
			e.Fatal(err)
		}
	}
}

func (e *editor) run(out string, flags ...string) {
	e.Helper()
	args := append([]string{"build", e.catalog, "--out", out, "--keep-going", "--now", e.day.Format(time.RFC3339), "--templates", e.templates}, flags...)
	if e.base != "" {
		args = append(args, "--base-url", e.base)
	}
	var said bytes.Buffer
	if status := run(context.Background(), args, env{strings.NewReader(""), &said, &said, func(string) string { return "" }}); status != 0 {
		e.Fatalf("after %v: status %d:\n%s", e.log, status, &said)
	}
}

// compare builds from nothing and compares every file.
func (e *editor) compare() {
	e.Helper()
	if err := os.RemoveAll(e.clean); err != nil {
		e.Fatal(err)
	}
	e.run(e.clean, "--no-cache")
	want, got := contentOf(e.T, e.clean), contentOf(e.T, e.out)
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if got[name] != want[name] {
			e.Errorf("after %v: %s differs from a clean build's\n%s", e.log, name, firstDifference(got[name], want[name]))
		}
		delete(got, name)
	}
	for name := range got {
		e.Errorf("after %v: %s is there, and is not in a clean build", e.log, name)
	}
	if e.Failed() {
		e.FailNow()
	}
	e.log = nil
}

func contentOf(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(p)
		rel, _ := filepath.Rel(dir, p)
		all[rel] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func firstDifference(got, want string) string {
	at := 0
	for at < min(len(got), len(want)) && got[at] == want[at] {
		at++
	}
	part := func(s string) string { return s[max(0, at-100):min(len(s), at+100)] }
	return fmt.Sprintf(" got …%s…\nwant …%s…", part(got+" "), part(want+" "))
}
