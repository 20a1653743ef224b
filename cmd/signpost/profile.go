package main

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"

	"github.com/spf13/cobra"
)

// profiler writes profiles of a run, for `go tool pprof`. Its flags are for those who
// work on signpost itself, and so no help shows them.
type profiler struct {
	cpu, memory string   // files to write; empty: none
	running     *os.File // of the CPU profile
}

func (p *profiler) addTo(root *cobra.Command) {
	flags := root.PersistentFlags()
	flags.StringVar(&p.cpu, "cpuprofile", "", "write a CPU profile to this file")
	flags.StringVar(&p.memory, "memprofile", "", "write a profile of allocations to this file")
	for _, name := range []string{"cpuprofile", "memprofile"} {
		_ = flags.MarkHidden(name) // fails for unknown flags only
	}
	root.PersistentPreRunE = func(*cobra.Command, []string) error { return p.start() }
}

func (p *profiler) start() error {
	if p.cpu == "" {
		return nil
	}
	f, err := os.Create(p.cpu)
	if err != nil {
		return fmt.Errorf("profiling: %w", err)
	}
	p.running = f
	return pprof.StartCPUProfile(f)
}

// stop finishes the profiles that were asked for.
func (p *profiler) stop() error {
	var failed []error
	if p.running != nil {
		pprof.StopCPUProfile()
		failed = append(failed, p.running.Close())
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
