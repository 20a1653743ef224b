//go:build unix

package main

import (
	"os"
	"runtime"
	"syscall"
)

// peakMemory returns how much memory a process that has ended used at most, in
// bytes. Linux counts what its parent held when it was started too, so the parent
// keeps itself small.
func peakMemory(state *os.ProcessState) int64 {
	usage, ok := state.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	if runtime.GOOS == "darwin" {
		return int64(usage.Maxrss)
	}
	return int64(usage.Maxrss) << 10
}
