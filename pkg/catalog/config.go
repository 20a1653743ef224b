package catalog

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/signpost-dev/signpost/pkg/source"
	"github.com/signpost-dev/signpost/schema"
)

// ConfigFile is the file whose folder is the catalog root.
const ConfigFile = "signpost.yaml"

// Config is what signpost.yaml says of the portal.
type Config struct {
	Title        string
	Organisation string
	Description  string
	Repository   Hosting
	Environments []EnvironmentName // in the order shown
	Chat         map[string]string // scheme of a channel → URL with {name}
	Fields       []*Field
	Kinds        []*Kind // of the organisation's own
	Rules        []RuleSetting
	Ignore       []string          // globs relative to the catalog root
	IgnoredLinks []string          // hosts and addresses that are not asked for, with *
	Providers    []ProviderSetting // by name

	schema     *schema.Set     // nil if nothing can be read with it
	broken     map[string]bool // kinds whose declaration cannot be used
	incomplete bool
}

// Usable reports whether a catalog can be read with the config.
func (c *Config) Usable() bool { return c.schema != nil }

// Incomplete reports whether a declaration of the config cannot be used, so that
// entities or fields are missing from the catalog.
func (c *Config) Incomplete() bool { return c.incomplete }

// Hosting says where the catalog repository can be seen and edited.
type Hosting struct {
	URL    string // https://github.com/larkspur/catalog, without a slash at the end
	Branch string
	Path   string // folder of the Git root inside the hosted repository; almost always empty
}

// IsGitLab reports whether addresses in the repository are built as GitLab builds
// them; all other hosts are taken to do as GitHub does.
func (h Hosting) IsGitLab() bool { return strings.Contains(h.URL, "gitlab") }

// EnvironmentName is one of the environments in which entities run.
type EnvironmentName struct{ Name, Title string }

// ProviderSetting says where a live system is and how signpost snapshot reads it.
type ProviderSetting struct {
	Name    Value
	Type    string        // "github", "prometheus", …
	URL     string        // without a slash at the end; empty for the usual one
	Token   string        // the environment variable that holds the token; empty for the usual one
	Private bool          // may have a private address
	Stale   time.Duration // after which its facts are too old to be relied upon
	With    map[string]string
}

// usualStale is the age at which facts are too old, if signpost.yaml says nothing else.
const usualStale = time.Hour

// StaleAfter returns the age at which the facts of a provider are too old, also of one that
// is not configured any more.
func (c *Config) StaleAfter(provider string) time.Duration {
	for _, p := range c.Providers {
		if p.Name.Text == provider {
			return p.Stale
		}
	}
	return usualStale
}

// RuleSetting changes the severity of a rule.
type RuleSetting struct {
	Code     Value
	Severity Value
}

// Field is one of the organisation's own fields.
type Field struct {
	Name, Title, Description string
	Kinds                    []string // empty: all
	Facet                    bool     // lists offer it as a filter
	Required                 bool
	Schema                   any
}

// Kind is a kind of entity, built in or the organisation's own.
type Kind struct {
	Name, Plural       string // "service", "services"
	Title, TitlePlural string // "Service", "Services"
	Description        string
	Own                bool // declared by the organisation
	Owned              bool // must have an owner
	Order              int  // among the kinds, as shown

	relations []*RelationType // own kinds: relations that its entities declare
	schema    any
	many      map[string]bool
}

// builtinKinds returns the kinds that need no declaration.
func builtinKinds() []*Kind {
	kinds := make([]*Kind, 0, len(schema.Kinds))
	for i, k := range schema.Kinds {
		kinds = append(kinds, &Kind{
			Name: k.Name, Plural: k.Plural, Title: k.Title, TitlePlural: k.TitlePlural, Description: k.Doc,
			Owned: k.Name != "team" && k.Name != "person",
			Order: i,
		})
	}
	return kinds
}

func decodeProvider(n *source.Node) ProviderSetting {
	p := ProviderSetting{
		Name:    Value{Text: n.Name(), Span: n.KeySpan()},
		Type:    cmp.Or(n.Field("type").Text(), n.Name()),
		URL:     strings.TrimSuffix(n.Field("url").Text(), "/"),
		Token:   n.Field("token").Text(),
		Private: n.Field("private").Text() == "true",
		Stale:   usualStale,
		With:    map[string]string{},
	}
	if d, err := time.ParseDuration(n.Field("staleAfter").Text()); err == nil {
		p.Stale = d
	}
	for _, w := range n.Field("with").Children() {
		p.With[w.Name()] = w.Text()
	}
	return p
}

