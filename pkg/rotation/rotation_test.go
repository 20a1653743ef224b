package rotation

import (
	"fmt"
	"math/rand"
	"slices"
	"testing"
	"time"
	_ "time/tzdata" // the tests know the same zones everywhere

	"github.com/google/go-cmp/cmp"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := ParseZone(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func instant(t *testing.T, s string, z *time.Location) time.Time {
	t.Helper()
	at, err := ParseInstant(s, z)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// weekly is a rotation of three that hands over on Mondays at nine in Berlin.
func weekly(t *testing.T) *Rotation {
	berlin := zone(t, "Europe/Berlin")
	return &Rotation{
		Zone: berlin, Start: instant(t, "2026-01-05T09:00", berlin), Length: Length{Days: 7},
		Participants: []string{"ada", "bob", "cyd"},
	}
}

// lines writes shifts so that a table can hold them: "from/to person", with a
// star for an override.
func lines(shifts []Shift) []string {
	var out []string
	for _, s := range shifts {
		line := s.From.Format(time.RFC3339) + "/" + s.To.Format(time.RFC3339) + " " + s.Person
		if s.Override {
			line += "*"
		}
		out = append(out, line)
	}
	return out
}

func TestHandoffsAcrossClockChanges(t *testing.T) {
	tests := []struct {
		name, zone, start, from, to string
		length                      Length
		want                        []string
	}{
		{
			"Berlin in spring: the day has 23 hours", "Europe/Berlin", "2026-03-27T09:00", "2026-03-27T09:00", "2026-03-30T09:00",
			Length{Days: 1},
			[]string{
				"2026-03-27T09:00:00+01:00/2026-03-28T09:00:00+01:00 a",
				"2026-03-28T09:00:00+01:00/2026-03-29T09:00:00+02:00 b",
				"2026-03-29T09:00:00+02:00/2026-03-30T09:00:00+02:00 a",
			},
		},
		{
			"Berlin in autumn: the week has 169 hours", "Europe/Berlin", "2026-10-19T09:00", "2026-10-20T00:00", "2026-10-27T00:00",
			Length{Days: 7},
			[]string{
				"2026-10-19T09:00:00+02:00/2026-10-26T09:00:00+01:00 a",
				"2026-10-26T09:00:00+01:00/2026-11-02T09:00:00+01:00 b",
			},
		},
		{
			"Berlin, handoff in the hour that is skipped", "Europe/Berlin", "2026-03-28T02:30", "2026-03-28T02:30", "2026-03-30T02:30",
			Length{Days: 1},
			[]string{
				"2026-03-28T02:30:00+01:00/2026-03-29T03:30:00+02:00 a",
				"2026-03-29T03:30:00+02:00/2026-03-30T02:30:00+02:00 b",
			},
		},
		{
			"Berlin, handoff in the hour that comes twice", "Europe/Berlin", "2026-10-24T02:30", "2026-10-24T02:30", "2026-10-26T02:30",
			Length{Days: 1},
			[]string{
				"2026-10-24T02:30:00+02:00/2026-10-25T02:30:00+02:00 a",
				"2026-10-25T02:30:00+02:00/2026-10-26T02:30:00+01:00 b",
			},
		},
		{
			"Berlin, hours count as they pass", "Europe/Berlin", "2026-03-28T21:00", "2026-03-28T21:00", "2026-03-29T22:00",
			Length{Hours: 12},
			[]string{
				"2026-03-28T21:00:00+01:00/2026-03-29T10:00:00+02:00 a",
				"2026-03-29T10:00:00+02:00/2026-03-29T22:00:00+02:00 b",
			},
		},
		{
			"New York in spring", "America/New_York", "2026-03-07T17:00", "2026-03-07T17:00", "2026-03-09T17:00",
			Length{Days: 1},
			[]string{
				"2026-03-07T17:00:00-05:00/2026-03-08T17:00:00-04:00 a",
				"2026-03-08T17:00:00-04:00/2026-03-09T17:00:00-04:00 b",
			},
		},
		{
			"New York, handoff in the hour that is skipped", "America/New_York", "2026-03-07T02:15", "2026-03-08T00:00", "2026-03-08T12:00",
			Length{Days: 1},
			[]string{
				"2026-03-07T02:15:00-05:00/2026-03-08T03:15:00-04:00 a",
				"2026-03-08T03:15:00-04:00/2026-03-09T02:15:00-04:00 b",
			},
		},
		{
			"New York, handoff in the hour that comes twice", "America/New_York", "2026-10-31T01:30", "2026-10-31T01:30", "2026-11-02T01:30",
			Length{Days: 1},
			[]string{
				"2026-10-31T01:30:00-04:00/2026-11-01T01:30:00-04:00 a",
				"2026-11-01T01:30:00-04:00/2026-11-02T01:30:00-05:00 b",
			},
		},
		{
			"Lord Howe in autumn: half an hour back", "Australia/Lord_Howe", "2026-04-04T01:45", "2026-04-04T01:45", "2026-04-06T01:45",
			Length{Days: 1},
			[]string{
				"2026-04-04T01:45:00+11:00/2026-04-05T01:45:00+11:00 a",
				"2026-04-05T01:45:00+11:00/2026-04-06T01:45:00+10:30 b",
			},
		},
		{
			"Lord Howe in spring: half an hour forward", "Australia/Lord_Howe", "2026-10-03T02:15", "2026-10-03T02:15", "2026-10-05T02:15",
			Length{Days: 1},
			[]string{
				"2026-10-03T02:15:00+10:30/2026-10-04T02:45:00+11:00 a",
				"2026-10-04T02:45:00+11:00/2026-10-05T02:15:00+11:00 b",
			},
		},
		{
			"Kolkata never changes", "Asia/Kolkata", "2026-03-28T09:30", "2026-03-28T09:30", "2026-03-30T09:30",
			Length{Days: 1},
			[]string{
				"2026-03-28T09:30:00+05:30/2026-03-29T09:30:00+05:30 a",
				"2026-03-29T09:30:00+05:30/2026-03-30T09:30:00+05:30 b",
			},
		},
		{
			"Apia skipped 30 December 2011: that turn is empty", "Pacific/Apia", "2011-12-29T09:00", "2011-12-29T09:00", "2012-01-01T09:00",
			Length{Days: 1},
			[]string{
				"2011-12-29T09:00:00-10:00/2011-12-31T09:00:00+14:00 a",
				"2011-12-31T09:00:00+14:00/2012-01-01T09:00:00+14:00 a",
			},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			z := zone(t, tt.zone)
			r := &Rotation{Zone: z, Start: instant(t, tt.start, z), Length: tt.length, Participants: []string{"a", "b"}}
			got := lines(r.Shifts(instant(t, tt.from, z), instant(t, tt.to, z)))
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestOverrides(t *testing.T) {
	type override struct{ from, to, person string }
	tests := []struct {
		name      string
		overrides []override
		want      []string // from 5 to 26 January; times are written as day and hour
	}{
		{"none", nil, []string{"05 09-12 09 ada", "12 09-19 09 bob", "19 09-26 09 cyd"}},
		{
			"inside a shift",
			[]override{{"07T09", "08T18", "cyd"}},
			[]string{"05 09-07 09 ada", "07 09-08 18 cyd*", "08 18-12 09 ada", "12 09-19 09 bob", "19 09-26 09 cyd"},
		},
		{
			"by somebody from outside, over a handoff",
			[]override{{"10T00", "13T00", "eve"}},
			[]string{"05 09-10 00 ada", "10 00-13 00 eve*", "13 00-19 09 bob", "19 09-26 09 cyd"},
		},
		{
			"ends inside the person's own shift: the shift stays whole",
			[]override{{"17T00", "21T00", "cyd"}},
			[]string{"05 09-12 09 ada", "12 09-17 00 bob", "17 00-19 09 cyd*", "19 09-26 09 cyd"},
		},
		{
			"begins inside the person's own shift",
			[]override{{"11T00", "13T00", "ada"}},
			[]string{"05 09-12 09 ada", "12 09-13 00 ada*", "13 00-19 09 bob", "19 09-26 09 cyd"},
		},
		{
			"on both sides of the person's own shift",
			[]override{{"10T00", "21T00", "bob"}},
			[]string{"05 09-10 00 ada", "10 00-12 09 bob*", "12 09-19 09 bob", "19 09-21 00 bob*", "21 00-26 09 cyd"},
		},
		{
			"by the person whose turn it is: nothing changes",
			[]override{{"06T00", "07T00", "ada"}},
			[]string{"05 09-12 09 ada", "12 09-19 09 bob", "19 09-26 09 cyd"},
		},
		{
			"overlapping: the later in the list wins",
			[]override{{"06T00", "10T00", "eve"}, {"07T00", "08T00", "fay"}},
			[]string{"05 09-06 00 ada", "06 00-07 00 eve*", "07 00-08 00 fay*", "08 00-10 00 eve*", "10 00-12 09 ada", "12 09-19 09 bob", "19 09-26 09 cyd"},
		},
		{
			"overlapping: the earlier in the list is hidden",
			[]override{{"07T00", "08T00", "fay"}, {"06T00", "10T00", "eve"}},
			[]string{"05 09-06 00 ada", "06 00-10 00 eve*", "10 00-12 09 ada", "12 09-19 09 bob", "19 09-26 09 cyd"},
		},
		{
			"taken back by the person whose turn it is",
			[]override{{"06T00", "10T00", "eve"}, {"07T00", "08T00", "ada"}},
			[]string{"05 09-06 00 ada", "06 00-07 00 eve*", "07 00-08 00 ada", "08 00-10 00 eve*", "10 00-12 09 ada", "12 09-19 09 bob", "19 09-26 09 cyd"},
		},
		{
			"two that join stay two",
			[]override{{"06T00", "07T00", "eve"}, {"07T00", "08T00", "eve"}},
			[]string{"05 09-06 00 ada", "06 00-07 00 eve*", "07 00-08 00 eve*", "08 00-12 09 ada", "12 09-19 09 bob", "19 09-26 09 cyd"},
		},
		{
			"a whole shift and more",
			[]override{{"12T09", "26T09", "eve"}},
			[]string{"05 09-12 09 ada", "12 09-26 09 eve*"},
		},
		{
			"before the rotation begins",
			[]override{{"01T00", "06T00", "eve"}},
			[]string{"05 09-06 00 eve*", "06 00-12 09 ada", "12 09-19 09 bob", "19 09-26 09 cyd"},
		},
		{
			"turned round or nobody: no effect",
			[]override{{"08T00", "07T00", "eve"}, {"07T00", "07T00", "eve"}, {"07T00", "08T00", ""}},
			[]string{"05 09-12 09 ada", "12 09-19 09 bob", "19 09-26 09 cyd"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := weekly(t)
			for _, o := range tt.overrides {
				r.Overrides = append(r.Overrides, Override{
					From: instant(t, "2026-01-"+o.from+":00", r.Zone), To: instant(t, "2026-01-"+o.to+":00", r.Zone), Person: o.person,
				})
			}
			var got []string
			for _, s := range r.Shifts(r.Start, r.Start.AddDate(0, 0, 21)) {
				line := fmt.Sprintf("%s-%s %s", s.From.Format("02 15"), s.To.Format("02 15"), s.Person)
				if s.Override {
					line += "*"
				}
				got = append(got, line)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// The first and the last shift are whole even when an override is far longer
// than the window.
func TestShiftsAreNotClipped(t *testing.T) {
	r := weekly(t)
	r.Overrides = []Override{{instant(t, "2026-02-01T00:00", r.Zone), instant(t, "2026-08-01T00:00", r.Zone), "eve", "parental leave"}}
	at := instant(t, "2026-05-01T12:00", r.Zone)
	want := []Shift{{r.Overrides[0].From, r.Overrides[0].To, "eve", true, "parental leave"}}
	if diff := cmp.Diff(want, r.Shifts(at, at.Add(time.Hour))); diff != "" {
		t.Error(diff)
	}
}

func TestNowAndNext(t *testing.T) {
	r := weekly(t)
	before := r.Start.Add(-time.Second)
	if s, ok := r.Now(before); ok {
		t.Errorf("somebody is on call before the start: %v", s)
	}
	check := func(name string, s Shift, ok bool, want string) {
		t.Helper()
		if got := lines([]Shift{s}); !ok || got[0] != want {
			t.Errorf("%s: got %v, %v, want %s", name, got, ok, want)
		}
	}
	s, ok := r.Next(before)
	check("next before the start", s, ok, "2026-01-05T09:00:00+01:00/2026-01-12T09:00:00+01:00 ada")
	s, ok = r.Now(r.Start)
	check("now at a handoff", s, ok, "2026-01-05T09:00:00+01:00/2026-01-12T09:00:00+01:00 ada")
	s, ok = r.Next(r.Start)
	check("next at a handoff", s, ok, "2026-01-12T09:00:00+01:00/2026-01-19T09:00:00+01:00 bob")
}

// Over 400 days, shifts join without gap or overlap, hold the window, and agree
// with what Now says of any instant in them; the same with random overrides.
func TestShiftsAreContiguous(t *testing.T) {
	chance := rand.New(rand.NewSource(1))
	for _, name := range []string{"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"} {
		for _, length := range []Length{{Days: 1}, {Days: 3}, {Days: 14}, {Hours: 5}, {Hours: 168}} {
			z := zone(t, name)
			r := &Rotation{
				Zone: z, Start: instant(t, "2025-12-01T02:15", z), Length: length,
				Participants: []string{"ada", "bob", "cyd"},
			}
			for range 60 {
				from := r.Start.Add(time.Duration(chance.Intn(500*24)) * time.Hour)
				to := from.Add(time.Duration(chance.Intn(20*24)) * time.Hour)
				r.Overrides = append(r.Overrides, Override{From: from, To: to, Person: []string{"ada", "bob", "eve"}[chance.Intn(3)]})
			}
			checkContiguous(t, r, r.Start.AddDate(0, 0, 50), r.Start.AddDate(0, 0, 450))
		}
	}
}

func checkContiguous(t *testing.T, r *Rotation, from, to time.Time) {
	t.Helper()
	shifts := r.Shifts(from, to)
	if len(shifts) == 0 || shifts[0].From.After(from) || shifts[len(shifts)-1].To.Before(to) {
		t.Fatalf("%s %s: the window is not covered", r.Zone, r.Length)
	}
	for i, s := range shifts {
		if !s.From.Before(s.To) {
			t.Fatalf("%s %s: empty shift %v", r.Zone, r.Length, s)
		}
		if i > 0 && !s.From.Equal(shifts[i-1].To) {
			t.Fatalf("%s %s: %v does not follow %v", r.Zone, r.Length, s, shifts[i-1])
		}
		middle := s.From.Add(s.To.Sub(s.From) / 2)
		for _, at := range []time.Time{s.From, middle, s.To.Add(-time.Second)} {
			if now, ok := r.Now(at); !ok || now != s {
				t.Fatalf("%s %s: at %s Now says %v, Shifts %v", r.Zone, r.Length, at, now, s)
			}
			if want := slowPerson(r, at); s.Person != want {
				t.Fatalf("%s %s: at %s %q is on call, want %q", r.Zone, r.Length, at, s.Person, want)
			}
		}
	}
}

// slowPerson says who is on call by the plainest means: the last override that
// holds t, or else the turns counted one by one.
func slowPerson(r *Rotation, t time.Time) string {
	for _, o := range slices.Backward(r.Overrides) {
		if !t.Before(o.From) && t.Before(o.To) {
			return o.Person
		}
	}
	n := 0
	for !t.Before(r.handoff(int64(n + 1))) {
		n++
	}
	return r.Participants[n%len(r.Participants)]
}

// However long ago a rotation began, and however far the window, the work is that
// of the shifts asked for.
func TestWorkIsBounded(t *testing.T) {
	began := time.Now()
	for _, start := range []string{"0001-01-02T09:00", "1970-01-01T09:00", "9999-12-01T09:00"} {
		for _, length := range []Length{{Days: 1}, {Hours: 1}} {
			r := weekly(t)
			r.Start, r.Length = instant(t, start, r.Zone), length
			r.Overrides = []Override{{r.Start, r.Start.AddDate(9000, 0, 0), "eve", ""}}
			r.Overrides = slices.Repeat(r.Overrides, 2000)
			from := instant(t, "9999-12-10T00:00", r.Zone)
			if got := r.Shifts(from, from.AddDate(0, 0, 14)); len(got) == 0 {
				t.Errorf("from %s, %s: no shifts", start, length)
			}
			r.Overrides = nil
			// One more where local mean time put the handoffs off the hour.
			want := map[Length]int{{Days: 1}: 15, {Hours: 1}: 336}[length]
			if got := r.Shifts(from, from.AddDate(0, 0, 14)); len(got) != want && len(got) != want+1 {
				t.Errorf("from %s, %s: %d shifts, want %d", start, length, len(got), want)
			}
		}
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("took %v", took)
	}
}

func TestValidate(t *testing.T) {
	tests := []struct {
		name   string
		change func(*Rotation)
		want   string
		shifts bool
	}{
		{"fine", func(*Rotation) {}, "", true},
		{"nobody", func(r *Rotation) { r.Participants = nil }, "the rotation has no participants", false},
		{"no zone", func(r *Rotation) { r.Zone = nil }, "the rotation has no time zone", false},
		{"no start", func(r *Rotation) { r.Start = time.Time{} }, "the rotation has no start", false},
		{"no length", func(r *Rotation) { r.Length = Length{} }, "a turn must last at least an hour", false},
		{"negative length", func(r *Rotation) { r.Length = Length{Days: -1} }, "a turn must last at least an hour", false},
		{"both", func(r *Rotation) { r.Length = Length{Days: 1, Hours: 1} }, "a turn is counted in days or in hours, not both", false},
		{"too long", func(r *Rotation) { r.Length = Length{Days: 367} }, "a turn must last at most 366 days", false},
		{
			"override turned round", func(r *Rotation) { r.Overrides = []Override{{r.Start, r.Start, "eve", ""}} },
			"override 1 ends at 2026-01-05T09:00, not after it begins", true,
		},
		{
			"override by nobody", func(r *Rotation) { r.Overrides = []Override{{r.Start, r.Start.Add(1), "", ""}} },
			"override 1 names no person", true,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := weekly(t)
			start := r.Start
			tt.change(r)
			if got := fmt.Sprint(r.Validate()); got != tt.want && (tt.want != "" || got != "<nil>") {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if got := len(r.Shifts(start, start.Add(time.Hour))) > 0; got != tt.shifts {
				t.Errorf("has shifts: %v, want %v", got, tt.shifts)
			}
		})
	}
}
