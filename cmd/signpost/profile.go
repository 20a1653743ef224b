package main

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
	"runtime/trace"

	"github.com/spf13/cobra"
)

// profiler writes profiles of a run, for `go tool pprof` and `go tool trace`: so that
// whoever finds a catalog slow can say where the time goes.
type profiler struct {
	cpu, memory, events string // files to write; empty: none

	profile, trace *os.File // that are being written
}

func (p *profiler) addTo(root *cobra.Command) {
	flags := root.PersistentFlags()
	flags.StringVar(&p.cpu, "cpuprofile", "", "write a CPU profile to this file")
	flags.StringVar(&p.memory, "memprofile", "", "write a profile of allocations to this file")
	flags.StringVar(&p.events, "trace", "", "write a trace of the run to this file")
	root.PersistentPreRunE = func(*cobra.Command, []string) error { return p.start() }
}

func (p *profiler) start() (err error) {
	if p.cpu != "" {
		if p.profile, err = os.Create(p.cpu); err == nil {
			err = pprof.StartCPUProfile(p.profile)
		}
	}
	if err == nil && p.events != "" {
		if p.trace, err = os.Create(p.events); err == nil {
			err = trace.Start(p.trace)
		}
	}
	if err != nil {
		return fmt.Errorf("profiling: %w", err)
	}
	return nil
}

// stop finishes the profiles that were asked for.
func (p *profiler) stop() error {
	var failed []error
	if p.profile != nil {
		pprof.StopCPUProfile()
		failed = append(failed, p.profile.Close())
	}
	if p.trace != nil {
		trace.Stop()
		failed = append(failed, p.trace.Close())
	}
	if p.memory != "" {
		failed = append(failed, writeAllocations(p.memory))
	}
	return errors.Join(failed...)
}

func writeAllocations(name string) error {
	f, err := os.Create(name)
	if err != nil {
		return fmt.Errorf("profiling: %w", err)
	}
	defer f.Close()
	runtime.GC() // so that what is still in use is counted too
	if err := pprof.Lookup("allocs").WriteTo(f, 0); err != nil {
		return fmt.Errorf("profiling: %w", err)
	}
	return f.Close()
}
