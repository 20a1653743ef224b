package backstage

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/pkg/check"
	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/source"
)

// component is a Backstage component to which tests add lines.
const component = `apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: ledger
spec:
  type: service
  owner: payments
`

// group is the team that owns it.
const group = `apiVersion: backstage.io/v1alpha1
kind: Group
metadata:
  name: payments
spec:
  type: team
  children: []
`

// unpack writes the files of a txtar archive to a new folder.
func unpack(t *testing.T, archive string) string {
	t.Helper()
	dir := t.TempDir()
	for _, f := range txtar.Parse([]byte(archive)).Files {
		write(t, filepath.Join(dir, f.Name), string(f.Data))
	}
	return dir
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// contents returns the files below a folder.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	root := os.DirFS(dir)
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(root, name)
		all[name] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// imported imports a folder and returns the report and what was written.
func imported(t *testing.T, src string) (*Report, map[string]string) {
	t.Helper()
	out := filepath.Join(t.TempDir(), "out")
	report, err := Import(t.Context(), src, out, Options{Title: "Test"})
	if err != nil {
		t.Fatal(err)
	}
	return report, contents(t, out)
}

// descriptorOf returns a descriptor without its origin, which other tests are about.
func descriptorOf(t *testing.T, files map[string]string, name string) string {
	t.Helper()
	text, ok := files[name]
	if !ok {
		var names []string
		for n := range files {
			names = append(names, n)
		}
		slices.Sort(names)
		t.Fatalf("there is no %s among %q", name, names)
	}
	before, origin, _ := strings.Cut(text, "origin:\n")
	_, preserved, ok := strings.Cut(origin, "preserved:\n")
	if ok {
		before += "preserved:\n" + preserved
	}
	return before
}

// notes returns the notes of a report as lines.
func notes(r *Report) []string {
	lines := []string{}
	for _, n := range r.Notes {
		lines = append(lines, fmt.Sprintf("%s %s %s:%d %s: %s", n.Severity, n.Code, n.File, n.Line, n.Entity, n.Message))
	}
	return lines
}

func TestComponentBecomes(t *testing.T) {
	tests := []struct {
		name   string
		lines  string // added to the metadata of the component
		spec   string // added to its spec
		before string // wanted before the owner
		want   string // wanted after the owner
		notes  []string
	}{
		{
			name: "nothing more",
			want: "type: service\n",
		},
		{
			name: "the words that people use for lifecycles",
			spec: "  lifecycle: Generally Available\n",
			want: "type: service\nlifecycle: production\npreserved:\n  backstage:\n    spec:\n      lifecycle: Generally Available\n",
			notes: []string{
				`info narrowed a.yaml:1 component:ledger: spec.lifecycle: "Generally Available" is now production`,
			},
		},
		{
			name: "a lifecycle that we do not know is left out, not guessed",
			spec: "  lifecycle: sparkling\n",
			want: "type: service\npreserved:\n  backstage:\n    spec:\n      lifecycle: sparkling\n",
			notes: []string{
				`warning unfit a.yaml:1 component:ledger: spec.lifecycle: "sparkling" is none of experimental, production, deprecated, retired`,
			},
		},
		{
			name:  "tags in our spelling",
			lines: "  tags: [Go, go 1.15.3, go, ok]\n",
			want:  "type: service\ntags:\n  - go\n  - go-1.15.3\n  - ok\npreserved:\n  backstage:\n    metadata:\n      tags:\n        - Go\n        - go 1.15.3\n        - go\n        - ok\n",
			notes: []string{`info narrowed a.yaml:1 component:ledger: metadata.tags: Go, go 1.15.3, go, ok is now go, go-1.15.3, ok`},
		},
		{
			name:  "labels and a tier by convention",
			lines: "  labels: {tier: 2, team: a, odd: [x]}\n",
			want:  "type: service\ntier: 2\nlabels:\n  tier: \"2\"\n  team: a\npreserved:\n  backstage:\n    metadata:\n      labels:\n        odd:\n          - x\n",
			notes: []string{`warning unfit a.yaml:1 component:ledger: metadata.labels.odd: must be text`},
		},
		{
			name:  "links with their types",
			lines: "  links:\n    - {url: 'https://x.example/1', title: Board, type: Dashboard}\n    - {url: 'https://x.example/2', icon: docs}\n    - {url: 'no address', title: Odd}\n",
			want: "type: service\nlinks:\n  - title: Board\n    url: https://x.example/1\n    type: dashboard\n  - title: https://x.example/2\n    url: https://x.example/2\n    type: docs\n" +
				"preserved:\n  backstage:\n    metadata:\n      links:\n        - url: https://x.example/1\n          title: Board\n          type: Dashboard\n        - url: https://x.example/2\n          icon: docs\n        - url: no address\n          title: Odd\n",
			notes: []string{`warning unfit a.yaml:1 component:ledger: metadata.links[2]: must be a full address such as https://example.com/page, without spaces`},
		},
		{
			name: "annotations with a field of ours",
			lines: "  annotations:\n    github.com/project-slug: acme/mono\n    backstage.io/source-location: url:https://github.com/acme/mono/tree/main/services/ledger\n" +
				"    pagerduty.com/service-id: PX12ABC\n    argocd/app-name: ledger\n    backstage.io/techdocs-ref: url:https://docs.example.com/ledger\n    backstage.io/orphan: 'true'\n",
			want: "type: service\nrepository: github:acme/mono#services/ledger\nlinks:\n  - title: Documentation\n    url: https://docs.example.com/ledger\n    type: docs\n" +
				"oncall:\n  provider: pagerduty\n  service: PX12ABC\n" +
				"annotations:\n  backstage.io/source-location: url:https://github.com/acme/mono/tree/main/services/ledger\n  argocd/app-name: ledger\n  backstage.io/techdocs-ref: url:https://docs.example.com/ledger\n" +
				"preserved:\n  backstage:\n    metadata:\n      annotations:\n        backstage.io/orphan: \"true\"\n",
			notes: []string{`info ignored a.yaml:1 component:ledger: annotation backstage.io/orphan`},
		},
		{
			name:  "what nobody knows is preserved as it stands",
			lines: "  uid: 0644\n  acme: {b: 1, a: [x, null]}\n",
			spec:  "  zone: !!str 12\n  owners: {}\n",
			want:  "type: service\npreserved:\n  backstage:\n    metadata:\n      uid: \"0644\"\n      acme:\n        b: 1\n        a:\n          - x\n          - null\n    spec:\n      zone: \"12\"\n      owners: {}\n",
		},
		{
			name:   "a description of several lines",
			lines:  "  title: ''\n  description: |\n    Keeps the books.\n\n    Twice.\n",
			before: "description: |\n  Keeps the books.\n\n  Twice.\n",
			want:   "type: service\n",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text := strings.Replace(component, "spec:\n", tt.lines+"spec:\n", 1) + tt.spec
			report, files := imported(t, unpack(t, "-- a.yaml --\n"+text+"-- b.yaml --\n"+group))
			want := "apiVersion: signpost.dev/v1\nkind: service\nname: ledger\n" + tt.before + "owner: payments\n" + tt.want
			if diff := cmp.Diff(want, descriptorOf(t, files, "services/ledger/service.yaml")); diff != "" {
				t.Errorf("descriptor (-want +got):\n%s", diff)
			}
			if tt.notes == nil {
				tt.notes = []string{}
			}
			if diff := cmp.Diff(tt.notes, notes(report)); diff != "" {
				t.Errorf("notes (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTypeOfSeveralWords(t *testing.T) {
	report, files := imported(t, unpack(t, "-- a.yaml --\n"+strings.Replace(component, "type: service", "type: Mobile App (iOS)", 1)+"-- b.yaml --\n"+group))
	want := "type: Mobile-App--iOS\npreserved:\n  backstage:\n    spec:\n      type: Mobile App (iOS)\n"
	_, got, _ := strings.Cut(descriptorOf(t, files, "services/ledger/service.yaml"), "owner: payments\n")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("descriptor (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{`info narrowed a.yaml:1 component:ledger: spec.type: "Mobile App (iOS)" is now Mobile-App--iOS`}, notes(report)); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
	}
}

func TestTypeDecidesWhatAComponentIs(t *testing.T) {
	want := map[string]string{
		"service": "service", "website": "service", "": "service", "repository": "service", "mobile-app": "service",
		"library": "library", "Libraries": "library", "npm-package": "library", "sdk": "library", "goModule": "library", "backstage-backend-plugin": "library",
		"pipeline": "pipeline", "data_pipeline": "pipeline", "batch job": "pipeline", "workflow": "pipeline",
		"library-service": "service", "job-board": "service",
	}
	for typ, kind := range want {
		if got := kindOfComponent(typ); got != kind {
			t.Errorf("%q becomes a %s, want %s", typ, got, kind)
		}
	}
}

const everyKind = `
-- all.yaml --
# a comment before the first document
---
apiVersion: backstage.io/v1alpha1
kind: Location
metadata: {name: all}
spec:
  target: ./org/*.yaml
  targets: [./parts.yml, https://example.com/more.yaml, ./all.yaml]
-- parts.yml --
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: web, namespace: default}
spec:
  type: website
  owner: group:default/payments
  system: shop
  subcomponentOf: Component:mono
  providesApis: [orders, api:default/orders]
  consumesApis: [other/rates]
  dependsOn: [component:kit, resource:db, 'Component:missing', user:ada]
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: kit}
spec: {type: library, owner: ada}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: mono}
spec: {type: service, owner: user:ada}
---
apiVersion: backstage.io/v1alpha1
kind: Resource
metadata: {name: db}
spec: {type: database, owner: payments, dependencyOf: [component:mono, component:web, component:nowhere]}
---
apiVersion: backstage.io/v1alpha1
kind: API
metadata: {name: orders}
spec:
  type: openapi
  lifecycle: production
  owner: payments
  definition:
    $text: ./specs/orders.yaml
---
apiVersion: backstage.io/v1alpha1
kind: System
metadata: {name: shop}
spec: {owner: payments, domain: retail}
---
apiVersion: backstage.io/v1alpha1
kind: Domain
metadata: {name: retail}
spec: {owner: payments, subdomainOf: business}
---
apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata: {name: new-service}
spec: {type: service, steps: []}
-- specs/orders.yaml --
openapi: 3.1.0
info: {title: Orders, version: '1'}
-- org/people.yaml --
apiVersion: backstage.io/v1alpha1
kind: Group
metadata:
  name: business
  links: [{url: 'https://chat.example.com/room', title: Room, type: chat}]
spec: {type: business-unit, children: [payments, sales]}
---
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: payments, annotations: {github.com/team-slug: acme/pay}}
spec:
  type: team
  children: []
  members: [ada, bob]
  profile: {displayName: Payments, email: pay@example.com, picture: https://example.com/p.png}
---
apiVersion: backstage.io/v1alpha1
kind: User
metadata: {name: ada, annotations: {github.com/user-login: ada-l}}
spec: {memberOf: [payments], profile: {displayName: Ada, email: ada@example.com}}
`

func TestEveryKind(t *testing.T) {
	report, files := imported(t, filepath.Join(unpack(t, everyKind), "all.yaml"))
	head := func(kind string) string { return "apiVersion: signpost.dev/v1\nkind: " + kind + "\n" }
	want := map[string]string{
		"services/web/service.yaml": head("service") + `name: web
owner: payments
type: website
system: shop
partOf: service:mono
dependsOn:
  - library:kit
  - resource:db
  - service:missing
provides:
  - orders
consumes:
  - other/rates
preserved:
  backstage:
    spec:
      dependsOn:
        - component:kit
        - resource:db
        - Component:missing
        - user:ada
`,
		"libraries/kit/library.yaml": head("library") + "name: kit\nowner: ada\ntype: library\n",
		"services/mono/service.yaml": head("service") + `name: mono
owner: person:ada
type: service
dependsOn:
  - ref: resource:db
    note: Said by resource:db (dependencyOf).
`,
		"resources/db/resource.yaml": head("resource") + `name: db
owner: payments
type: database
preserved:
  backstage:
    spec:
      dependencyOf:
        - component:mono
        - component:web
        - component:nowhere
`,
		"apis/orders/api.yaml": head("api") + `name: orders
owner: payments
type: openapi
lifecycle: production
definition: openapi.yaml
preserved:
  backstage:
    placeholders:
      spec.definition:
        $text: ./specs/orders.yaml
`,
		"systems/shop/system.yaml":   head("system") + "name: shop\nowner: payments\ndomain: retail\n",
		"domains/retail/domain.yaml": head("domain") + "name: retail\nowner: payments\nparent: business\n",
		"teams/business.yaml": head("team") + `name: business
type: business-unit
channel: https://chat.example.com/room
links:
  - title: Room
    url: https://chat.example.com/room
    type: chat
preserved:
  backstage:
    spec:
      children:
        - payments
        - sales
`,
		"teams/payments.yaml": head("team") + `name: payments
title: Payments
type: team
parent: business
aliases:
  - pay
email: pay@example.com
members:
  - ada
  - bob
annotations:
  github.com/team-slug: acme/pay
preserved:
  backstage:
    spec:
      profile:
        picture: https://example.com/p.png
`,
		"people/ada.yaml": head("person") + `name: ada
title: Ada
email: ada@example.com
github: ada-l
memberOf:
  - payments
annotations:
  github.com/user-login: ada-l
`,
		"people/bob.yaml": head("person") + "name: bob\ntitle: bob\n",
	}
	got := map[string]string{}
	for _, i := range report.Imported {
		got[i.Path] = descriptorOf(t, files, i.Path)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("descriptors (-want +got):\n%s", diff)
	}
	sources := unpack(t, everyKind)
	for _, name := range []string{"all.yaml", "parts.yml", "org/people.yaml", "specs/orders.yaml"} {
		want, err := os.ReadFile(filepath.Join(sources, name))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), files["imported/backstage/"+name]); diff != "" {
			t.Errorf("the copy of %s differs (-want +got):\n%s", name, diff)
		}
	}
	if files["apis/orders/openapi.yaml"] != files["imported/backstage/specs/orders.yaml"] {
		t.Errorf("the definition is\n%s", files["apis/orders/openapi.yaml"])
	}
	wantNotes := []string{
		`warning unresolved org/people.yaml:1 group:business: spec.children: "sales" does not exist`,
		`warning unresolved parts.yml:1 component:web: spec.consumesApis: "other/rates" does not exist`,
		`warning unresolved parts.yml:1 component:web: spec.dependsOn: "Component:missing" does not exist`,
		`warning unresolved parts.yml:13 component:kit: spec.owner: "ada" does not exist`,
		`warning unresolved parts.yml:23 resource:db: spec.dependencyOf: "component:nowhere" does not exist`,
		`warning unresolved parts.yml:43 domain:retail: spec.subdomainOf: "business" does not exist`,
		`warning not-fetched all.yaml:3 location:all: target https://example.com/more.yaml`,
		`warning unfit parts.yml:1 component:web: spec.dependsOn: "user:ada": nothing can depend on a person`,
		`info created org/people.yaml:8 user:bob: a person, from the members of groups`,
		`info moved org/people.yaml:1 group:business: spec.children: now the parent in group:payments`,
		`info moved parts.yml:23 resource:db: spec.dependencyOf: now a dependency of component:mono`,
		`info placeholder parts.yml:28 api:orders: spec.definition: $text ./specs/orders.yaml`,
		`info kept all.yaml:3 location:all: its targets were followed`,
		`info kept parts.yml:48 template:new-service: there is no home for the kind Template`,
	}
	if diff := cmp.Diff(wantNotes, notes(report)); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
	}
	counted := []any{report.Files, report.Entities, report.Targets, report.Found, report.Made}
	wantCounted := []any{
		3, 12, 3,
		[]Count{{"API", 1}, {"Component", 3}, {"Domain", 1}, {"Group", 2}, {"Location", 1}, {"Resource", 1}, {"System", 1}, {"Template", 1}, {"User", 1}},
		[]Count{{"api", 1}, {"domain", 1}, {"library", 1}, {"person", 2}, {"resource", 1}, {"service", 2}, {"system", 1}, {"team", 2}},
	}
	if diff := cmp.Diff(wantCounted, counted); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
}

func TestOrigin(t *testing.T) {
	src := unpack(t, "-- sub/a.yaml --\n"+group+"---\n"+component)
	_, files := imported(t, src)
	_, got, _ := strings.Cut(files["services/ledger/service.yaml"], "origin:\n")
	want := fmt.Sprintf("  format: backstage\n  file: sub/a.yaml\n  document: 1\n  ref: component:ledger\n  digest: %s\n",
		digestOf([]byte(files["imported/backstage/sub/a.yaml"])))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("origin (-want +got):\n%s", diff)
	}
}

// A namespace means the same as before, though we also look in the default one.
func TestNamespaces(t *testing.T) {
	report, files := imported(t, unpack(t, `
-- a.yaml --
`+group+`
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: a, namespace: Alt}
spec: {type: service, owner: default/payments, dependsOn: [component:b, component:default/c, component:c]}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: b, namespace: alt}
spec: {type: service, owner: payments}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: c}
spec: {type: service, owner: group:org/payments, dependsOn: [component:alt/b]}
`))
	want := map[string]string{
		"services/alt/a/service.yaml": "namespace: Alt\nowner: default/payments\ntype: service\ndependsOn:\n  - service:b\n  - service:default/c\n  - service:Alt/c\n" +
			"preserved:\n  backstage:\n    spec:\n      dependsOn:\n        - component:b\n        - component:default/c\n        - component:c\n",
		"services/alt/b/service.yaml": "namespace: alt\nowner: alt/payments\ntype: service\n",
		"services/c/service.yaml":     "owner: org/payments\ntype: service\ndependsOn:\n  - service:alt/b\n",
	}
	got := map[string]string{}
	for name := range want {
		_, got[name], _ = strings.Cut(descriptorOf(t, files, name), "name: "+strings.Split(name, "/")[len(strings.Split(name, "/"))-2]+"\n")
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("descriptors (-want +got):\n%s\nnotes: %q", diff, notes(report))
	}
}

func TestRepeatedNames(t *testing.T) {
	report, files := imported(t, unpack(t, `
-- a.yaml --
`+group+"---\n"+component+"---\n"+strings.Replace(component, "ledger", "Ledger", 1)+`---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: ledger-2}
spec: {type: service, owner: payments}
-- b.yaml --
`+strings.Replace(component, "type: service", "type: library", 1)))
	var got []string
	for _, i := range report.Imported {
		got = append(got, i.Path+" "+i.Ref)
	}
	want := []string{
		"services/ledger-2/service.yaml service:ledger-2",
		"services/ledger-3/service.yaml service:Ledger",
		"services/ledger-4/service.yaml service:ledger",
		"services/ledger/service.yaml service:ledger",
		"teams/payments.yaml team:payments",
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("imported (-want +got):\n%s", diff)
	}
	if !strings.Contains(files["services/ledger-4/service.yaml"], "\nkind: service\n") {
		t.Error("a repeated name hides behind another kind")
	}
	found := codesIn(t, files)
	if found["duplicate-name"] != 2 {
		t.Errorf("check finds %v, want duplicate-name twice", found)
	}
}

func TestRefusedAndRenamed(t *testing.T) {
	report, files := imported(t, unpack(t, `
-- a.yaml --
`+group+`
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: two words}
spec: {type: service, owner: payments}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: Index}
spec: {type: service, owner: payments}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: a}
spec: {type: service, owner: payments, dependsOn: [component:index]}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {title: nameless}
---
apiVersion: backstage.io/v1alpha1
metadata: {name: kindless}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: '${{ values.name }}'}
---
apiVersion: v1
kind: ConfigMap
-- empty.yaml --
-- comment.yaml --
# https://backstage.io/docs
-- broken.yaml --
apiVersion: backstage.io/v1alpha1
kind: [
-- skeleton/catalog-info.yaml --
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: {{ values.name }}
`))
	rule := "must be 1 to 63 letters, digits, '.', '_' or '-', and begin and end with a letter or digit"
	want := []string{
		`error refused a.yaml:10 component:two words: the name "two words" breaks the rule: ` + rule,
		`error refused a.yaml:25 component:: the name "" breaks the rule: ` + rule,
		`error unreadable broken.yaml:2 : what begins here is not closed`,
		`info renamed a.yaml:15 component:Index: is now index-component, since "Index" is reserved; the old name is an alias`,
		`info kept a.yaml:29 :kindless: it has no kind`,
		`info skipped a.yaml:32 : the name is a variable: this is the skeleton of a scaffolder template`,
		`info skipped a.yaml:36 : the document is not a Backstage entity`,
		`info skipped comment.yaml:0 : holds no Backstage entity`,
		`info skipped empty.yaml:0 : holds no Backstage entity`,
		`info skipped skeleton/catalog-info.yaml:0 : is no YAML: it looks like the skeleton of a scaffolder template`,
	}
	if diff := cmp.Diff(want, notes(report)); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
	}
	if !report.Failed() {
		t.Error("the report says that everything was imported")
	}
	if got := descriptorOf(t, files, "services/a/service.yaml"); !strings.Contains(got, "  - service:index-component\n") {
		t.Errorf("a reference to the renamed component is\n%s", got)
	}
	if found := codesIn(t, files); !cmp.Equal(found, map[string]int{"owner-has-members": 1, "owner-reachable": 1}) {
		t.Errorf("check finds %v", found)
	}
}

