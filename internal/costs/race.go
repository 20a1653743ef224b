//go:build race

package costs

// The race detector makes programs five to fifteen times slower
// (https://go.dev/doc/articles/race_detector).
const raceFactor = 10
