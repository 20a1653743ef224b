package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/signpost-dev/signpost/internal/bench/generate"
)

// day is the --now of all runs, so that figures of different days compare.
const day = "2026-11-23T12:00:00Z"

// bench runs commands on one generated catalog.
type bench struct {
	binary, floor        string // programs
	catalog, site, plain string // folders: source, our output, the floor's
	cache                string
	services             int
	edits                int
	peers                []scenario // of Hugo and Pagefind, if they are installed
}

// cost is what one process took.
type cost struct {
	wall, cpu time.Duration
	peak      int64 // resident bytes at most; 0 where the system does not say
}

// scenario is one row of the table: what to do before, unmeasured, and what to run.
type scenario struct {
	name    string
	prepare func(b *bench) error
	command func(b *bench) []string
}

// scenarios follow one another: each build finds the site of the one before. The floor
// stands among them, so that a busy minute of the machine falls on it as on the others.
var scenarios = []scenario{
	{"floor", removing(func(b *bench) string { return b.plain }), func(b *bench) []string { return []string{b.floor, b.catalog, b.plain} }},
	{"check", nothing, checking},
	{"build, cold", (*bench).forget, building()},
	{"build, cold, nothing kept", removing(func(b *bench) string { return b.site }), building("--no-cache")},
	{"build, cold, plain code, no full text", removing(func(b *bench) string { return b.site }), building("--no-cache", "--no-highlight", "--no-full-text")},
	{"build, kept", (*bench).forget, building()}, // so that the next finds a site and a cache
	{"build, nothing changed", nothing, building()},
	{"build, one runbook edited", func(b *bench) error { return b.edit(generate.RunbookOf(b.services / 2)) }, building()},
	{"build, one service edited", func(b *bench) error { return b.edit(generate.DescriptorOf(b.services / 2)) }, building()},
}

func nothing(*bench) error { return nil }

func removing(what func(b *bench) string) func(b *bench) error {
	return func(b *bench) error { return os.RemoveAll(what(b)) }
}

// forget takes away the site and what builds remember.
func (b *bench) forget() error { return errors.Join(os.RemoveAll(b.site), os.RemoveAll(b.cache)) }

func checking(b *bench) []string { return []string{b.binary, "check", b.catalog, "--now", day} }

func building(flags ...string) func(b *bench) []string {
	return func(b *bench) []string {
		args := []string{b.binary, "build", b.catalog, "--out", b.site, "--now", day}
		if len(flags) == 0 {
			flags = []string{"--cache", b.cache}
		}
		return append(args, flags...)
	}
}

// edit changes a file: a descriptor gets another tag, a document another sentence.
func (b *bench) edit(name string) error {
	b.edits++
	path := filepath.Join(b.catalog, filepath.FromSlash(name))
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if strings.HasSuffix(name, ".md") {
		text = fmt.Appendf(text, "\nSomebody has edited this for the %dth time.\n", b.edits)
	} else {
		text = bytes.Replace(text, []byte("tags: ["), fmt.Appendf(nil, "tags: [edit-%d, ", b.edits), 1)
	}
	return os.WriteFile(path, text, 0o666)
}

// all are our scenarios and those of the peers.
func (b *bench) all() []scenario { return append(slices.Clone(scenarios), b.peers...) }

// rounds runs all scenarios in turn, several times, so that a busy minute of the
// machine does not fall on one of them alone.
func (b *bench) rounds(ctx context.Context, n int) ([][]cost, error) {
	all := b.all()
	results := make([][]cost, len(all))
	for range n {
		for i, s := range all {
			if err := s.prepare(b); err != nil {
				return nil, err
			}
			r, err := b.run(ctx, s.command(b))
			if err != nil {
				return nil, fmt.Errorf("%s: %w", s.name, err)
			}
			results[i] = append(results[i], r)
		}
	}
	return results, nil
}

// run measures one process from its start to its end.
func (b *bench) run(ctx context.Context, args []string) (cost, error) {
	var said bytes.Buffer
	command := exec.CommandContext(ctx, args[0], args[1:]...)
	command.Stdout, command.Stderr = &said, &said
	began := time.Now()
	err := command.Run()
	wall := time.Since(began)
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		return cost{}, fmt.Errorf("%w:\n%s", err, said.Bytes())
	}
	if err != nil {
		return cost{}, err
	}
	state := command.ProcessState
	return cost{wall: wall, cpu: state.UserTime() + state.SystemTime(), peak: peakMemory(state)}, nil
}

// printTimes prints a row for each scenario, and how many times the floor's time it took.
func printTimes(w io.Writer, all []scenario, results [][]cost) {
	fmt.Fprint(w, "| command | time | × floor | CPU time | peak memory |\n|---|---:|---:|---:|---:|\n")
	wall := func(r cost) float64 { return r.wall.Seconds() }
	floor := median(results[0], wall)
	for i, s := range all {
		runs := results[i]
		fmt.Fprintf(w, "| %s | %.2f s | %.2f | %.2f s | %s |\n", s.name, median(runs, wall), median(runs, wall)/floor,
			median(runs, func(r cost) float64 { return r.cpu.Seconds() }),
			mebibytes(median(runs, func(r cost) float64 { return float64(r.peak) })))
	}
}

func median(runs []cost, of func(cost) float64) float64 {
	var all []float64
	for _, r := range runs {
		all = append(all, of(r))
	}
	slices.Sort(all)
	if n := len(all); n%2 == 0 {
		return (all[n/2-1] + all[n/2]) / 2
	}
	return all[len(all)/2]
}

func mebibytes(n float64) string {
	if n == 0 {
		return "unknown"
	}
	return fmt.Sprintf("%.0f MiB", n/(1<<20))
}
