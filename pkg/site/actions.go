package site

import (
	"fmt"
	"time"

	"github.com/signpost-dev/signpost/pkg/docs"
	"github.com/signpost-dev/signpost/pkg/portal"
)

// actionsFolder is where the list of all open actions lies.
const actionsFolder = "postmortems/-/actions"

func teamActionsFolder(team *portal.Entity) string { return team.Folder() + "/-/actions" }

// actionsOf are the actions of a postmortem, on its page.
func (l *planner) actionsOf(d *docs.Document) []ActionRow {
	var rows []ActionRow
	for _, a := range l.ActionsOf(d) {
		row := l.actionRow(d.Page, a)
		row.Of = Link{}
		rows = append(rows, row)
	}
	return rows
}

func (l *planner) actionRow(from string, a *portal.Action) ActionRow {
	r := ActionRow{State: Noted, Word: "Open", Link: Link{Text: a.Title, Href: outside(a.Link)}, Due: a.Due, Of: documentLink(from, a.Of)}
	switch {
	case a.Done:
		r.State, r.Word = Good, "Done"
	case a.Overdue(l.Day):
		r.State, r.Word = Warns, "Overdue"
	}
	switch {
	case a.Who != nil:
		r.Who = Link{Text: l.personName(a.Who), Href: href(from, a.Who.Page())}
	case a.Owner != "":
		r.Who = Link{Text: a.Owner}
	}
	return r
}

// teamActions are the open actions of a team that its page lists, the most urgent first.
func (l *planner) teamActions(team *portal.Entity) (rows []ActionRow, more Link) {
	all := l.OpenActions(team)
	for _, a := range all[:min(len(all), maxActions)] {
		rows = append(rows, l.actionRow(team.Page(), a))
	}
	if len(all) > maxActions {
		more = Link{Text: fmt.Sprintf("All %d", len(all)), Href: href(team.Page(), listPath(teamActionsFolder(team), 1))}
	}
	return rows, more
}

// teamActionPages are the open actions of a team where its page does not hold them.
func (l *planner) teamActionPages(team *portal.Entity) []Planned {
	all := l.OpenActions(team)
	if team.Team == nil || len(all) <= maxActions {
		return nil
	}
	t := l.actionTable(teamActionsFolder(team), all)
	t.title, t.section = team.DisplayName()+": open actions", listPath(team.Kind.Plural, 1)
	return l.tablePages(t)
}

// allActions is the list of all open actions; nothing if there are none.
func (l *planner) allActions() []Planned {
	all := l.OpenActions(nil)
	if len(all) == 0 {
		return nil
	}
	t := l.actionTable(actionsFolder, all)
	t.title, t.section = "Open actions", listPath("postmortems", 1)
	return l.tablePages(t)
}

func (l *planner) actionTable(folder string, all []*portal.Action) table {
	return table{
		folder: folder, total: len(all),
		description: "What was agreed after incidents and is not done yet, the most urgent first.",
		columns: []Column{
			{Key: "state", Title: "State"}, {Key: "due", Title: "Due"}, {Key: "who", Title: "Who"}, {Key: "postmortem", Title: "Postmortem"},
		},
		row: func(from string, i int) ListRow {
			r := l.actionRow(from, all[i])
			return ListRow{Link: r.Link, Cells: []Cell{
				{State: r.State, Links: []Link{{Text: r.Word}}}, dueCell(r.Due), {Links: nonEmpty(r.Who)}, {Links: nonEmpty(r.Of)},
			}}
		},
	}
}

func dueCell(due time.Time) Cell {
	if due.IsZero() {
		return textCell("no day")
	}
	return Cell{When: due}
}
