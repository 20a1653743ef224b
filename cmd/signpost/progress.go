package main

import (
	"io"
	"sync"

	"github.com/schollz/progressbar/v3"
)

// progressOn shows how far a build has come, on a terminal. Elsewhere it is
// silent: logs are read afterwards.
func progressOn(w io.Writer) func(stage string, done, total int) {
	if !isTerminal(w) {
		return nil
	}
	var mu sync.Mutex
	var bar *progressbar.ProgressBar
	var current string
	return func(stage string, done, total int) {
		mu.Lock()
		defer mu.Unlock()
		if stage != current {
			current = stage
			bar = progressbar.NewOptions(total,
				progressbar.OptionSetWriter(w), progressbar.OptionSetDescription(stage),
				progressbar.OptionClearOnFinish(), progressbar.OptionSetWidth(30), progressbar.OptionShowCount(),
			)
		}
		if done > int(bar.State().CurrentNum) {
			_ = bar.Set(done) // a bar that cannot be drawn is no reason to stop
		}
	}
}
