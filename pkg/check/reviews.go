package check

import (
	"fmt"
	"iter"
	"slices"
	"strings"
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

// documentVerified finds documents that were verified on a day that is still to come, which
// would be trusted for longer than anybody meant. Tomorrow is today somewhere.
func documentVerified(p *pass) {
	for d := range p.everyDocument() {
		if d.Verified().After(p.Day.AddDate(0, 0, 1)) {
			p.at(d.Front.Field("lastVerified").Span(), "write the day on which somebody last made sure that it is right",
				fmt.Sprintf("%q was verified on %s, which is still to come", d.Title, d.Verified().Format(time.DateOnly)))
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

// documentReference finds what documents name and the catalog does not have: services
// that an incident hit, who does what afterwards, and who took a decision. Whoever decided
// may be named without being in the catalog, unless by a reference.
func documentReference(p *pass) {
	var kinds []string
	for _, k := range p.Catalog.Kinds {
		kinds = append(kinds, k.Name)
	}
	for _, d := range p.Documents {
		switch d.Kind {
		case docs.Postmortem:
			for _, n := range d.Front.Field("services").Children() {
				p.named(d, catalog.Value{Text: n.Text(), Span: n.Span()}, "services", kinds)
			}
			for _, a := range d.Actions() {
				p.named(d, catalog.Value{Text: a.Owner, Span: a.OwnerSpan}, "owner", whoActs)
			}
		case docs.ADR:
			for _, v := range deciders(d) {
				if kind, _, ok := strings.Cut(v.Text, ":"); ok && slices.Contains(whoActs, kind) {
					p.named(d, v, "deciders", whoActs)
				}
			}
		}
	}
}

// deciders are those who took a decision, as its front matter names them: a list, or one
// text with commas.
func deciders(d *docs.Document) []catalog.Value {
	var all []catalog.Value
	for _, key := range []string{"decision-makers", "deciders"} {
		n := d.Front.Field(key)
		for _, c := range n.Children() {
			all = append(all, catalog.Value{Text: c.Text(), Span: c.Span()})
		}
		for name := range strings.SplitSeq(n.Text(), ",") {
			all = append(all, catalog.Value{Text: strings.TrimSpace(name), Span: n.Span()})
		}
	}
	return all
}

// whoActs are the kinds of those who do and decide things.
var whoActs = []string{"team", "person"}

// named reports that a document names something that does not exist, or is of another kind.
func (p *pass) named(d *docs.Document, v catalog.Value, field string, kinds []string) {
	if v.Text == "" {
		return
	}
	e, why := p.Catalog.Resolve(v.Text, kinds, namespaceOf(d))
	if e != nil && slices.Contains(kinds, e.Kind.Name) {
		return
	}
	r := &catalog.Reference{Value: v, Field: field, Kinds: kinds, Why: why}
	found := diag.Diagnostic{Span: v.Span, Message: fmt.Sprintf("%q does not exist", v.Text)}
	switch {
	case e != nil:
		found.Message = fmt.Sprintf("%s must be %s, not %q", field, r.Wanted(), v.Text)
	case why != "":
		found.Message = fmt.Sprintf("%s %q leads nowhere: %s", field, v.Text, why)
	default:
		found.Hint = nearHint(p, r)
	}
	p.report(found)
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
