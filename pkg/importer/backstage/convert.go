package backstage

import (
	"fmt"
	"slices"
	"strings"
)

const apiVersion = "signpost.dev/v1"

// descriptor is what an entity becomes.
type descriptor struct {
	target    string         // our kind
	newName   string         // our name
	out       map[string]any // fields of the descriptor
	preserved object         // what has no home, in the shape of the source
	kept      []string       // the paths in preserved, for the report
	path      string         // of the descriptor in the catalog
	made      string         // the entity that mentions this one, if no document describes it
	repeated  bool           // another entity had the name before

	definition     string // content of an API definition that becomes a file
	definitionPath string
}

// conversion turns entities into descriptors.
type conversion struct {
	*reader
	gate     *gate
	accepted []*entity          // those that become descriptors
	index    map[string]*entity // by entity.key; of several with one name the first
	aliases  map[string]bool    // keys that are aliases
}

func newConversion(r *reader, g *gate) *conversion {
	c := &conversion{reader: r, gate: g, index: map[string]*entity{}, aliases: map[string]bool{}}
	for _, e := range r.entities {
		c.admit(e)
	}
	for _, e := range c.accepted {
		if e.target == "team" {
			c.makeMembers(e)
		}
	}
	for _, e := range c.accepted {
		c.convert(e)
	}
	for _, e := range c.accepted {
		c.invert(e)
	}
	return c
}

// admit decides whether an entity can become a descriptor, and of which kind and
// name.
func (c *conversion) admit(e *entity) {
	e.target = homes[e.kind]
	if e.target == "" {
		c.report.note(Kept, e.file, e.line, e.ref(), "%s", reasonToKeep(e))
		return
	}
	e.newName = e.name
	if strings.EqualFold(e.name, "index") {
		e.newName = "index-" + e.kind
	}
	if ok, why := c.gate.fits(e.target, "name", e.newName); !ok {
		c.report.note(Refused, e.file, e.line, e.ref(), "the name %q breaks the rule: %s", e.name, why)
		return
	}
	if ok, why := c.gate.fits(e.target, "namespace", e.namespace); e.namespace != "" && !ok {
		c.report.note(Refused, e.file, e.line, e.ref(), "the namespace %q breaks the rule: %s", e.namespace, why)
		return
	}
	if e.kind == "component" {
		typ, _ := text(e.spec.get("type"))
		e.target = kindOfComponent(typ)
	}
	c.accept(e)
}

func reasonToKeep(e *entity) string {
	switch e.kind {
	case "location":
		return "its targets were followed"
	case "":
		return "it has no kind"
	}
	return fmt.Sprintf("there is no home for the kind %s", e.kindText)
}

// accept makes an entity one that becomes a descriptor.
func (c *conversion) accept(e *entity) {
	e.out = map[string]any{}
	c.accepted = append(c.accepted, e)
	first := c.index[e.key()]
	if first == nil {
		c.index[e.key()] = e
		return
	}
	// Were it of another kind of ours, nobody would see that the name is taken.
	e.target, e.repeated = first.target, true
	c.report.note(Repeated, e.file, e.line, e.ref(), "also at %s:%d", first.file, first.line)
}

// makeMembers makes a person of everybody who is only known as a member of a
// group: organisations often keep their users elsewhere.
func (c *conversion) makeMembers(team *entity) {
	members, ok := texts(team.spec.get("members"))
	if !ok {
		return
	}
	for _, member := range members {
		r, ok := parseReference(member, "user", team.namespace)
		if !ok || r.kind != "user" || c.index[r.key()] != nil {
			continue
		}
		if ok, _ := c.gate.fits("person", "name", r.name); !ok {
			continue
		}
		e := &entity{
			file: team.file, document: team.document, line: team.line, kind: "user", kindText: "User",
			namespace: r.namespace, name: r.name,
		}
		e.target, e.newName, e.made = "person", r.name, team.ref()
		e.metadata.set("title", r.name)
		c.accept(e)
		c.report.note(Created, e.file, e.line, e.ref(), "a person, from the members of groups")
	}
}

// convert moves what has a home to it, and preserves the rest.
func (c *conversion) convert(e *entity) {
	e.out["name"] = e.newName
	if e.namespace != "" {
		e.out["namespace"] = e.namespace
	}
	if e.newName != e.name {
		e.out["aliases"] = []any{e.name}
		c.report.note(Renamed, e.file, e.line, e.ref(), "is now %s, since %q is reserved; the old name is an alias", e.newName, e.name)
	}
	c.describe(e)
	c.annotate(e)
	c.relate(e)
	c.specify(e)
}

// place gives a field of the descriptor a value if the schema takes it there, and
// otherwise preserves what was written.
func (c *conversion) place(e *entity, key string, value, written any, at ...string) bool {
	ok, why := c.gate.fits(e.target, key, value)
	if !ok {
		c.unfit(e, written, why, at...)
		return false
	}
	e.out[key] = value
	return true
}

// unfit preserves a value that our format does not take.
func (c *conversion) unfit(e *entity, written any, why string, at ...string) {
	e.keep(written, at...)
	c.report.note(Unfit, e.file, e.line, e.ref(), "%s: %s", strings.Join(at, "."), why)
}

// keep preserves a value at its place in the source.
func (e *entity) keep(value any, at ...string) {
	e.kept = append(e.kept, strings.Join(at, "."))
	e.preserved = kept(e.preserved, value, at)
}

func kept(o object, value any, at []string) object {
	if len(at) == 1 {
		o.set(at[0], value)
		return o
	}
	below, _ := o.get(at[0]).(object)
	o.set(at[0], kept(below, value, at[1:]))
	return o
}

// keepRest preserves whatever has found no home.
func (e *entity) keepRest() {
	if e.apiVersion != "" && e.apiVersion != "backstage.io/v1alpha1" {
		e.keep(e.apiVersion, "apiVersion")
	}
	for _, f := range e.metadata {
		e.keep(f.value, "metadata", f.key)
	}
	for _, f := range e.spec {
		e.keep(f.value, "spec", f.key)
	}
	for _, f := range e.root {
		e.keep(f.value, f.key)
	}
	if len(e.directives) > 0 {
		e.keep(e.directives, "placeholders")
	}
	slices.Sort(e.kept)
	e.kept = slices.Compact(e.kept)
}
