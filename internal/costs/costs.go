// Package costs measures in tests what a piece of work takes, so that input which is
// made to be slow or large is seen to be refused or bounded.
//
// It counts the processor time of the one thread that works and not the clock on the
// wall: beside other tests on a busy machine the same work takes several times as long.
package costs

import (
	"runtime"
	"testing"
	"time"
)

// Limit is what work may take.
type Limit struct {
	Time  time.Duration // without the race detector, which is allowed raceFactor times as much
	Bytes uint64        // allocated in all, also what was freed again; 0 for no limit
}

// Within fails the test if work, done on this goroutine, takes more than a limit. It
// returns the time taken. Bytes count those of all goroutines, so tests that limit them
// must not be parallel.
func Within(t testing.TB, what string, limit Limit, work func()) time.Duration {
	t.Helper()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := threadTime()
	work()
	took := threadTime() - start
	runtime.ReadMemStats(&after)
	if most := limit.Time * raceFactor; took > most {
		t.Errorf("%s: took %v of processor time, more than %v", what, took, most)
	}
	if bytes := after.TotalAlloc - before.TotalAlloc; limit.Bytes > 0 && bytes > limit.Bytes {
		t.Errorf("%s: allocated %d MiB, more than %d MiB", what, bytes>>20, limit.Bytes>>20)
	}
	return took
}
