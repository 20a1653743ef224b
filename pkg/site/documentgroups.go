package site

import (
	"fmt"

	"github.com/signpost-dev/signpost/pkg/docs"
	"github.com/signpost-dev/signpost/pkg/portal"
)

// What the page of an entity lists of documents and actions at most. The rest has lists of
// its own.
const (
	maxDocuments = 50
	maxDecisions = 20
	maxActions   = 20
)

// documentGroups are the documents of an entity by kind. Its playbooks include those of
// what is above it; the decisions of a system have a log of their own.
func (l *planner) documentGroups(e *portal.Entity) []DocumentGroup {
	var groups []DocumentGroup
	for _, k := range documentKinds {
		rows := l.documentsOf(e, k)
		if len(rows) == 0 || k.kind == docs.ADR && e.Kind.Name == "system" {
			continue
		}
		g := DocumentGroup{Title: k.plural, ID: "sp-" + k.folder}
		for _, r := range rows[:min(len(rows), maxDocuments)] {
			g.Rows = append(g.Rows, l.documentRow(e.Page(), r))
		}
		if more := len(rows) - maxDocuments; more > 0 {
			g.More = Link{Text: fmt.Sprintf("%d more", more), Href: href(e.Page(), listPath(documentFolder(e, k), 1))}
		}
		groups = append(groups, g)
	}
	return groups
}

func documentFolder(e *portal.Entity, k documentKind) string { return e.Folder() + "/-/" + k.folder }

// documentsOf are the documents of a kind for an entity; nothing but playbooks has an Of.
func (l *planner) documentsOf(e *portal.Entity, k documentKind) []portal.Playbook {
	if k.kind == docs.Playbook && e.Person == nil {
		return l.Playbooks(e)
	}
	var all []portal.Playbook
	for _, d := range e.Documents {
		if d.Kind == k.kind && portal.Shown(d) {
			all = append(all, portal.Playbook{Document: d})
		}
	}
	return all
}

func (l *planner) documentRow(from string, r portal.Playbook) DocumentRow {
	d := r.Document
	row := DocumentRow{
		Link: documentLink(from, d), Summary: l.Summary(d), Facts: documentFacts(d),
		Verified: d.Verified(), Overdue: d.Overdue(l.Day), Outside: d.Host,
	}
	switch {
	case r.Everyone:
		row.Of = Link{Text: "for everyone"}
	case r.Of != nil:
		row.Of = linkTo(from, r.Of)
	}
	return row
}

// documentOverflow are the lists of documents of an entity that its page does not hold.
func (l *planner) documentOverflow(e *portal.Entity) []Planned {
	var pages []Planned
	for _, k := range documentKinds {
		rows := l.documentsOf(e, k)
		if len(rows) <= maxDocuments || k.kind == docs.ADR && e.Kind.Name == "system" {
			continue
		}
		all := make([]*docs.Document, len(rows))
		for i, r := range rows {
			all[i] = r.Document
		}
		t := l.documentTable(k, documentFolder(e, k), all)
		t.title, t.section = e.DisplayName()+": "+k.plural, listPath(e.Kind.Plural, 1)
		pages = append(pages, l.tablePages(t)...)
	}
	return append(pages, l.decisionPages(e)...)
}

// decisionLog works out the decision log of a system; nil for all else.
func (l *planner) decisionLog(e *portal.Entity) *DecisionLog {
	all := l.Decisions(e)
	if len(all) == 0 {
		return nil
	}
	log := &DecisionLog{}
	for _, d := range all[:min(len(all), maxDecisions)] {
		log.Rows = append(log.Rows, l.decisionRow(e.Page(), d))
	}
	if len(all) > maxDecisions {
		log.More = Link{Text: fmt.Sprintf("All %d", len(all)), Href: href(e.Page(), listPath(decisionsFolder(e), 1))}
	}
	return log
}

func decisionsFolder(system *portal.Entity) string { return system.Folder() + "/-/decisions" }

func (l *planner) decisionRow(from string, d *docs.Document) DecisionRow {
	r := DecisionRow{Link: documentLink(from, d), Number: numberText(d), State: decisionState(d), Status: d.Status(), When: dateOf(d), Outside: d.Host}
	r.Link.Text = d.BareTitle()
	if about := l.About(d); len(about) > 0 {
		r.About = linkTo(from, about[0].Entity)
	}
	return r
}

// decisionPages are the decision log of a system where its page does not hold it.
func (l *planner) decisionPages(e *portal.Entity) []Planned {
	all := l.Decisions(e)
	if len(all) <= maxDecisions {
		return nil
	}
	t := table{
		folder: decisionsFolder(e), title: e.DisplayName() + ": decisions", section: listPath(e.Kind.Plural, 1), total: len(all),
		description: "What was decided about the system and about what is in it, the latest first.",
		columns: []Column{
			{Key: "number", Title: "Number", Numeric: true}, {Key: "about", Title: "About"}, {Key: "status", Title: "Status"}, {Key: "date", Title: "Date"},
		},
	}
	t.row = func(from string, i int) ListRow {
		r := l.decisionRow(from, all[i])
		return ListRow{Link: r.Link, Note: l.Summary(all[i]), Outside: r.Outside, Cells: []Cell{
			textCell(r.Number), {Links: nonEmpty(r.About)}, {State: r.State, Links: nonEmpty(Link{Text: r.Status})}, {When: r.When},
		}}
	}
	return l.tablePages(t)
}
