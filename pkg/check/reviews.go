package check

import (
	"fmt"
	"iter"
	"time"

	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/docs"
)

// everyDocument goes through the documents of the catalog, then through those that
// descriptors say are elsewhere.
func (p *pass) everyDocument() iter.Seq[*docs.Document] {
	return func(yield func(*docs.Document) bool) {
		for _, d := range p.Documents {
			if !yield(d) {
				return
			}
		}
		for e := range p.Catalog.Described() {
			for _, entry := range e.Elsewhere {
				home := docs.Home{Ref: e.Ref.String(), Page: e.Page()}
				if d := docs.Elsewhere(home, entry); d != nil && !yield(d) {
					return
				}
			}
		}
	}
}

// documentOverdue finds documents whose review was due.
func documentOverdue(p *pass) {
	for d := range p.everyDocument() {
		if d.Overdue(p.Day) {
			p.at(d.Front.Field("lastVerified").Span(), "follow it once, and note the day under `lastVerified`",
				fmt.Sprintf("the review of %q was due on %s", d.Title, d.ReviewDue().Format(time.DateOnly)))
		}
	}
}

// actionOverdue finds actions that should be done by now.
func actionOverdue(p *pass) {
	for _, d := range p.Documents {
		for _, a := range d.Actions() {
			if a.Overdue(p.Day) {
				p.at(a.DueSpan, "write `done: true` if it is, or agree on another day",
					fmt.Sprintf("%q was due on %s", a.Title, a.Due.Format(time.DateOnly)))
			}
		}
	}
}

// documentReference finds what postmortems name and the catalog does not have: services
// that an incident hit, and who does what afterwards.
func documentReference(p *pass) {
	var kinds []string
	for _, k := range p.Catalog.Kinds {
		kinds = append(kinds, k.Name)
	}
	for _, d := range p.Documents {
		if d.Kind != docs.Postmortem {
			continue
		}
		for _, n := range d.Front.Field("services").Children() {
			p.named(d, catalog.Value{Text: n.Text(), Span: n.Span()}, "services", kinds)
		}
		for _, a := range d.Actions() {
			p.named(d, catalog.Value{Text: a.Owner, Span: a.OwnerSpan}, "owner", []string{"team", "person"})
		}
	}
}

// named reports that a document names something that does not exist.
func (p *pass) named(d *docs.Document, v catalog.Value, field string, kinds []string) {
	if v.Text == "" {
		return
	}
	e, why := p.Catalog.Resolve(v.Text, kinds, namespaceOf(d))
	if e != nil {
		return
	}
	r := &catalog.Reference{Value: v, Field: field, Kinds: kinds, Why: why}
	p.report(diag.Diagnostic{Span: v.Span, Message: fmt.Sprintf("%q does not exist", v.Text), Hint: nearHint(p, r)})
}

// namespaceOf is the namespace of what a document belongs to.
func namespaceOf(d *docs.Document) string {
	if len(d.About) == 0 {
		return ""
	}
	home, err := catalog.ParseRef(d.About[0].Ref)
	if err != nil {
		return ""
	}
	return home.Namespace
}
