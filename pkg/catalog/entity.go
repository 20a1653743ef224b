package catalog

import (
	"path"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/signpost-dev/signpost/pkg/cache"
	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/source"
)

// Value is a text with the place where it was written. The zero Value was not written.
type Value struct {
	Text string
	Span diag.Span
}

// Written reports whether the value stands in the file.
func (v Value) Written() bool { return v.Span.Start.Line != 0 }

// Entity is one thing in the catalog: a service, a team, a person, or something
// of a kind that the organisation declared. Fields that its kind does not have,
// or that its descriptor left out, are zero.
type Entity struct {
	Ref  Ref
	Kind *Kind
	Path string // descriptor file, relative to the catalog root

	Digest cache.Digest // of that file, if anything is kept for the next run

	Span diag.Span // the whole document in that file

	Name        Value // as written, which may differ from Ref.Name in case
	Title       string
	Description string
	Lifecycle   Value
	Type        string
	Language    string
	Version     string
	Tier        int // 1 (highest) to 4; 0 if not stated
	TierSpan    diag.Span
	Tags        []string
	Aliases     []Value
	Links       []Link
	Elsewhere   []*source.Node // documents in other wikis, as declared; each is like a document's front matter
	Channel     Value
	Repository  Value
	Runbook     Value     // path relative to the descriptor, or URL
	Definition  Value     // of an api: path relative to the descriptor, or URL
	NoOwner     diag.Span // what stands as owner, if that is no reference
	Contacts    []Contact // role contacts that are no reference; the others are relations
	Deprecation *Deprecation
	OnCall      *OnCall
	Deployed    []Environment // where it runs, in the order of writing
	Fields      []FieldValue  // the organisation's own fields, in the order of writing
	Labels      []Pair
	Annotations []Pair
	TechDocs    Value        // where Backstage's TechDocs lie, as its annotation says
	Spec        *source.Node // of a kind of the organisation's own; nil otherwise
	Origin      string       // "backstage catalog-info.yaml", if it was imported
	Preserved   *source.Node // what an import had no home for

	Team   *Team   // of a team
	Person *Person // of a person

	Relations []*Relation // from this entity, in the order of writing
	Inverse   []*Relation // to this entity, by type and source

	page, purpose string // worked out once: every page that names the entity asks
}

// DisplayName returns the title, or the name if there is none.
func (e *Entity) DisplayName() string {
	if e.Title != "" {
		return e.Title
	}
	return e.Name.Text
}

// Purpose returns the first sentence of the description, for lists.
func (e *Entity) Purpose() string { return e.purpose }

func firstSentence(description string) string {
	text := strings.Join(strings.Fields(description), " ")
	for i := 0; i+1 < len(text); i++ {
		if strings.IndexByte(".!?", text[i]) >= 0 && text[i+1] == ' ' && i+2 < len(text) && unicode.IsUpper(rune(text[i+2])) {
			return text[:i+1]
		}
	}
	return text
}

// Page returns the path of the entity's page in the site, such as
// "services/payments-api.html".
func (e *Entity) Page() string { return e.page }

// Folder returns the folder in the site for what belongs to the entity, such as
// "services/payments-api".
func (e *Entity) Folder() string { return strings.TrimSuffix(e.page, pageEnding) }

const pageEnding = ".html"

// DefinitionFile returns the file that describes an API, by its path from the catalog root;
// "" if there is none, or if it is on the web.
func (e *Entity) DefinitionFile() string {
	if !e.Definition.Written() || strings.Contains(e.Definition.Text, "://") {
		return ""
	}
	file, _, _ := strings.Cut(e.Definition.Text, "#")
	return path.Join(path.Dir(e.Path), file)
}

// settle works out what follows from the rest and is asked for often.
func (e *Entity) settle() {
	parts := []string{strings.ToLower(e.Kind.Plural), e.Ref.Name}
	if e.Ref.Namespace != "" {
		parts = slices.Insert(parts, 1, e.Ref.Namespace)
	}
	e.page = strings.Join(parts, "/") + pageEnding
	e.purpose = firstSentence(e.Description)
}

// Link is a titled URL. Its Type is a free word; dashboard, runbook, docs,
// repository, logs, metrics and status are those that pages know.
type Link struct {
	Title, Type, Environment string
	URL                      Value
}

// Pair is one entry of a map of texts.
type Pair struct{ Key, Value string }

// FieldValue is the value of one of the organisation's own fields.
type FieldValue struct {
	Field *Field
	Value any // what JSON would hold
	Span  diag.Span
}

// Texts returns the value as the words that facets and filters use: each item
// of a list, a scalar as one word, nothing for an object.
func (f FieldValue) Texts() []string { return Texts(f.Value) }

// Deprecation says what becomes of a deprecated entity. Its successor is a
// relation of the type ReplacedBy.
type Deprecation struct {
	Date Value // when it goes, YYYY-MM-DD
	Note string
	Span diag.Span
}

// OnCall says where the answer to "who is on call?" is to be had: in a rotation
// of this catalog or in a system outside.
type OnCall struct {
	Rotation Value     // name of a rotation in the catalog, if it is one
	Plan     *Rotation // the rotation of that name; nil if there is none
	Provider string    // "pagerduty"; empty for a rotation
	ID       string    // what the provider knows it by
	Binding  *Binding  // nil for a rotation
	Page     string    // URL that pages whoever is on call
	Span     diag.Span
}

// Environment is one place where an entity runs.
type Environment struct {
	Name   Value
	URL    string
	Region string

	Sources  []Pair    // where live facts about it come from, in words: deployments, health
	Bindings []Binding // the same, for signpost snapshot
}

// Binding asks a provider for live facts.
type Binding struct {
	Purpose  string // "deployments", "health", "oncall"
	Provider Value  // its name in signpost.yaml
	With     []Pair // what it needs to know
}

// Team is what a team has beyond other entities.
type Team struct {
	Email            string
	Channels         []Value // beyond Entity.Channel
	Timezone         string
	Responsibilities []string
	Rotations        []*Rotation
}

// Person is what a person has beyond other entities.
type Person struct {
	Email, Role, Timezone, GitHub string
	Chat                          string
	Left                          bool  // has left the organisation
	LeftSpan                      Value // the value that says so, a date or "true"
}

// HasLeft reports whether a person is marked as having left by a day (UTC).
// A date in the future says that the person is still here.
func (p *Person) HasLeft(day time.Time) bool {
	if !p.Left {
		return false
	}
	date, err := time.Parse(time.DateOnly, p.LeftSpan.Text)
	return err != nil || !date.After(day)
}