// decodeConfig reads a signpost.yaml. wrong tells of which of its fields the schema
// has complained: they are left out where half of them would bring findings
// elsewhere, or links that lead nowhere.
func decodeConfig(n *source.Node, wrong func(*source.Node) bool) *Config {
	right := func(field string) *source.Node {
		if part := n.Field(field); !wrong(part) {
			return part
		}
		return nil
	}
	c := &Config{
		broken:       map[string]bool{},
		Title:        cmp.Or(n.Field("title").Text(), n.Field("organisation").Text(), "Catalog"),
		Organisation: n.Field("organisation").Text(),
		Description:  n.Field("description").Text(),
		Chat:         map[string]string{},
	}
	repo := right("repository")
	c.Repository = Hosting{
		URL:    strings.TrimSuffix(repo.Field("url").Text(), "/"),
		Branch: repo.Field("branch").Text(),
		Path:   strings.Trim(repo.Field("path").Text(), "/"),
	}
	if c.Repository.Branch == "" {
		c.Repository.Branch = "main"
	}
	for _, e := range right("environments").Children() {
		name := EnvironmentName{Name: e.Field("name").Text(), Title: e.Field("title").Text()}
		if name.Title == "" {
			name.Title = Sentence(name.Name)
		}
		c.Environments = append(c.Environments, name)
	}
	for _, s := range right("chat").Children() {
		c.Chat[s.Name()] = s.Text()
	}
	if rules := n.Field("rules"); rules.Kind() == source.Map {
		for _, r := range rules.Children() {
			c.Rules = append(c.Rules, RuleSetting{
				Code:     Value{Text: r.Name(), Span: r.KeySpan()},
				Severity: value(r),
			})
		}
	}
	c.Ignore = stringsOf(n.Field("ignore"))
	c.IgnoredLinks = stringsOf(n.Field("links").Field("ignore"))
	for _, p := range right("providers").Children() {
		c.Providers = append(c.Providers, decodeProvider(p))
	}
	return c
}

func decodeField(n *source.Node) *Field {
	f := &Field{
		Name:        n.Name(),
		Title:       n.Field("title").Text(),
		Description: n.Field("description").Text(),
		Kinds:       stringsOf(n.Field("kinds")),
		Facet:       n.Field("facet").Text() == "true",
		Required:    n.Field("required").Text() == "true",
		Schema:      n.Field("schema").Value(),
	}
	if f.Title == "" {
		f.Title = Sentence(f.Name)
	}
	return f
}

func decodeKind(n *source.Node, order int) *Kind {
	k := &Kind{
		Name:        n.Field("name").Text(),
		Plural:      n.Field("plural").Text(),
		Title:       n.Field("title").Text(),
		TitlePlural: n.Field("titlePlural").Text(),
		Description: n.Field("description").Text(),
		Own:         true,
		Owned:       n.Field("owned").Text() != "false",
		Order:       order,
		schema:      n.Field("schema").Value(),
		many:        map[string]bool{},
	}
	if k.Title == "" {
		k.Title = Sentence(k.Name)
	}
	if k.TitlePlural == "" {
		k.TitlePlural = Sentence(k.Plural)
	}
	for _, r := range n.Field("relations").Children() {
		k.relations = append(k.relations, decodeRelationType(r))
		k.many[r.Name()] = r.Field("many").Text() == "true"
	}
	return k
}

func decodeRelationType(n *source.Node) *RelationType {
	t := &RelationType{
		Name:         n.Name(),
		Field:        n.Name(),
		Title:        n.Field("title").Text(),
		Inverse:      n.Field("inverse").Text(),
		InverseTitle: n.Field("inverseTitle").Text(),
		Kinds:        stringsOf(n.Field("to")),
		own:          true,
	}
	if t.Title == "" {
		t.Title = Sentence(t.Name)
	}
	if t.Inverse == "" {
		t.Inverse = t.Name + "Of"
	}
	if t.InverseTitle == "" {
		t.InverseTitle = Sentence(t.Inverse)
	}
	return t
}

// FieldsOf returns the organisation's own fields that entities of a kind may have.
func (c *Config) FieldsOf(kind string) []*Field {
	var fields []*Field
	for _, f := range c.Fields {
		if len(f.Kinds) == 0 || slices.Contains(f.Kinds, kind) {
			fields = append(fields, f)
		}
	}
	return fields
}

// Schemas returns the schemas with what the config declares; nil if it is not usable.
func (c *Config) Schemas() *schema.Set { return c.schema }
