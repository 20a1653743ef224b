package costs

import (
	"syscall"
	"time"
)

// threadTime returns the processor time that this thread has taken (getrusage(2)).
func threadTime() time.Duration {
	const thread = 1 // RUSAGE_THREAD, which package syscall does not name
	var used syscall.Rusage
	if err := syscall.Getrusage(thread, &used); err != nil {
		panic(err) // cannot happen: both arguments are good
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
