//go:build !race

package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/signpost-dev/signpost/internal/bench/generate"
)

// most is how many times the processor time of the floor a command may take with 1,000
// services: half as much again as was measured, so that noise passes and a stage done
// twice does not. Both run in turn, so a slow machine is slow for both.
var most = map[string]float64{
	"check":                     1.3,
	"build, cold, nothing kept": 3.6,
	"build, nothing changed":    0.5,
	"build, one runbook edited": 0.9,
	"build, one service edited": 0.9,
}

// It is not part of tests with the race detector: those run side by side, and `make test`
// runs this one by itself.
func TestNoSlowerThanItWas(t *testing.T) {
	dir, err := os.MkdirTemp(memoryFolder(), "signpost-ratio-") // a disk takes whatever time it likes
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	o := options{binary: filepath.Join(dir, "signpost"), floor: filepath.Join(dir, "floor-program")}
	for program, path := range map[string]string{o.binary: "../../cmd/signpost", o.floor: "./floor"} {
		if err := compile(t.Context(), path, program); err != nil {
			t.Fatal(err)
		}
	}
	const services = 1000
	if _, err := generate.Catalog(filepath.Join(dir, "catalog"), services); err != nil {
		t.Fatal(err)
	}
	b := newBench(o, dir, services)
	results, err := b.rounds(t.Context(), 3)
	if err != nil {
		t.Fatal(err)
	}
	cpu := func(r cost) float64 { return r.cpu.Seconds() }
	floor := median(results[0], cpu)
	for i, s := range scenarios {
		ratio := median(results[i], cpu) / floor
		t.Logf("%-28s %5.2f × the floor's %.2f s", s.name, ratio, floor)
		if limit, ok := most[s.name]; ok && ratio > limit {
			t.Errorf("%s took %.2f times the floor's processor time, more than %.2f", s.name, ratio, limit)
		}
	}
}
