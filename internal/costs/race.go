//go:build race

package costs

// The race detector makes programs five to fifteen times slower
// (https://go.dev/doc/articles/race_detector).
const (
	raceFactor = 10

	// Racing says that the race detector is on, so that a test may do with less of the same.
	Racing = true
)
