package rotation

import "time"

const secondsADay = 24 * 60 * 60

// turn is what the rotation alone says, before overrides: whose turn it is from
// one handoff to the next.
type turn struct {
	index    int64 // 0 is the turn that begins at Start
	from, to time.Time
	person   string
}

func (r *Rotation) turn(index int64) turn {
	return turn{
		index:  index,
		from:   r.handoff(index),
		to:     r.handoff(index + 1),
		person: r.Participants[index%int64(len(r.Participants))],
	}
}

// turnAt returns the turn that holds t, which must not lie before Start. It is
// computed, not searched for, so that a rotation may have begun in 1970.
func (r *Rotation) turnAt(t time.Time) turn {
	var index int64
	if r.Length.Hours > 0 {
		index = (t.Unix() - r.Start.Unix()) / (int64(r.Length.Hours) * 60 * 60)
	} else {
		index = (civilDay(t.In(r.Zone)) - civilDay(r.Start.In(r.Zone))) / int64(r.Length.Days)
	}
	// The day of the handoff begins before the handoff, and where a zone skipped
	// a whole day a turn may be empty.
	for index > 0 && t.Before(r.handoff(index)) {
		index--
	}
	for !t.Before(r.handoff(index + 1)) {
		index++
	}
	return r.turn(index)
}

// ownTurn returns the nearest turn of a person after (step 1) or before (step -1)
// the given one; false if they take no part.
func (r *Rotation) ownTurn(person string, index, step int64) (turn, bool) {
	// Twice round, in case their next turn falls on a day that the zone skipped.
	for range 2 * len(r.Participants) {
		index += step
		if index < 0 {
			return turn{}, false
		}
		if r.Participants[index%int64(len(r.Participants))] != person {
			continue
		}
		if t := r.turn(index); t.from.Before(t.to) {
			return t, true
		}
	}
	return turn{}, false
}

// handoff returns the instant at which a turn begins.
func (r *Rotation) handoff(index int64) time.Time {
	if r.Length.Hours > 0 {
		// Seconds, since a time.Duration ends after 292 years.
		return time.Unix(r.Start.Unix()+index*int64(r.Length.Hours)*60*60, 0).In(r.Zone)
	}
	wall := wallOf(r.Start.In(r.Zone))
	wall.day += int(index) * r.Length.Days
	t, _ := wall.in(r.Zone)
	return t
}

// civilDay numbers the date that t shows in its zone.
func civilDay(t time.Time) int64 {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / secondsADay
}

// wall is what a calendar and a clock on the wall show. Days beyond the month's
// end run into the next.
type wall struct {
	year                      int
	month                     time.Month
	day, hour, minute, second int
}

func wallOf(t time.Time) wall {
	y, mo, d := t.Date()
	h, mi, s := t.Clock()
	return wall{y, mo, d, h, mi, s}
}

// in returns the instant at which a clock in the zone shows w. Where clocks go
// back and show it twice, that is the first time. Where they go forward and skip
// it, exact is false and the instant is as much after the change as w lies after
// the beginning of the gap: 02:30 becomes 03:30. Both are the rules of RFC 5545;
// time.Date leaves the choice open.
func (w wall) in(zone *time.Location) (t time.Time, exact bool) {
	t = time.Date(w.year, w.month, w.day, w.hour, w.minute, w.second, 0, zone)
	shown := time.Date(w.year, w.month, w.day, w.hour, w.minute, w.second, 0, time.UTC).Unix()
	_, offset := t.Zone()
	change, _ := t.ZoneBounds()
	before := t
	if !change.IsZero() {
		_, offsetBefore := change.Add(-time.Second).Zone()
		before = time.Unix(shown-int64(offsetBefore), 0).In(zone)
	}
	switch actual := t.Unix() + int64(offset); {
	case actual > shown: // skipped, and t lies after the change
		return before, false
	case actual < shown: // skipped, and t lies before the change
		return time.Unix(shown-int64(offset), 0).In(zone), false
	case before.Before(change): // shown twice
		return before, true
	default:
		return t, true
	}
}
