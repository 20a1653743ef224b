package site

import (
	"fmt"
	"time"

	"github.com/signpost-dev/signpost/pkg/catalog"
)

// DeliveryView is how something is delivered, in the weeks before the build.
type DeliveryView struct {
	Rows []Fact
	Bars []DeliveryBar // the oldest week first
	From time.Time     // last day of the first week
	To   time.Time     // of the last
}

// DeliveryBar is a week of a chart of deliveryHeight units: those that went well, and on
// top of them those that failed.
type DeliveryBar struct {
	X, Y, Height         int
	FailedY, FailedUnits int
	Ends                 time.Time
	Deployed, Failed     int
}

// The size of the chart.
const (
	deliveryHeight = 48
	deliveryStep   = 20
)

// delivery works out the view of entities together; nil if nothing is known.
func (l *planner) delivery(entities ...*catalog.Entity) *DeliveryView {
	d := l.DeliveryOf(entities...)
	if !d.Known() {
		return nil
	}
	row := func(title, help, text string) Fact {
		return Fact{Title: title, Help: help, Values: []Link{{Text: text}}}
	}
	v := &DeliveryView{From: d.Weeks[0].Ends, To: d.Weeks[len(d.Weeks)-1].Ends, Rows: []Fact{
		row("Deployed", "How often a deployment goes well, in the last thirteen weeks.", fmt.Sprintf("%.1f times a week", d.PerWeek())),
		row("Failed", "The share of deployments that failed or were rolled back.", fmt.Sprintf("%d %% of %d deployments", d.FailureRate(), d.Deployed+d.Failed)),
	}}
	if d.Lead > 0 {
		v.Rows = append(v.Rows, row("Lead time", "From a commit to its first deployment in an environment: half took no longer than this.", took(d.Lead)))
	}
	if d.Opened > 0 {
		v.Rows = append(v.Rows, row("Incidents", "Incidents that began in the last thirteen weeks.", fmt.Sprint(d.Opened)))
	}
	if d.Restore > 0 {
		v.Rows = append(v.Rows, row("Restored after", "Half of the incidents took no longer than this.", took(d.Restore)))
	}
	most := 1
	for _, w := range d.Weeks {
		most = max(most, w.Deployed+w.Failed)
	}
	for i, w := range d.Weeks {
		well, failed := w.Deployed*deliveryHeight/most, w.Failed*deliveryHeight/most
		v.Bars = append(v.Bars, DeliveryBar{
			X: i * deliveryStep, Y: deliveryHeight - well, Height: well, FailedY: deliveryHeight - well - failed, FailedUnits: failed,
			Ends: w.Ends, Deployed: w.Deployed, Failed: w.Failed,
		})
	}
	return v
}
