// Package rotation expands on-call rotations into absolute shifts: people take
// turns in order, hand over at a time of day in the rotation's zone, and
// overrides replace parts of shifts.
//
// Shifts are exact across daylight saving time: a rotation of days or weeks hands
// over at the same time on the wall, so that a shift is at times an hour longer
// or shorter; a rotation of hours counts hours as they pass. All work is bounded
// by the shifts asked for, however long ago a rotation began.
//
// The package reads no clock and no files and does not know what a person is.
// Zones come from the system or from time/tzdata, which a program embeds in its
// main package so that it knows the same zones on every machine.
package rotation

import (
	"errors"
	"fmt"
	"time"
)

// Rotation is a group of people who take turns.
type Rotation struct {
	Name  string
	Title string
	Zone  *time.Location

	// Start is the first handoff: the first participant's first shift begins.
	// Its time of day in Zone is that of every handoff of a rotation of days.
	Start        time.Time
	Length       Length
	Participants []string   // in the order of their turns; the same person may occur twice
	Overrides    []Override // where two overlap, the later in the list wins
}

// Override puts a person on call from one instant up to another, whoever's turn
// it is.
type Override struct {
	From, To time.Time
	Person   string
	Note     string
}

// Shift is a stretch of time in which one person is on call, from From up to but
// not including To. Times are in the rotation's zone.
type Shift struct {
	From, To time.Time
	Person   string
	Override bool   // the person stands in for whoever's turn it is
	Note     string // of the override
}

// Validate reports the first reason why the rotation has no shifts, or why an
// override has no effect.
func (r *Rotation) Validate() error {
	if err := r.usable(); err != nil {
		return err
	}
	for i, o := range r.Overrides {
		if !o.From.Before(o.To) {
			return fmt.Errorf("override %d ends at %s, not after it begins", i+1, o.To.In(r.Zone).Format(localLayout))
		}
		if o.Person == "" {
			return fmt.Errorf("override %d names no person", i+1)
		}
	}
	return nil
}

func (r *Rotation) usable() error {
	switch {
	case len(r.Participants) == 0:
		return errors.New("the rotation has no participants")
	case r.Zone == nil:
		return errors.New("the rotation has no time zone")
	case r.Start.IsZero():
		return errors.New("the rotation has no start")
	}
	return r.Length.validate()
}

// Shifts returns the shifts that cover the time from from up to to, in order,
// each beginning where the one before ends. Nobody is on call before Start. The
// first and the last are whole: they may begin before from and end after to. A
// handoff begins a new shift even if it is to the same person. A rotation that
// Validate refuses for more than an override has no shifts.
func (r *Rotation) Shifts(from, to time.Time) []Shift {
	if r.usable() != nil {
		return nil
	}
	if from.Before(r.Start) {
		from = r.Start
	}
	stand := r.standIns()
	var shifts []Shift
	for t := from; t.Before(to); {
		s := r.at(t, stand)
		shifts = append(shifts, s)
		t = s.To
	}
	return shifts
}

// Now returns the shift at t; false if the rotation has not begun.
func (r *Rotation) Now(t time.Time) (Shift, bool) {
	if r.usable() != nil || t.Before(r.Start) {
		return Shift{}, false
	}
	return r.at(t, r.standIns()), true
}

// Next returns the shift that begins next after t; false if there never is one.
func (r *Rotation) Next(t time.Time) (Shift, bool) {
	if r.usable() != nil {
		return Shift{}, false
	}
	if t.Before(r.Start) {
		return r.Now(r.Start)
	}
	now, _ := r.Now(t)
	return r.Now(now.To)
}

// at returns the whole shift that holds t, which must not lie before Start.
func (r *Rotation) at(t time.Time, stand []standIn) Shift {
	turn := r.turnAt(t)
	i := find(stand, t)
	if i < len(stand) && !t.Before(stand[i].from) && stand[i].person != turn.person {
		return r.overrideShift(stand[i], turn)
	}
	return r.ownShift(stand, i, turn, t)
}

// ownShift is the part around t of a turn that nobody else stands in for. An
// override by the person whose turn it is anyway changes nothing. i is the first
// stand-in that ends after t.
func (r *Rotation) ownShift(stand []standIn, i int, turn turn, t time.Time) Shift {
	s := Shift{From: turn.from, To: turn.to, Person: turn.person}
	for _, o := range stand[i:] {
		if !o.from.Before(turn.to) {
			break
		}
		if o.person != turn.person && t.Before(o.from) {
			s.To = o.from
			break
		}
	}
	for j := i - 1; j >= 0 && stand[j].to.After(turn.from); j-- {
		if stand[j].person != turn.person {
			s.From = stand[j].to
			break
		}
	}
	return s
}

// overrideShift is the part of an override that is not the person's own turn,
// around a turn of somebody else's.
func (r *Rotation) overrideShift(o standIn, turn turn) Shift {
	s := Shift{From: o.from, To: o.to, Person: o.person, Override: true, Note: o.note}
	if own, ok := r.ownTurn(o.person, turn.index, 1); ok && own.from.Before(s.To) {
		s.To = own.from
	}
	if own, ok := r.ownTurn(o.person, turn.index, -1); ok && own.to.After(s.From) {
		s.From = own.to
	}
	return s
}
