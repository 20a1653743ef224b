//go:build !linux

package costs

import "time"

var epoch = time.Now()

// threadTime falls back to the clock where threads cannot be asked.
func threadTime() time.Duration { return time.Since(epoch) }
