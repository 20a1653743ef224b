package portal

import (
	"slices"
	"strings"

	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// lowestAwake is the lowest tier for which somebody is woken at night.
const lowestAwake = 2

// NowPage returns the path of the page for whoever is called about an entity: services of
// tiers 1 and 2 have one. It is empty for all else. No kind's pages lie in this folder, whose
// name is reserved.
func (p *Portal) NowPage(e *Entity) string {
	if e.Kind.Name != "service" || e.Tier < 1 || e.Tier > lowestAwake {
		return ""
	}
	_, below, _ := strings.Cut(e.Page(), "/")
	return "now/" + below
}

// watching are the types of providers that tell of incidents or alerts, even while there is
// none of either. Those that read a file are among them if the file does.
var watching = []string{"alertmanager", "datadog", "jsm", "opsgenie", "pagerduty"}

// Watching returns the live systems that tell of incidents or alerts, by name. That no alarm
// is known means something only as far as these were read.
func (p *Portal) Watching() []*Provider {
	var all []*Provider
	for _, by := range p.providers {
		if by.watches {
			all = append(all, by)
		}
	}
	return all
}

// watches reports whether the system of a snapshot tells of incidents or alerts.
func watches(f snapshot.File) bool {
	return len(f.Alerts)+len(f.Incidents) > 0 || slices.Contains(watching, f.Type)
}

// Before returns the deployment whose version ran before the one that runs: what to go back
// to. Where no such deployment is known, but its version is, that alone is set.
func (p *LivePlace) Before() (d Told[snapshot.Deployment], ok bool) {
	running, ok := p.Running()
	if !ok {
		return d, false
	}
	version := func(d snapshot.Deployment) string { return d.Version + "\x00" + d.Commit }
	for _, d := range p.Deployments {
		ran := d.Fact.State == snapshot.Succeeded || d.Fact.State == snapshot.Inactive
		if ran && d.Fact.At.Before(running.Fact.At) && version(d.Fact) != version(running.Fact) {
			return d, true
		}
	}
	if running.Fact.Previous == "" || running.Fact.Previous == running.Fact.Version {
		return d, false
	}
	d.By, d.Fact.About, d.Fact.Version = running.By, running.Fact.About, running.Fact.Previous
	return d, true
}
