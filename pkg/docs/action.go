package docs

import (
	"time"

	"github.com/signpost-dev/signpost/pkg/diag"
)

// Action is something that was agreed to do after an incident.
type Action struct {
	Title string
	Owner string    // a reference to a team or person, as written; may be empty
	Due   time.Time // day by which it is to be done; zero for none
	Done  bool
	Link  string // the ticket; may be empty

	Span      diag.Span // of its title
	OwnerSpan diag.Span // of its owner
	DueSpan   diag.Span // of its day
}

// Actions are what the front matter of a postmortem says was agreed, in the order of
// writing.
func (d *Document) Actions() []Action {
	if d.Kind != Postmortem {
		return nil
	}
	var all []Action
	for _, n := range d.Front.Field("actions").Children() {
		title, owner, due := n.Field("title"), n.Field("owner"), n.Field("due")
		if title.Text() == "" {
			continue
		}
		a := Action{
			Title: title.Text(), Owner: owner.Text(), Done: n.Field("done").Text() == "true", Link: n.Field("link").Text(),
			Span: title.Span(), OwnerSpan: owner.Span(), DueSpan: due.Span(),
		}
		a.Due, _ = time.Parse(time.DateOnly, due.Text())
		all = append(all, a)
	}
	return all
}

// Overdue reports whether an action is still open on a day (UTC) after the one by which it
// was to be done.
func (a Action) Overdue(day time.Time) bool {
	return !a.Done && !a.Due.IsZero() && a.Due.Before(day)
}
