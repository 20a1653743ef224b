//go:build !race

package costs

const (
	raceFactor = 1
	Racing     = false
)
