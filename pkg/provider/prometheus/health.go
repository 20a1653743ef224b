package prometheus

import (
	"fmt"

	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// stateOf returns what the numbers of a health query mean: 0 is unhealthy, everything else
// healthy. If there are some of both, parts of it are down. NaN and infinite numbers come
// from dividing by zero and mean nothing, and no series at all may mean that nobody
// measures: both are unknown, never healthy.
func stateOf(numbers []float64) (snapshot.HealthState, string) {
	var up, down, odd int
	for _, x := range numbers {
		switch {
		case !finite(x):
			odd++
		case x == 0:
			down++
		default:
			up++
		}
	}
	switch {
	case len(numbers) == 0:
		return snapshot.Unknown, "the query gives no series"
	case down > 0 && up > 0:
		return snapshot.Degraded, fmt.Sprintf("%d of %d series are 0", down, len(numbers))
	case down > 0:
		return snapshot.Unhealthy, ""
	case odd > 0:
		return snapshot.Unknown, fmt.Sprintf("%d of %d series are no number", odd, len(numbers))
	}
	return snapshot.Healthy, ""
}
