package site

import "time"

// timed does a stage of a build and says how long it took.
func (b *builder) timed(stage string, do func() error) error {
	if b.Timing == nil {
		return do()
	}
	began := time.Now()
	err := do()
	b.Timing(stage, time.Since(began))
	return err
}
