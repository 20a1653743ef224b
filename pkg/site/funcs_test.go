package site

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestStrip(t *testing.T) {
	at := func(day, hour int) time.Time { return time.Date(2026, 11, day, hour, 0, 0, 0, time.UTC) }
	got := strip(&OnCall{Shifts: []Shift{
		{From: at(1, 12), To: at(3, 12), Person: Link{Text: "Amara Okafor"}},
		{From: at(3, 12), To: at(5, 12), Person: Link{Text: "Jonas Weber"}},
	}})
	type part struct {
		Text, X, W string
		Odd        bool
	}
	var bars []part
	for _, b := range got.Bars {
		bars = append(bars, part{b.Text, b.X, b.W, b.Odd})
	}
	want := []part{{"Amara Okafor", "0.00%", "50.00%", false}, {"Jonas Weber", "50.00%", "50.00%", true}}
	if diff := cmp.Diff(want, bars); diff != "" {
		t.Errorf("bars (-want +got):\n%s", diff)
	}
	ticks := []tick{{"12.50%", "Mon 2"}, {"37.50%", "Tue 3"}, {"62.50%", "Wed 4"}, {"87.50%", "Thu 5"}}
	if diff := cmp.Diff(ticks, got.Ticks); diff != "" {
		t.Errorf("ticks (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(timeline{}, strip(&OnCall{Shifts: []Shift{{From: at(2, 0), To: at(1, 0)}}})); diff != "" {
		t.Errorf("shifts that end before they begin:\n%s", diff)
	}
}

func TestShortName(t *testing.T) {
	for percent, want := range map[float64]string{50: "Amara Okafor", 12: "Amara", 5: "AO", 1: ""} {
		if got := shortName("Amara Okafor", percent, stripLetters); got != want {
			t.Errorf("at %v %%: got %q, want %q", percent, got, want)
		}
	}
	for percent, want := range map[float64]string{50: "Tomasz Zieliński", 25: "Tomasz", 10: "TZ", 1: ""} {
		if got := shortName("Tomasz Zieliński", percent, phoneLetters); got != want {
			t.Errorf("on a phone at %v %%: got %q, want %q", percent, got, want)
		}
	}
	if got := shortName("", 5, stripLetters); got != "" {
		t.Errorf("nobody is called %q", got)
	}
}

func TestTicked(t *testing.T) {
	want := []piece{{Text: "add "}, {Text: "oncall", Code: true}, {Text: " here ` there"}}
	if diff := cmp.Diff(want, ticked("add `oncall` here ` there")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestShiftsOf(t *testing.T) {
	at := func(hour int) time.Time { return time.Unix(0, 0).Add(time.Duration(hour) * time.Hour) }
	amara, trap := Link{"Amara", "../people/amara.html"}, Link{"Trap", "javascript:alert(1)"}
	got := ShiftsOf(&OnCall{Shifts: []Shift{{From: at(0), To: at(1), Person: amara}, {From: at(1), To: at(2), Person: trap}, {From: at(2), To: at(3), Person: amara}}})
	want := ShiftData{
		People: [][2]string{{"Amara", "../people/amara.html"}, {"Trap", ""}},
		Shifts: [][3]int64{{0, 3600, 0}, {3600, 7200, 1}, {7200, 10800, 0}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestBasePath(t *testing.T) {
	for base, want := range map[string]string{
		"": "/", "https://x.example": "/", "https://x.example/": "/",
		"https://x.example/a/b": "/a/b/", "https://x.example/a b/": "/a%20b/", "::": "/",
	} {
		if got := basePath(base); got != want {
			t.Errorf("basePath(%q) = %q, want %q", base, got, want)
		}
	}
}
