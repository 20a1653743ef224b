package catalog

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/source"
)

// decoder turns the nodes of one document into an Entity. Documents come here
// after their schema has spoken, whatever it said: a descriptor with a mistake
// still yields the rest of what it says, so that one mistake is one finding.
type decoder struct {
	entity *Entity
	config *Config
}

func decodeEntity(n *source.Node, kind *Kind, path string, config *Config) *Entity {
	e := &Entity{Kind: kind, Path: path, Span: n.Span()}
	d := decoder{entity: e, config: config}
	e.Name = value(n.Field("name"))
	e.Ref = Ref{
		Kind:      kind.Name,
		Namespace: canonicalNamespace(n.Field("namespace").Text()),
		Name:      strings.ToLower(e.Name.Text),
	}
	d.describe(n)
	d.relate(n)
	d.operate(n)
	d.extend(n)
	switch kind.Name {
	case "team":
		e.Team = d.team(n)
	case "person":
		e.Person = d.person(n)
	}
	e.settle()
	return e
}

// describe reads what an entity is.
func (d *decoder) describe(n *source.Node) {
	e := d.entity
	e.Title = n.Field("title").Text()
	e.Description = strings.TrimSpace(n.Field("description").Text())
	e.Lifecycle = value(n.Field("lifecycle"))
	e.Type = n.Field("type").Text()
	e.Language = n.Field("language").Text()
	e.Version = n.Field("version").Text()
	if tier := n.Field("tier"); tier.Kind() == source.Number {
		e.Tier, _ = strconv.Atoi(tier.Text())
		e.TierSpan = tier.Span()
	}
	e.Tags = stringsOf(n.Field("tags"))
	for _, a := range n.Field("aliases").Children() {
		e.Aliases = append(e.Aliases, value(a))
	}
	for _, l := range n.Field("links").Children() {
		e.Links = append(e.Links, Link{
			Title: l.Field("title").Text(), Type: l.Field("type").Text(),
			Environment: l.Field("environment").Text(), URL: value(l.Field("url")),
		})
	}
	e.Elsewhere = n.Field("documents").Children()
	e.Channel = value(n.Field("channel"))
	e.Repository = value(n.Field("repository"))
	e.Runbook = value(n.Field("runbook"))
	e.Definition = value(n.Field("definition"))
}

// relate reads what an entity has to do with others.
func (d *decoder) relate(n *source.Node) {
	d.one(OwnedBy, n.Field("owner"))
	if owner := n.Field("owner"); owner != nil && len(d.entity.Relations) == 0 {
		d.entity.NoOwner = shown(owner)
	}
	d.many(MaintainedBy, n.Field("maintainers"))
	d.contacts(n.Field("contacts"))
	d.one(InSystem, n.Field("system"))
	d.one(InDomain, n.Field("domain"))
	d.one(ChildOf, n.Field("parent"))
	d.one(PartOf, n.Field("partOf"))
	d.many(DependsOn, n.Field("dependsOn"))
	d.many(Provides, n.Field("provides"))
	d.many(Consumes, n.Field("consumes"))
	d.many(HasMember, n.Field("members"))
	d.many(MemberOf, n.Field("memberOf"))
	d.one(ManagedBy, n.Field("manager"))
	if dep := n.Field("deprecation"); dep.Kind() == source.Map {
		d.entity.Deprecation = &Deprecation{Date: value(dep.Field("date")), Note: dep.Field("note").Text(), Span: dep.KeySpan()}
		d.one(ReplacedBy, dep.Field("successor"))
	}
	for _, t := range d.entity.Kind.relations {
		d.many(t, n.Field(t.Field))
	}
}

// one and many read a field that holds a reference, or a list of them. A list
// where one was asked for is read as a list: its schema has already complained.
func (d *decoder) one(t *RelationType, n *source.Node) { d.many(t, n) }

func (d *decoder) many(t *RelationType, n *source.Node) {
	if n.Kind() == source.List {
		for _, item := range n.Children() {
			d.relation(t, item)
		}
		return
	}
	d.relation(t, n)
}

// relation reads one reference, plain ("service:ledger") or with particulars
// ({ref: service:ledger, protocol: http}).
func (d *decoder) relation(t *RelationType, n *source.Node) {
	r := &Relation{Type: t, From: d.entity}
	r.Field, r.Kinds, r.anyKind = t.Field, t.Kinds, t.anyKind
	if len(r.Kinds) == 0 {
		r.Kinds = []string{d.entity.Kind.Name}
	}
	ref := n
	if n.Kind() == source.Map {
		ref = n.Field("ref")
		r.Role = n.Field("role").Text()
		r.Protocol = n.Field("protocol").Text()
		r.Criticality = n.Field("criticality").Text()
		r.Note = n.Field("note").Text()
	}
	if ref.Kind() != source.String {
		return
	}
	r.Value = value(ref)
	d.entity.Relations = append(d.entity.Relations, r)
}

// contacts reads contacts; those that name an entity are relations too.
func (d *decoder) contacts(n *source.Node) {
	for _, c := range n.Children() {
		if c.Field("ref") != nil {
			d.relation(HasContact, c)
			continue
		}
		contact := Contact{Role: c.Field("role").Text(), Name: c.Field("name").Text(), Note: c.Field("note").Text()}
		for _, way := range []string{"email", "channel", "url"} {
			if text := c.Field(way).Text(); text != "" {
				contact.Way = text
				break
			}
		}
		d.entity.Contacts = append(d.entity.Contacts, contact)
	}
}

