package site

import (
	"cmp"
	"slices"
	"strings"

	ics "github.com/arran4/golang-ical"

	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/pkg/portal"
)

// calendarOf is the path of the calendar of a rotation, beside the page of its team.
func calendarOf(r *catalog.Rotation) string {
	return r.Team.Folder() + "/" + catalog.Slug(r.Name.Text) + ".ics"
}

// shiftsCalendarOf is the path of the calendar of a person's own shifts.
func shiftsCalendarOf(person *catalog.Entity) string { return person.Folder() + ".ics" }

// turn is a shift with its rotation.
type turn struct {
	catalog.Shift
	rotation *catalog.Rotation
}

// calendars makes a calendar (iCalendar, RFC 5545) of each rotation, and one of each person
// who takes turns. They hold the shifts that pages know; whoever subscribes gets newer ones
// as the site is built again.
func calendars(p *portal.Portal, put func(path string, data []byte) error) error {
	own := map[*catalog.Entity][]turn{}
	for _, r := range p.Catalog.Rotations {
		var turns []turn
		for _, s := range p.Shifts(r) {
			t := turn{s, r}
			turns = append(turns, t)
			if s.Person != nil {
				own[s.Person] = append(own[s.Person], t)
			}
		}
		if err := put(calendarOf(r), calendar(p, r.DisplayName(), turns, turn.who)); err != nil {
			return err
		}
	}
	for _, e := range p.Entities {
		turns := own[e.Entity]
		if len(turns) == 0 {
			continue
		}
		slices.SortStableFunc(turns, func(a, b turn) int {
			return cmp.Or(a.From.Compare(b.From), strings.Compare(a.rotation.Name.Text, b.rotation.Name.Text))
		})
		if err := put(shiftsCalendarOf(e.Entity), calendar(p, "On call: "+e.DisplayName(), turns, turn.what)); err != nil {
			return err
		}
	}
	return nil
}

// calendar writes shifts as events that are called what title says.
func calendar(p *portal.Portal, name string, turns []turn, title func(turn) string) []byte {
	c := ics.NewCalendarFor("Signpost")
	c.SetMethod(ics.MethodPublish)
	c.SetXWRCalName(name)
	c.SetRefreshInterval("PT6H")
	for _, t := range turns {
		e := c.AddEvent(t.From.UTC().Format("20060102T150405Z") + "-" + catalog.Slug(t.rotation.Name.Text) + "@signpost")
		e.SetDtStampTime(p.Day) // when this was written would be another file each time
		e.SetStartAt(t.From.UTC())
		e.SetEndAt(t.To.UTC())
		e.SetSummary(title(t))
		if t.Note != "" {
			e.SetDescription(t.Note)
		}
		e.SetTimeTransparency(ics.TransparencyTransparent) // being on call is not being busy
	}
	return []byte(c.Serialize(ics.WithNewLine("\r\n")))
}

// who names a shift in the calendar of its rotation.
func (t turn) who() string {
	if t.Person == nil {
		return "nobody"
	}
	return t.Person.DisplayName()
}

// what names a shift in the calendar of a person.
func (t turn) what() string { return "On call: " + t.rotation.DisplayName() }
