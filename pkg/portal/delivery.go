package portal

import (
	"slices"
	"time"

	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// deliveryWeeks is how far back figures about delivery go.
const deliveryWeeks = 13

// Delivery is how one or more entities are delivered, in the weeks before the build: three
// of the four figures of DORA (dora.dev). Lead time is not among them, since no provider
// tells when a change was begun.
type Delivery struct {
	Weeks    []DeliveryWeek // the oldest first
	Deployed int            // deployments that went well
	Failed   int            // deployments that failed or were rolled back
	Opened   int            // incidents
	Restore  time.Duration  // median time from the beginning of an incident to its end; 0 if none ended
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
	var restored []time.Duration
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
		}
	}
	if slices.Sort(restored); len(restored) > 0 {
		d.Restore = restored[len(restored)/2]
	}
	return d
}

// add counts a day, if it is one of the weeks.
func (d *Delivery) add(today, at time.Time, day snapshot.Day) bool {
	back := int(today.Sub(at).Hours() / 24)
	if back < 0 || back >= 7*deliveryWeeks {
		return false
	}
	week := &d.Weeks[deliveryWeeks-1-back/7]
	week.Deployed += day.Deployed
	week.Failed += day.Failed
	d.Deployed += day.Deployed
	d.Failed += day.Failed
	d.Opened += day.Opened
	return true
}