// operate reads where an entity runs and who answers for it.
func (d *decoder) operate(n *source.Node) {
	d.entity.OnCall = decodeOnCall(n.Field("oncall"))
	for _, env := range n.Field("environments").Children() {
		d.entity.Deployed = append(d.entity.Deployed, Environment{
			Name:    Value{Text: env.Name(), Span: env.KeySpan()},
			URL:     env.Field("url").Text(),
			Region:  env.Field("region").Text(),
			Sources: sourcesOf(env), Bindings: bindingsOf(env),
		})
	}
}

// sourcesOf are where facts about an environment come from: "deployments" from
// "argocd payments-api".
func sourcesOf(env *source.Node) []Pair {
	var all []Pair
	for _, key := range []string{"deployments", "health"} {
		words := []string{env.Field(key).Field("provider").Text()}
		for _, id := range []string{"app", "application", "environment", "workload", "service"} {
			words = append(words, env.Field(key).Field(id).Text())
		}
		if text := strings.Join(strings.Fields(strings.Join(words, " ")), " "); text != "" {
			all = append(all, Pair{Key: key, Value: text})
		}
	}
	return all
}

// bindingsOf are what an environment asks of providers.
func bindingsOf(env *source.Node) []Binding {
	var all []Binding
	for _, purpose := range []string{"deployments", "health"} {
		if b := bindingOf(purpose, env.Field(purpose)); b != nil {
			all = append(all, *b)
		}
	}
	return all
}

// bindingOf returns what a node asks of a provider; nil if it names none.
func bindingOf(purpose string, n *source.Node) *Binding {
	if n.Field("provider").Text() == "" {
		return nil
	}
	b := &Binding{Purpose: purpose, Provider: value(n.Field("provider"))}
	for _, w := range n.Children() {
		if w.Name() != "provider" && w.Kind() != source.Map && w.Kind() != source.List {
			b.With = append(b.With, Pair{Key: w.Name(), Value: w.Text()})
		}
	}
	return b
}

func decodeOnCall(n *source.Node) *OnCall {
	if n.Kind() != source.Map {
		return nil
	}
	o := &OnCall{
		Rotation: value(n.Field("rotation")),
		Provider: n.Field("provider").Text(),
		Page:     n.Field("page").Text(),
		Span:     n.KeySpan(),
		Binding:  bindingOf("oncall", n),
	}
	for _, key := range []string{"schedule", "service", "policy"} {
		if id := n.Field(key).Text(); id != "" {
			o.ID = id
			break
		}
	}
	return o
}

// extend reads what the organisation and its tools have added.
func (d *decoder) extend(n *source.Node) {
	e := d.entity
	byName := map[string]*Field{}
	for _, f := range d.config.FieldsOf(e.Kind.Name) {
		byName[f.Name] = f
	}
	for _, m := range n.Field("metadata").Children() {
		if f := byName[m.Name()]; f != nil {
			e.Fields = append(e.Fields, FieldValue{Field: f, Value: m.Value(), Span: m.Span()})
		}
	}
	e.Labels = pairs(n.Field("labels"))
	e.Annotations = pairs(n.Field("annotations"))
	e.TechDocs = value(n.Field("annotations").Field("backstage.io/techdocs-ref"))
	if e.Kind.Own {
		e.Spec = n.Field("spec")
	}
	if origin := n.Field("origin"); origin != nil {
		e.Origin = strings.TrimSpace(origin.Field("format").Text() + " " + origin.Field("file").Text())
	}
	e.Preserved = n.Field("preserved")
}

func (d *decoder) team(n *source.Node) *Team {
	t := &Team{
		Email:            n.Field("email").Text(),
		Timezone:         n.Field("timezone").Text(),
		Responsibilities: stringsOf(n.Field("responsibilities")),
	}
	for _, c := range n.Field("channels").Children() {
		t.Channels = append(t.Channels, value(c))
	}
	for _, r := range n.Field("rotations").Children() {
		t.Rotations = append(t.Rotations, decodeRotation(r, d.entity))
	}
	return t
}

func (d *decoder) person(n *source.Node) *Person {
	p := &Person{
		Email:    n.Field("email").Text(),
		Role:     n.Field("role").Text(),
		Timezone: n.Field("timezone").Text(),
		GitHub:   n.Field("github").Text(),
		Chat:     n.Field("chat").Text(),
	}
	if left := n.Field("left"); left.Text() != "" && left.Text() != "false" {
		p.Left, p.LeftSpan = true, value(left)
	}
	return p
}

// shown is the place of a value that is wrong as a whole: its key if it goes over
// several lines.
func shown(n *source.Node) diag.Span {
	if span := n.Span(); span.Start.Line == span.End.Line {
		return span
	}
	return n.KeySpan()
}

func value(n *source.Node) Value { return Value{Text: n.Text(), Span: n.Span()} }

func stringsOf(n *source.Node) []string {
	var all []string
	for _, c := range n.Children() {
		if text := c.Text(); text != "" {
			all = append(all, text)
		}
	}
	return all
}

func pairs(n *source.Node) []Pair {
	var all []Pair
	for _, c := range n.Children() {
		all = append(all, Pair{Key: c.Name(), Value: c.Text()})
	}
	return all
}

// Texts returns a JSON value as words.
func Texts(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case bool:
		return []string{strconv.FormatBool(v)}
	case json.Number:
		return []string{v.String()}
	case []any:
		var all []string
		for _, item := range v {
			all = append(all, Texts(item)...)
		}
		return all
	case nil, map[string]any:
		return nil
	}
	return []string{fmt.Sprint(v)}
}
