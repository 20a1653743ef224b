package portal

import (
	"testing"
	"time"

	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

func TestDelivery(t *testing.T) {
	day := time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC)
	a := &catalog.Entity{Ref: catalog.Ref{Kind: "service", Name: "a"}}
	b := &catalog.Entity{Ref: catalog.Ref{Kind: "service", Name: "b"}}
	p := &Portal{Input: Input{Day: day, History: []snapshot.Month{
		{Month: "2026-07", Entities: map[string]map[int]snapshot.Day{"service:a": {31: {Deployed: 100}}}, Leads: map[string]map[int][]int{"service:a": {31: {9000}}}},
		{Month: "2026-08", Entities: map[string]map[int]snapshot.Day{"service:a": {27: {Deployed: 100}, 28: {Deployed: 1}}}},
		{Month: "2026-11", Entities: map[string]map[int]snapshot.Day{
			"service:a": {20: {Deployed: 3}, 26: {Failed: 1, Opened: 2, Restored: []time.Duration{time.Hour, 5 * time.Hour, 2 * time.Hour}}, 27: {Deployed: 100}},
			"service:b": {19: {Deployed: 7}},
		}, Leads: map[string]map[int][]int{"service:a": {20: {20, 300}, 26: {45}}, "service:b": {19: {0, 0, 0}}}},
	}}}
	d := p.DeliveryOf(a)
	if d.Deployed != 4 || d.Failed != 1 || d.Opened != 2 || d.Restore != 2*time.Hour || d.Lead != 45*time.Minute || d.FailureRate() != 20 {
		t.Errorf("of a: %+v", d)
	}
	if first, last := d.Weeks[0], d.Weeks[12]; first.Deployed != 1 || last.Deployed != 3 || last.Failed != 1 || !last.Ends.Equal(day) {
		t.Errorf("the weeks of a: %+v", d.Weeks)
	}
	if both := p.DeliveryOf(a, b); both.Deployed != 11 || both.Weeks[11].Deployed != 7 || both.Lead != 20*time.Minute {
		t.Errorf("of both: %+v", both)
	}
	if quick := p.DeliveryOf(b); quick.Lead != time.Minute || quick.Restore != 0 {
		t.Errorf("of b, whose commits are deployed at once: %+v", quick)
	}
	if nothing := p.DeliveryOf(&catalog.Entity{}); nothing.Known() || nothing.FailureRate() != 0 {
		t.Errorf("of nothing: %+v", nothing)
	}
}
