// Package schema holds the JSON Schemas (draft 2020-12) of everything that
// people write: one for each kind of entity, one for signpost.yaml (kind
// "portal") and one for the front matter of documents (kind "document").
//
// Compile joins them with the fields and kinds that an organisation declares for
// itself. The Set that it returns judges YAML nodes with Check, which says every
// mistake once, at its place and in plain words, and writes the same schemas for
// editors with JSON.
//
// The package knows the shape of a descriptor and nothing else: whether an owner
// exists, a date is past or a name is taken is the business of others. It reads
// neither disk nor network. The validator that does the work shows in no exported
// name.
package schema

import (
	"embed"
	"slices"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

//go:embed *.schema.json
var files embed.FS

// base is the address of the published schemas, and the start of their $id.
const base = "https://signpost.dev/schema/v1/"

// dialect is the version of JSON Schema that all our schemas are written in.
const dialect = "https://json-schema.org/draft/2020-12/schema"

// Kind is a kind of entity.
type Kind struct {
	Name        string // as written under kind: "service"
	Plural      string // the folder of its pages: "services"
	Title       string // how one is called: "Service"
	TitlePlural string // how several are called: "Services"
	Doc         string // what entities of this kind are, in a sentence
}

// Kinds are the built-in kinds, in the order in which a portal shows them.
var Kinds = []Kind{
	{"service", "services", "Service", "Services", "Something that runs and that others rely on: an API server, a worker, a web site."},
	{"library", "libraries", "Library", "Libraries", "Code that others build into theirs: a package, a module, an SDK."},
	{"pipeline", "pipelines", "Pipeline", "Pipelines", "A job that runs on a schedule or on events: a data pipeline, a batch job, a build."},
	{"resource", "resources", "Resource", "Resources", "Infrastructure that entities need: a database, a queue, a topic, a bucket."},
	{"api", "apis", "API", "APIs", "An interface that entities provide and consume."},
	{"system", "systems", "System", "Systems", "Entities that together do one thing for someone: a product, or a part of one."},
	{"domain", "domains", "Domain", "Domains", "A part of the business, which groups systems."},
	{"team", "teams", "Team", "Teams", "People who own things together. A team must have members and a way to reach it."},
	{"person", "people", "Person", "People", "Someone who works here."},
}

// The kinds of what is checked but is no entity.
const (
	portalKind   = "portal"   // signpost.yaml
	documentKind = "document" // front matter of a Markdown document
	snapshotKind = "snapshot" // facts about live systems, in JSON
	entityKind   = "entity"   // in JSON: any kind of entity, chosen by its kind field
)

// Set is all schemas of one catalog. It does not change once made, and may be
// used by several goroutines at once.
type Set struct {
	kinds  []Kind
	models map[string]*model
	fields map[string][]string // fields at the top of entities → the kinds that have them

	validators func() (map[string]*jsonschema.Schema, error) // by kind; made on the first call
}

// Compile joins the built-in schemas with an organisation's own fields and kinds.
// All mistakes in these are reported together: the error is of type Errors.
func Compile(fields []Field, kinds []OwnKind) (*Set, error) {
	own, err := inspect(fields, kinds)
	if err != nil {
		return nil, err
	}
	s := &Set{kinds: slices.Clone(Kinds), models: map[string]*model{}, fields: map[string][]string{}}
	for _, name := range []string{portalKind, documentKind} {
		s.models[name] = &model{kind: Kind{Name: name}, published: bundle(name)}
	}
	for _, k := range Kinds {
		s.addEntity(k, bundle(k.Name), own.fields)
	}
	for _, k := range own.kinds {
		kind := k.kind()
		s.kinds = append(s.kinds, kind)
		s.addEntity(kind, k.document(), own.fields)
	}
	s.prepare()
	return s, nil
}

// Kinds returns the names of all kinds of entities: the built-in ones, then the
// organisation's own in the order of their declaration.
func (s *Set) Kinds() []string {
	names := make([]string, len(s.kinds))
	for i, k := range s.kinds {
		names[i] = k.Name
	}
	return names
}

// Kind returns the kind of entity of that name.
func (s *Set) Kind(name string) (Kind, bool) {
	i := slices.IndexFunc(s.kinds, func(k Kind) bool { return k.Name == name })
	if i < 0 {
		return Kind{}, false
	}
	return s.kinds[i], true
}

func (s *Set) addEntity(k Kind, doc object, fields []Field) {
	addFields(doc, k.Name, fields)
	for name := range childMap(doc, "properties") {
		s.fields[name] = append(s.fields[name], k.Name)
	}
	s.models[k.Name] = &model{kind: k, published: doc}
}
