package datadog

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/provider/fact"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// health tells how the monitors of a service stand, all together, where a descriptor asks
// for health. With["env"] is the value of the tag env if that is not the environment's name.
func health(subjects []provider.Subject, monitors []monitor, now time.Time) []snapshot.Health {
	var facts []snapshot.Health
	for _, s := range fact.Of(subjects, provider.Health) {
		count := map[snapshot.AlertState]int{}
		n := 0
		for _, m := range monitors {
			if m.watches(s) {
				count[stateOf(m.State)]++
				n++
			}
		}
		f := snapshot.Health{State: worst(count)}
		f.ID, f.Entity, f.Environment, f.Observed = fact.ID(s), s.Entity, s.Environment, now.UTC()
		f.Message = fmt.Sprintf("Of %d monitors %d alert, %d warn and %d have no data", n, count[snapshot.Firing], count[snapshot.Pending], count[snapshot.NoData])
		facts = append(facts, f)
	}
	return facts
}

// worst is the health that monitors amount to. One without data may hide anything.
func worst(count map[snapshot.AlertState]int) snapshot.HealthState {
	switch {
	case count[snapshot.Firing] > 0:
		return snapshot.Unhealthy
	case count[snapshot.Pending] > 0:
		return snapshot.Degraded
	case count[snapshot.NoData] > 0 || count[snapshot.Quiet] == 0:
		return snapshot.Unknown
	}
	return snapshot.Healthy
}

// watches says whether a monitor is about the service of a subject in its environment. One
// without the tag env is about all of them.
func (m monitor) watches(s provider.Subject) bool {
	service := cmp.Or(s.With["service"], fact.Called(s.Entity))
	if !slices.ContainsFunc(servicesIn(m.Tags...), func(name string) bool { return strings.EqualFold(name, service) }) {
		return false
	}
	tagged := false
	for _, t := range m.Tags {
		if env, ok := strings.CutPrefix(t, "env:"); ok {
			if s.Environment == "" || strings.EqualFold(env, cmp.Or(s.With["env"], s.Environment)) {
				return true
			}
			tagged = true
		}
	}
	return !tagged
}
