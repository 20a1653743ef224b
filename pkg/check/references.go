package check

import (
	"fmt"
	"slices"

	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/pkg/diag"
)

// referenceDangling finds references that lead nowhere. Owners and people have
// rules of their own.
func referenceDangling(p *pass) {
	for e := range p.Catalog.Described() {
		for _, r := range e.Relations {
			if r.To != nil || r.Type == catalog.OwnedBy || isPersonal(r.Type) || p.Catalog.Undeclared(&r.Reference) {
				continue
			}
			p.dangling(&r.Reference)
		}
	}
}

// dangling reports a reference that leads nowhere, with the kind that was looked
// for and the fix if a mechanical one is likely.
func (p *pass) dangling(r *catalog.Reference) {
	message := fmt.Sprintf("%s %q does not exist", r.Field, r.Text)
	if ref, err := catalog.ParseRef(r.Text); err == nil && ref.Kind == "" && len(r.Kinds) == 1 {
		message = fmt.Sprintf("%s %q does not exist: there is no %s of this name", r.Field, r.Text, r.Kinds[0])
	}
	switch {
	case r.Other != nil:
		message = fmt.Sprintf("%s %q %s", r.Field, r.Text, r.Why)
	case r.Why != "":
		message = fmt.Sprintf("%s %q leads nowhere: %s", r.Field, r.Text, r.Why)
	}
	p.report(diag.Diagnostic{Span: r.Span, Message: message, Hint: nearHint(p, r)})
}

// nearHint says what a reference that leads nowhere was most likely meant to be.
func nearHint(p *pass, r *catalog.Reference) string {
	if other := p.otherKind(r); other != nil {
		return fmt.Sprintf("%s exists, but %s must be %s", other.Ref, r.Field, r.Wanted())
	}
	if p.guesses++; p.guesses > mostGuesses {
		return ""
	}
	near := p.Catalog.Near(r)
	return didYouMean(near, near != "")
}

// mostGuesses bounds how often a run looks for a near name: each time costs a
// comparison with every name, and a hostile file can hold a reference a line.
const mostGuesses = 200

// otherKind returns the entity that a reference without a kind names, but that
// is of a kind which may not stand there; nil if there is none, or more than one.
func (p *pass) otherKind(r *catalog.Reference) *catalog.Entity {
	if ref, err := catalog.ParseRef(r.Text); err != nil || ref.Kind != "" || r.Why != "" {
		return nil
	}
	var others []string
	for _, k := range p.Catalog.Kinds {
		if !slices.Contains(r.Kinds, k.Name) {
			others = append(others, k.Name)
		}
	}
	other, _ := p.Catalog.Resolve(r.Text, others, "")
	return other
}

// isPersonal reports whether a relation leads to a person who is to answer for
// something.
func isPersonal(t *catalog.RelationType) bool {
	return t == catalog.HasMember || t == catalog.MaintainedBy
}

// personExists finds members and maintainers who are not in the catalog.
func personExists(p *pass) {
	for e := range p.Catalog.Described() {
		for _, r := range e.Relations {
			if isPersonal(r.Type) && r.To == nil {
				p.dangling(&r.Reference)
			}
		}
	}
}

// personLeft finds members, maintainers and contacts who have left.
func personLeft(p *pass) {
	for e := range p.Catalog.Described() {
		for _, r := range e.Relations {
			if !isPersonal(r.Type) && r.Type != catalog.HasContact && r.Type != catalog.ManagedBy {
				continue
			}
			p.reportLeft(&r.Reference, "choose somebody else, or take the name out")
		}
	}
}

// reportLeft reports a reference to somebody who has left.
func (p *pass) reportLeft(r *catalog.Reference, hint string) {
	if r.To == nil || r.To.Person == nil || !r.To.Person.HasLeft(p.Day) {
		return
	}
	p.report(diag.Diagnostic{
		Span:    r.Span,
		Message: fmt.Sprintf("%s has left (%s)", r.To.Ref, r.Field),
		Hint:    hint,
		Related: []diag.Related{{Span: r.To.Person.LeftSpan.Span, Message: "said here"}},
	})
}

// duplicateName finds names that stand for more than one entity.
func duplicateName(p *pass) { p.duplicates(false) }

// duplicateAlias finds aliases that stand for more than one entity.
func duplicateAlias(p *pass) { p.duplicates(true) }

func (p *pass) duplicates(aliases bool) {
	for _, d := range p.Catalog.Duplicates {
		if (d.What == "alias") != aliases {
			continue
		}
		message := fmt.Sprintf("%s %q occurs more than once", d.What, d.Name.Text)
		if d.Name.Text != d.First.Text {
			message += fmt.Sprintf(" (names are compared ignoring case: %q)", d.First.Text)
		}
		hint := "rename one of the two, or give them different namespaces"
		switch {
		case d.What == "rotation":
			hint = "rename one of the two" // rotations have no namespaces
		case aliases && d.Other == d.Entity && d.First == d.Entity.Name:
			message, hint = fmt.Sprintf("alias %q is the name of %s itself", d.Name.Text, d.Other.Ref), "take it out: the name is found anyway"
		case aliases && d.First == d.Other.Name:
			message, hint = fmt.Sprintf("alias %q is the name of %s", d.Name.Text, d.Other.Ref), "take it out, or choose another: a name means one entity"
		case aliases:
			message, hint = fmt.Sprintf("alias %q is one of %s already", d.Name.Text, d.Other.Ref), "take it away from one of the two"
		}
		p.report(diag.Diagnostic{
			Span:    d.Name.Span,
			Message: message,
			Hint:    hint,
			Related: []diag.Related{{Span: d.First.Span, Message: fmt.Sprintf("first used here, for %s", d.Other.Ref)}},
		})
	}
}

// environmentUnknown finds environments that signpost.yaml does not declare.
func environmentUnknown(p *pass) {
	declared := p.Catalog.Config.Environments
	if len(declared) == 0 {
		return
	}
	var names []string
	for _, env := range declared {
		names = append(names, env.Name)
	}
	known := map[string]bool{}
	for _, name := range names {
		known[name] = true
	}
	for e := range p.Catalog.Described() {
		for _, env := range e.Deployed {
			if known[env.Name.Text] {
				continue
			}
			hint := didYouMean(diag.Nearest(env.Name.Text, names))
			if hint == "" {
				hint = "declare it under `environments` in " + catalog.ConfigFile
			}
			p.at(env.Name.Span, hint, fmt.Sprintf("there is no environment %q", env.Name.Text))
		}
	}
}