func TestPlaceholders(t *testing.T) {
	report, files := imported(t, unpack(t, `
-- a.yaml --
`+group+`
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: ledger
  description: {$text: ./docs/intro.md}
  labels: {$yaml: docs/labels.yaml}
  links: {$json: 'https://example.com/links.json'}
  acme: {$text: ../outside.md}
  more: [{$text: none.md}]
spec: {type: service, owner: payments}
-- docs/intro.md --
Keeps the books.
-- docs/labels.yaml --
zone: eu
`))
	want := `description: |
  Keeps the books.
owner: payments
type: service
labels:
  zone: eu
preserved:
  backstage:
    metadata:
      links:
        $json: https://example.com/links.json
      acme:
        $text: ../outside.md
      more:
        - $text: none.md
    placeholders:
      metadata.description:
        $text: ./docs/intro.md
      metadata.labels:
        $yaml: docs/labels.yaml
`
	_, got, _ := strings.Cut(descriptorOf(t, files, "services/ledger/service.yaml"), "name: ledger\n")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("descriptor (-want +got):\n%s", diff)
	}
	wantNotes := []string{
		`warning unresolved a.yaml:10 component:ledger: metadata.acme: $text "../outside.md": it leads out of the source folder`,
		`warning unresolved a.yaml:10 component:ledger: metadata.more.0: $text "none.md": there is no such file`,
		`warning not-fetched a.yaml:10 component:ledger: metadata.links: $json https://example.com/links.json`,
		`warning unfit a.yaml:10 component:ledger: metadata.links: must be a list of links`,
		`info placeholder a.yaml:10 component:ledger: metadata.description: $text ./docs/intro.md`,
		`info placeholder a.yaml:10 component:ledger: metadata.labels: $yaml docs/labels.yaml`,
		`info skipped docs/labels.yaml:0 : holds no Backstage entity`,
	}
	if diff := cmp.Diff(wantNotes, notes(report)); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
	}
}

