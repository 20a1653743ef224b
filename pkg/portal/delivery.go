package portal

import (
	"slices"
	"time"

	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// deliveryWeeks is how far back figures about delivery go.
const deliveryWeeks = 13

// Delivery is how one or more entities are delivered, in the weeks before the build: the four
// figures of DORA (dora.dev), of deployments to whatever environment.
type Delivery struct {
	Weeks    []DeliveryWeek // the oldest first
	Deployed int            // deployments that went well
	Failed   int            // deployments that failed or were rolled back
	Opened   int            // incidents
	Restore  time.Duration  // median time from the beginning of an incident to its end; 0 if none ended
	Lead     time.Duration  // median time from a commit to its deployment; 0 if that is not known
}

// DeliveryWeek is one week of it.
type DeliveryWeek struct {
	Ends             time.Time // the last of its seven days
	Deployed, Failed int
}

// Known reports whether anything has happened.
func (d Delivery) Known() bool { return d.Deployed+d.Failed+d.Opened > 0 }

// PerWeek is how often something is deployed.
func (d Delivery) PerWeek() float64 { return float64(d.Deployed) / deliveryWeeks }

// FailureRate is the share of deployments that failed, in percent.
func (d Delivery) FailureRate() int {
	if d.Deployed+d.Failed == 0 {
		return 0
	}
	return (100*d.Failed + (d.Deployed+d.Failed)/2) / (d.Deployed + d.Failed)
}

// DeliveryOf returns the figures of entities together.
func (p *Portal) DeliveryOf(entities ...*catalog.Entity) Delivery {
	d := Delivery{Weeks: make([]DeliveryWeek, deliveryWeeks)}
	for i := range d.Weeks {
		d.Weeks[i].Ends = p.Day.AddDate(0, 0, -7*(deliveryWeeks-1-i))
	}
	var restored, leads []time.Duration
	for _, m := range p.History {
		first, err := time.Parse("2006-01", m.Month)
		if err != nil || first.AddDate(0, 1, 0).Before(p.Day.AddDate(0, 0, -7*deliveryWeeks)) {
			continue
		}
		for _, e := range entities {
			for n, day := range m.Entities[e.Ref.String()] {
				if d.add(p.Day, first.AddDate(0, 0, n-1), day) {
					restored = append(restored, day.Restored...)
				}
			}
			for n, minutes := range m.Leads[e.Ref.String()] {
				if _, ok := weekOf(p.Day, first.AddDate(0, 0, n-1)); !ok {
					continue
				}
				for _, lead := range minutes {
					leads = append(leads, time.Duration(lead)*time.Minute)
				}
			}
		}
	}
	d.Restore, d.Lead = median(restored), median(leads)
	return d
}

// median returns the middle of durations, of an even number the longer; 0 of none. What took
// less than a minute counts as a minute, since 0 means that nothing is known.
func median(all []time.Duration) time.Duration {
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return max(all[len(all)/2], time.Minute)
}

// weekOf returns in which of the weeks a day is. It reports false for days outside them.
func weekOf(today, at time.Time) (week int, ok bool) {
	back := int(today.Sub(at).Hours() / 24)
	return deliveryWeeks - 1 - back/7, back >= 0 && back < 7*deliveryWeeks
}

// add counts a day, if it is one of the weeks.
func (d *Delivery) add(today, at time.Time, day snapshot.Day) bool {
	n, ok := weekOf(today, at)
	if !ok {
		return false
	}
	week := &d.Weeks[n]
	week.Deployed += day.Deployed
	week.Failed += day.Failed
	d.Deployed += day.Deployed
	d.Failed += day.Failed
	d.Opened += day.Opened
	return true
}
