package site

import (
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"
	"github.com/google/go-cmp/cmp"

	"github.com/signpost-dev/signpost/pkg/portal"
)

// The clocks of Europe go back within these two weeks; shifts end at nine by the clock on
// the wall all the same.
func TestCalendars(t *testing.T) {
	p := portalOf(t, `
-- signpost.yaml --
apiVersion: signpost.dev/v1
title: Test
-- teams.yaml --
apiVersion: signpost.dev/v1
kind: team
name: platform
members: [ada, grace]
rotations:
  - name: platform-primary
    title: Platform, first responder
    timezone: Europe/Berlin
    start: 2026-10-05
    handoff: "09:00"
    length: 1w
    participants: [ada, grace]
    overrides: [{from: "2026-10-27T00:00", to: "2026-10-28T00:00", person: ada, note: "Grace is away; call, do not write"}]
-- people.yaml --
apiVersion: signpost.dev/v1
kind: person
name: ada
title: Ada, Countess
---
apiVersion: signpost.dev/v1
kind: person
name: grace
---
apiVersion: signpost.dev/v1
kind: person
name: idle
`)
	p.Day = time.Date(2026, 10, 20, 0, 0, 0, 0, time.UTC)
	p = portal.New(p.Input)
	files := map[string]string{}
	if err := calendars(p, func(path string, data []byte) error {
		files[path] = string(data)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if len(files) != 3 {
		t.Fatalf("%d calendars: one of the rotation and one of each who takes turns", len(files))
	}
	c, err := ics.ParseCalendar(strings.NewReader(files["teams/platform/platform-primary.ics"]))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range c.Events() {
		from, err := e.GetStartAt()
		if err != nil {
			t.Fatal(err)
		}
		to, err := e.GetEndAt()
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, from.Format(time.RFC3339)+" "+to.Format(time.RFC3339)+" "+e.GetProperty(ics.ComponentPropertySummary).Value)
	}
	if diff := cmp.Diff([]string{
		"2026-10-19T07:00:00Z 2026-10-26T08:00:00Z Ada, Countess",
		"2026-10-26T08:00:00Z 2026-10-26T23:00:00Z grace",
		"2026-10-26T23:00:00Z 2026-10-27T23:00:00Z Ada, Countess",
		"2026-10-27T23:00:00Z 2026-11-02T08:00:00Z grace",
		"2026-11-02T08:00:00Z 2026-11-09T08:00:00Z Ada, Countess",
	}, got); diff != "" {
		t.Errorf("shifts (-want +got):\n%s", diff)
	}
	for path, text := range files {
		if strings.Contains(strings.ReplaceAll(text, "\r\n", ""), "\n") {
			t.Errorf("%s has lines that do not end as RFC 5545 says", path)
		}
		for line := range strings.SplitSeq(text, "\r\n") {
			if len(line) > 75 {
				t.Errorf("%s: a line has %d bytes", path, len(line))
			}
		}
	}
	if text := files["people/ada.ics"]; !strings.Contains(text, "SUMMARY:On call: Platform\\, first responder") || !strings.Contains(text, `Grace is away\; call\, do not write`) {
		t.Errorf("ada's calendar:\n%s", text)
	}
}
