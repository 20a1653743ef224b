package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/pkg/portal"
)

// onCall says who is on call.
type onCall struct {
	Rotation string     `json:"rotation,omitempty"`
	Provider string     `json:"provider,omitempty"`
	ID       string     `json:"id,omitempty"`
	Now      string     `json:"now,omitempty"`
	Left     bool       `json:"left,omitempty"`  // whoever is on call now has left the organisation
	Until    *time.Time `json:"until,omitempty"` // nil if nobody else takes turns
	Next     string     `json:"next,omitempty"`
	From     *time.Time `json:"nextFrom,omitempty"` // of the next shift, if nobody is on call now
	Page     string     `json:"page,omitempty"`
	Told     *told      `json:"told,omitempty"` // by the provider; nil for a rotation, and if it has told nothing
}

// onCall returns who is on call for an entity; nil if nobody is named.
func (g getter) onCall(e *portal.Entity) *onCall {
	found := g.OnCall(e)
	if found == nil {
		return nil
	}
	o := &onCall{Provider: found.Provider, ID: found.ID, Page: found.Page}
	if found.Plan == nil {
		g.outside(o, portal.LevelsOf(e, found))
		return o
	}
	o.Rotation = found.Plan.Name.Text
	current, next := g.turn(found.Plan)
	if current != nil && current.Person != nil {
		o.Now, o.Left = current.Person.DisplayName(), g.HasLeft(current.Person)
		if next != nil {
			o.Until = &current.To
		}
	}
	if next != nil && next.Person != nil {
		o.Next = next.Person.DisplayName()
		if current == nil {
			o.From = &next.From
		}
	}
	return o
}

// mostTurns bounds how many turns in a row are looked at for somebody else.
const mostTurns = 50

// turn returns the present turn of a rotation and the next. Shifts of one person in a
// row are one turn; there is no next if nobody else follows.
func (g getter) turn(r *catalog.Rotation) (current, next *catalog.Shift) {
	current, next = g.Now(r, g.now)
	if r.Alone() && current != nil {
		return current, nil
	}
	for n := 0; n < mostTurns && current != nil && next != nil && next.Person == current.Person && next.From.Equal(current.To); n++ {
		current.To = next.To
		_, next = g.Now(r, next.From)
	}
	return current, next
}

// String says who is on call, until when, and who is next.
func (o *onCall) String() string {
	text := o.brief()
	if o.Now != "" && o.Next != "" {
		text += ", then " + o.Next
	}
	if o.Now != "" && o.Until == nil && o.Told == nil {
		text += ", with nobody else in the rotation"
	}
	if o.Rotation != "" {
		text += "  (" + o.Rotation + ")"
	}
	if o.Told != nil {
		text += o.Told.source()
	}
	return text
}

// brief says who is on call and until when.
func (o *onCall) brief() string {
	who := o.Now
	if o.Left {
		who += " (has left)"
	}
	switch {
	case o.Told != nil && o.Told.State != "":
		return o.Told.state()
	case o.Told != nil && who == "":
		who = "nobody"
	case o.Rotation == "" && o.Told == nil:
		return strings.TrimSpace("ask " + o.Provider + " " + o.ID)
	}
	switch {
	case who != "" && o.Until != nil:
		return fmt.Sprintf("%s until %s", who, shown(*o.Until))
	case who != "":
		return who
	case o.From != nil:
		return fmt.Sprintf("nobody yet, %s from %s", o.Next, o.From.Format("Mon 2 Jan 2006 15:04 MST"))
	}
	return "nobody now"
}

// duty is a turn of a person: the present one or the next.
type duty struct {
	Rotation string     `json:"rotation"`
	Now      bool       `json:"now"`
	From     time.Time  `json:"from"`
	Until    *time.Time `json:"until,omitempty"` // nil if nobody else takes turns
}

// lookAhead is how far get looks for the next turn of a person.
const lookAhead = 180 * 24 * time.Hour

// dutyOf returns the present or next turn of a person in each rotation.
func (g getter) dutyOf(person *catalog.Entity) []duty {
	var all []duty
	for _, r := range g.Catalog.Rotations {
		shifts := r.Shifts(g.now, g.now.Add(lookAhead))
		for i, s := range shifts {
			if s.Person != person || !s.To.After(g.now) {
				continue
			}
			for _, later := range shifts[i+1:] {
				if later.Person != person || !later.From.Equal(s.To) {
					break
				}
				s.To = later.To
			}
			d := duty{Rotation: r.Name.Text, Now: !s.From.After(g.now), From: s.From, Until: &s.To}
			if r.Alone() {
				d.Until = nil
			}
			all = append(all, d)
			break
		}
	}
	return all
}

func (d duty) String() string {
	text := "from " + shown(d.From)
	if d.Now {
		text = "now"
	}
	if d.Until != nil {
		text += " until " + shown(*d.Until)
	}
	return text + "  (" + d.Rotation + ")"
}
