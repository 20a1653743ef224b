package snapshot

import "math"

// Live systems tell numbers that differ a little each time they are asked. What this file
// makes of them changes only when there is something to know, so that a page that shows it
// need not be written anew for each reading.

// Trend is how a measure compares with what it usually is.
type Trend string

// The trends. Within a fifth of what is usual, nothing has changed.
const (
	Unclear Trend = "" // nothing says what is usual
	Below   Trend = "below"
	Near    Trend = "near"
	Above   Trend = "above"
)

const usualRange = 1.2

// Trend compares the measure with its baseline.
func (m Measure) Trend() Trend {
	switch {
	case m.Baseline == nil:
		return Unclear
	case m.Value > *m.Baseline*usualRange:
		return Above
	case m.Value*usualRange < *m.Baseline:
		return Below
	}
	return Near
}

// Met reports whether the objective is reached at present.
func (o Objective) Met() bool { return o.Actual >= o.Target }

// Left is how much of the error budget is left, in tens of percent: 0 to 100, or below 0
// when it is overspent.
func (o Objective) Left() int {
	if o.Budget < 0 {
		return -1
	}
	return int(math.Round(min(o.Budget, 100)/10)) * 10
}
