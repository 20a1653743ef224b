package site

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/signpost-dev/signpost/pkg/portal"
	"github.com/signpost-dev/signpost/pkg/safehtml"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// outside returns an address if it leads to a page off the site, and nothing otherwise:
// what live systems say may lead nowhere else.
func outside(address string) string {
	if safehtml.Outside(address) && safehtml.Linkable(address) {
		return address
	}
	return ""
}

// told says where a fact comes from.
func told(by *portal.Provider, about snapshot.About) Told {
	t := Told{Source: Link{Text: sourceName(by), Href: outside(about.URL)}}
	if by.Follows(about) {
		t.By, t.Key = by.Name, factKey("", by, about)
	} else {
		t.When, t.Stale = about.Observed.UTC(), about.Observed.Add(by.Stale).UTC()
	}
	if problem := by.ProblemOf(about); problem != nil {
		t.Failing = problem.Since.UTC()
	}
	return t
}

// sourceName is what a provider is called: by the system, and by its name too if that says more.
func sourceName(by *portal.Provider) string {
	if by.Type == "" || by.Type == by.Name {
		return providerName(by.Name)
	}
	return providerName(by.Type) + " (" + by.Name + ")"
}

// named is somebody whom a live system names: a person of the catalog if it has one of that
// name, or else the name.
func (l *planner) named(from, text string) Link {
	if e := l.PersonNamed(text); e != nil {
		return Link{Text: l.personName(e.Entity), Href: href(from, e.Page())}
	}
	return Link{Text: text}
}

func (l *planner) allNamed(from string, texts []string) []Link {
	var links []Link
	for _, text := range texts {
		links = append(links, l.named(from, text))
	}
	return links
}

// instant returns an absolute time for readers without scripts.
func instant(t time.Time) string { return t.UTC().Format("2 Jan 2006, 15:04 UTC") }

var deploymentStates = map[snapshot.DeploymentState]LiveState{
	snapshot.Queued:     {Noted, "Queued"},
	snapshot.Running:    {Noted, "Deploying"},
	snapshot.Succeeded:  {Good, "Deployed"},
	snapshot.Failed:     {Bad, "Failed"},
	snapshot.Cancelled:  {Warns, "Cancelled"},
	snapshot.RolledBack: {Warns, "Rolled back"},
	snapshot.Inactive:   {Noted, "Replaced"},
}

var healthStates = map[snapshot.HealthState]LiveState{
	snapshot.Healthy:     {Good, "Healthy"},
	snapshot.Progressing: {Noted, "Progressing"},
	snapshot.Degraded:    {Warns, "Degraded"},
	snapshot.Unhealthy:   {Bad, "Unhealthy"},
}

var incidentStates = map[snapshot.IncidentState]LiveState{
	snapshot.Triggered:    {Bad, "Open, not acknowledged"},
	snapshot.Acknowledged: {Warns, "Open, acknowledged"},
	snapshot.Resolved:     {Good, "Resolved"},
}

// stateOf looks a state up. What is not in the table is unknown, whatever it is called.
func stateOf[K comparable](table map[K]LiveState, state K) LiveState {
	if s, ok := table[state]; ok {
		return s
	}
	return LiveState{Unknown, "Unknown"}
}

// number writes a number with as many digits as help.
func number(x float64) string {
	if x >= 1000 || x <= -1000 {
		return strconv.FormatFloat(x, 'f', 0, 64)
	}
	return strconv.FormatFloat(x, 'g', 4, 64)
}

// quantity writes a number with its unit.
func quantity(x float64, unit string) string {
	if unit == "" {
		return number(x)
	}
	return number(x) + "\u00a0" + unit
}

// took writes a duration as people say it: "4 minutes", "2 hours 5 minutes", "3 days".
func took(d time.Duration) string {
	minutes := int(d.Minutes())
	hours, days := minutes/60, minutes/60/24
	part := func(n int, noun string) string { return fmt.Sprintf("%d\u00a0%s", n, plural(n, noun)) }
	switch {
	case d < 0:
		return ""
	case minutes == 0:
		return "less than a minute"
	case hours == 0:
		return part(minutes, "minute")
	case days == 0 && minutes%60 == 0:
		return part(hours, "hour")
	case days == 0:
		return part(hours, "hour") + " " + part(minutes%60, "minute")
	case hours%24 == 0:
		return part(days, "day")
	}
	return part(days, "day") + " " + part(hours%24, "hour")
}

// window writes the window of an objective: "30d" as "30 days".
func window(text string) string {
	n, err := strconv.Atoi(strings.TrimSuffix(text, "d"))
	if err != nil || !strings.HasSuffix(text, "d") {
		return text
	}
	return fmt.Sprintf("%d %s", n, plural(n, "day"))
}