// codesIn checks an imported catalog and counts its findings by code.
func codesIn(t *testing.T, files map[string]string) map[string]int {
	t.Helper()
	c, found := load(t, files)
	result := check.Run(check.Input{Catalog: c, Found: found, Exists: func(name string) bool {
		_, exists := files[name]
		return exists
	}})
	count := map[string]int{}
	for _, d := range result.Diagnostics {
		count[d.Code]++
	}
	return count
}

func loaded(t *testing.T, files map[string]string) *catalog.Catalog {
	t.Helper()
	c, _ := load(t, files)
	return c
}

// load reads an imported catalog as every command does.
func load(t *testing.T, files map[string]string) (*catalog.Catalog, []diag.Diagnostic) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		write(t, filepath.Join(dir, name), text)
	}
	tree, err := source.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	config, found, err := catalog.ReadConfig(tree)
	if err != nil || len(found) > 0 || !config.Usable() {
		t.Fatalf("signpost.yaml: %v %v", found, err)
	}
	list, found, err := tree.Files(t.Context(), config.Skip)
	if err != nil || len(found) > 0 {
		t.Fatalf("listing the catalog: %v %v", found, err)
	}
	c, found, err := catalog.Load(t.Context(), tree, config, list)
	if err != nil {
		t.Fatal(err)
	}
	return c, found
}

func setOf(all []string) map[string]bool {
	set := map[string]bool{}
	for _, s := range all {
		set[s] = true
	}
	return set
}

func lower(set map[string]bool) map[string]bool {
	all := map[string]bool{}
	for s := range set {
		all[strings.ToLower(s)] = true
	}
	return all
}
