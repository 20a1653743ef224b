package portal

import (
	"encoding/json"
	"time"

	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// Follows reports whether a fact is as new as the last reading of its provider, so that its
// age changes with every reading. Other facts stay as old as they are: those of an entity
// that could not be read, and those that the system itself has last looked at long ago.
func (p *Provider) Follows(fact snapshot.About) bool {
	return p.ProblemOf(fact) == nil && p.Fetched.Sub(fact.Observed) <= p.Stale
}

// MarshalJSON writes what pages say of a fact. They leave to the files of package site's
// live.go what every reading brings: when it was, and figures. So what is written here is the
// same as long as pages are.
func (t Told[T]) MarshalJSON() ([]byte, error) {
	still := t.Fact
	switch f := any(&still).(type) {
	case *snapshot.Health:
		f.Measures = stillMeasures(f.Measures)
	case *snapshot.Deployment:
		f.Behind = nil // see Live.Ahead
	case *snapshot.Objective:
		*f = snapshot.Objective{About: f.About, Name: f.Name, Target: f.Target, Window: f.Window, Actual: -1, Budget: float64(f.Left())}
		if t.met() {
			f.Actual = 0
		}
	}
	if a, ok := any(&still).(interface{ Common() *snapshot.About }); ok && t.By.Follows(*a.Common()) {
		a.Common().Observed = time.Time{}
	}
	return json.Marshal([]any{still, t.By})
}

// met reports whether the fact is an objective that is reached.
func (t Told[T]) met() bool {
	o, ok := any(&t.Fact).(*snapshot.Objective)
	return ok && o.Met()
}

// stillMeasures are measures as pages tell of them in words.
func stillMeasures(all []snapshot.Measure) []snapshot.Measure {
	var still []snapshot.Measure
	for _, m := range all {
		still = append(still, snapshot.Measure{Name: m.Name, Unit: string(m.Trend())})
	}
	return still
}
