package rotation

import (
	"fmt"
	"testing"
	"time"
)

func TestParseLength(t *testing.T) {
	tests := []struct {
		in   string
		want string // the Length, or the error
	}{
		{"1w", "{7 0}"},
		{"2w", "{14 0}"},
		{"1d", "{1 0}"},
		{"366d", "{366 0}"},
		{"12h", "{0 12}"},
		{"0d", `length "0d": a turn must last at least an hour`},
		{"367d", `length "367d": a turn must last at most 366 days`},
		{"99999h", `length "99999h": a turn must last at most 366 days`},
		{"-1d", `length "-1d" must be a number of weeks, days or hours, such as 1w, 2d or 12h`},
		{"999999999999999999999d", `length "999999999999999999999d" must be a number of weeks, days or hours, such as 1w, 2d or 12h`},
		{"1w2d", `length "1w2d" must be a number of weeks, days or hours, such as 1w, 2d or 12h`},
		{"", `length "" must be a number of weeks, days or hours, such as 1w, 2d or 12h`},
		{"1d\n", `length "1d\n" must be a number of weeks, days or hours, such as 1w, 2d or 12h`},
	}
	for _, tt := range tests {
		l, err := ParseLength(tt.in)
		got := fmt.Sprintf("{%d %d}", l.Days, l.Hours)
		if err != nil {
			got = err.Error()
		} else if again, err := ParseLength(l.String()); again != l {
			t.Errorf("%q is written %s and read back as %v, %v", tt.in, l, again, err)
		}
		if got != tt.want {
			t.Errorf("%q: got %s, want %s", tt.in, got, tt.want)
		}
	}
}

func TestParseStart(t *testing.T) {
	berlin := zone(t, "Europe/Berlin")
	tests := []struct{ date, handoff, want string }{
		{"2026-01-05", "09:00", "2026-01-05T09:00:00+01:00"},
		{"2026-10-25", "02:30", "2026-10-25T02:30:00+02:00"},
		{"2026-03-29", "02:30", "clocks in Europe/Berlin skip 02:30 on 2026-03-29; give another time"},
		{"2026-02-30", "09:00", `start "2026-02-30" must be a date such as 2026-01-05`},
		{"5.1.2026", "09:00", `start "5.1.2026" must be a date such as 2026-01-05`},
		{"2026-01-05", "9:00", `handoff "9:00" must be a time of day such as 09:00`},
		{"2026-01-05", "24:00", `handoff "24:00" must be a time of day such as 09:00`},
		{"2026-01-05", "", `handoff "" must be a time of day such as 09:00`},
	}
	for _, tt := range tests {
		at, err := ParseStart(tt.date, tt.handoff, berlin)
		check(t, tt.date+" "+tt.handoff, at, err, tt.want)
	}
}

func TestParseInstant(t *testing.T) {
	berlin := zone(t, "Europe/Berlin")
	tests := []struct{ in, want string }{
		{"2026-12-24T09:00", "2026-12-24T09:00:00+01:00"},
		{"2026-12-24T09:00:30", "2026-12-24T09:00:30+01:00"},
		{"2026-12-24T09:00:00Z", "2026-12-24T10:00:00+01:00"},
		{"2026-12-24T09:00:00-05:00", "2026-12-24T15:00:00+01:00"},
		{"2026-10-25T02:30", "2026-10-25T02:30:00+02:00"},
		{"2026-10-25T02:30:00+01:00", "2026-10-25T02:30:00+01:00"},
		{"2026-03-29T02:30", "clocks in Europe/Berlin skip 02:30 on 2026-03-29; give another time"},
		{"2026-12-24", `"2026-12-24" must be a local time such as 2026-12-24T09:00, or an instant such as 2026-12-24T09:00:00Z`},
		{"2026-12-24T9:00", `"2026-12-24T9:00" must be a local time such as 2026-12-24T09:00, or an instant such as 2026-12-24T09:00:00Z`},
	}
	for _, tt := range tests {
		at, err := ParseInstant(tt.in, berlin)
		check(t, tt.in, at, err, tt.want)
	}
}

func check(t *testing.T, in string, at time.Time, err error, want string) {
	t.Helper()
	got := at.Format(time.RFC3339)
	if err != nil {
		got = err.Error()
	}
	if got != want {
		t.Errorf("%q: got %s, want %s", in, got, want)
	}
}

func TestParseZone(t *testing.T) {
	for _, name := range []string{"", "Local", "Europe/Atlantis", "../../etc/passwd", "/etc/localtime", "europe\x00"} {
		if z, err := ParseZone(name); err == nil {
			t.Errorf("%q is accepted as %v", name, z)
		}
	}
}
