package prometheus

import (
	"context"
	"time"

	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/provider/connect"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// measures are the numbers that a subject may ask for beside its health.
var measures = []struct {
	key, name, unit string
	baselines       []string // keys of the query for what is usual
}{
	{"errors", "Errors", "%", []string{"errorsBaseline"}},
	{"latency", "P99", "ms", []string{"latencyBaseline", "baseline"}},
}

// measure asks for the measures of a subject. Those that have no number now are left out.
func (p *prometheus) measure(ctx context.Context, s provider.Subject, now time.Time) ([]snapshot.Measure, error) {
	var all []snapshot.Measure
	var failed []error
	for _, m := range measures {
		query := s.With[m.key]
		if query == "" {
			continue
		}
		value, err := p.one(ctx, query, now)
		if err != nil {
			failed = append(failed, about(m.key, err))
		}
		if value == nil {
			continue
		}
		measure := snapshot.Measure{Name: m.name, Value: *value, Unit: m.unit}
		if measure.Baseline, err = p.baseline(ctx, s, query, m.baselines, now); err != nil {
			failed = append(failed, err)
		}
		all = append(all, measure)
	}
	return all, together(failed)
}

// baseline returns what a measure usually is; nil if that is not known. Prometheus may keep
// less than seven days or refuse to look that far back, which is no error.
func (p *prometheus) baseline(ctx context.Context, s provider.Subject, query string, keys []string, now time.Time) (*float64, error) {
	for _, key := range keys {
		if other := s.With[key]; other != "" {
			value, err := p.one(ctx, other, now)
			if err != nil {
				return nil, about(key, err)
			}
			return value, nil
		}
	}
	value, err := p.one(ctx, query, now.Add(-baselineAge))
	if err != nil && provider.ProblemOf(err).Kind != snapshot.Config {
		return nil, about("baseline of seven days before", err)
	}
	return value, nil
}

// one returns the one number that a query gives; nil if it gives no series, NaN or an
// infinite number, as a share of no requests does.
func (p *prometheus) one(ctx context.Context, query string, at time.Time) (*float64, error) {
	numbers, err := p.ask(ctx, query, at)
	if err != nil {
		return nil, err
	}
	if len(numbers) > 1 {
		return nil, connect.Wrong("the query gives %d series and has to give one number; put sum() or max() around it", len(numbers))
	}
	if len(numbers) == 0 || !finite(numbers[0]) {
		return nil, nil
	}
	return &numbers[0], nil
}
