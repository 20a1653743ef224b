package rotation

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"time"
)

const (
	dateLayout   = "2006-01-02"
	clockLayout  = "15:04"
	localLayout  = "2006-01-02T15:04"
	secondLayout = "2006-01-02T15:04:05"

	longestDays = 366
)

// Length is how long a turn lasts: days on the calendar or hours as they pass,
// never both. A day with a clock change has 23 or 25 hours, so 1d is not 24h.
type Length struct{ Days, Hours int }

var lengthPattern = regexp.MustCompile(`^([0-9]{1,5})([wdh])$`)

// ParseLength reads a length such as 1w, 2d or 12h, of at most 366 days.
func ParseLength(s string) (Length, error) {
	m := lengthPattern.FindStringSubmatch(s)
	if m == nil {
		return Length{}, fmt.Errorf("length %q must be a number of weeks, days or hours, such as 1w, 2d or 12h", s)
	}
	n, _ := strconv.Atoi(m[1]) // the pattern lets only short numbers through
	l := Length{Days: n}
	switch m[2] {
	case "w":
		l.Days = 7 * n
	case "h":
		l = Length{Hours: n}
	}
	if err := l.validate(); err != nil {
		return Length{}, fmt.Errorf("length %q: %w", s, err)
	}
	return l, nil
}

func (l Length) validate() error {
	switch {
	case l.Days < 0 || l.Hours < 0 || l.Days == 0 && l.Hours == 0:
		return errors.New("a turn must last at least an hour")
	case l.Days > 0 && l.Hours > 0:
		return errors.New("a turn is counted in days or in hours, not both")
	case l.Days > longestDays || l.Hours > 24*longestDays:
		return fmt.Errorf("a turn must last at most %d days", longestDays)
	}
	return nil
}

// String returns the length as ParseLength reads it, in the largest unit that fits.
func (l Length) String() string {
	switch {
	case l.Hours > 0:
		return fmt.Sprintf("%dh", l.Hours)
	case l.Days%7 == 0 && l.Days > 0:
		return fmt.Sprintf("%dw", l.Days/7)
	default:
		return fmt.Sprintf("%dd", l.Days)
	}
}

// ParseZone returns the zone of an IANA name such as Europe/Berlin. The name
// "Local" is refused, because it means another zone on every machine.
func ParseZone(name string) (*time.Location, error) {
	if name == "" || name == "Local" {
		return nil, fmt.Errorf("time zone %q must be an IANA name such as Europe/Berlin", name)
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("time zone %q does not exist; use an IANA name such as Europe/Berlin", name)
	}
	return zone, nil
}

// ParseStart returns the first handoff: a date such as 2026-01-05 and a time of
// day such as 09:00, in the zone. It must be a time that clocks there show, since
// it sets the time of all later handoffs.
func ParseStart(date, handoff string, zone *time.Location) (time.Time, error) {
	day, err := time.Parse(dateLayout, date)
	if err != nil {
		return time.Time{}, fmt.Errorf("start %q must be a date such as 2026-01-05", date)
	}
	clock, err := parseClock(handoff)
	if err != nil {
		return time.Time{}, err
	}
	w := wallOf(day)
	w.hour, w.minute = clock.Hour(), clock.Minute()
	return shownIn(w, zone)
}

func parseClock(s string) (time.Time, error) {
	t, err := time.Parse(clockLayout, s)
	if err != nil || len(s) != len(clockLayout) {
		return time.Time{}, fmt.Errorf("handoff %q must be a time of day such as 09:00", s)
	}
	return t, nil
}

// ParseInstant reads the beginning or end of an override: a local time in the
// zone, 2026-12-24T09:00 with or without seconds, or an instant in RFC 3339. A
// local time that clocks show twice is the first of the two; one that they skip
// is an error.
func ParseInstant(s string, zone *time.Location) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t.In(zone), nil
	}
	for _, layout := range []string{localLayout, secondLayout} {
		if t, err := time.Parse(layout, s); err == nil && len(s) == len(layout) {
			return shownIn(wallOf(t), zone)
		}
	}
	return time.Time{}, fmt.Errorf("%q must be a local time such as 2026-12-24T09:00, or an instant such as 2026-12-24T09:00:00Z", s)
}

func shownIn(w wall, zone *time.Location) (time.Time, error) {
	t, exact := w.in(zone)
	if !exact {
		return time.Time{}, fmt.Errorf("clocks in %s skip %02d:%02d on %04d-%02d-%02d; give another time",
			zone, w.hour, w.minute, w.year, w.month, w.day)
	}
	return t, nil
}
