// Command bench measures check and build as their users meet them: whole processes
// on generated catalogs, cold, unchanged and after one edit. It prints the tables of
// docs/performance.md:
//
//	go run ./internal/bench --services 1000,10000 --rounds 5
//
// It asserts nothing: a figure that depends on the machine makes a poor test.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	pathpkg "path"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/signpost-dev/signpost/internal/bench/generate"
)

type options struct {
	services []int
	rounds   int
	folder   string // to generate and build in
	binary   string // empty: built from this module
	floor    string // the program to compare with
}

// compile builds one of our programs; the path is relative to this package.
func compile(ctx context.Context, path, to string) error {
	const here = "github.com/signpost-dev/signpost/internal/bench/"
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", to, pathpkg.Join(here, path))
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("building %s (run this in the repository): %w\n%s", path, err, out)
	}
	return nil
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintf(os.Stderr, "bench: %v\n", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	o, err := parse(args)
	if err != nil {
		return err
	}
	work, err := os.MkdirTemp(o.folder, "signpost-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	if o.binary == "" {
		o.binary = filepath.Join(work, "signpost")
		if err := compile(ctx, "../../cmd/signpost", o.binary); err != nil {
			return err
		}
	}
	o.floor = filepath.Join(work, "floor")
	if err := compile(ctx, "./floor", o.floor); err != nil {
		return err
	}
	fmt.Println(machine())
	for _, n := range o.services {
		if err := measure(ctx, o, filepath.Join(work, strconv.Itoa(n)), n); err != nil {
			return fmt.Errorf("%d services: %w", n, err)
		}
	}
	return nil
}

func parse(args []string) (options, error) {
	o := options{folder: memoryFolder()}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	services := flags.String("services", "1000,10000", "sizes of the catalogs, in services")
	flags.IntVar(&o.rounds, "rounds", 5, "how often each command runs; medians are printed")
	flags.StringVar(&o.folder, "folder", o.folder, "where to generate and build; best in memory, so that the disk is not measured")
	flags.StringVar(&o.binary, "binary", "", "the signpost to measure (default: built from here)")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	for size := range strings.SplitSeq(*services, ",") {
		n, err := strconv.Atoi(size)
		if err != nil || n < 1 {
			return o, fmt.Errorf("--services: %q is not a number of services", size)
		}
		o.services = append(o.services, n)
	}
	if o.rounds < 1 {
		return o, fmt.Errorf("--rounds: %d is not enough; at least 1", o.rounds)
	}
	return o, nil
}

// measure generates one catalog, and prints what checking and building it take.
func measure(ctx context.Context, o options, dir string, services int) error {
	catalog, site := filepath.Join(dir, "catalog"), filepath.Join(dir, "site")
	shape, err := generate.Catalog(catalog, services)
	if err != nil {
		return err
	}
	fmt.Printf("\n## %s services\n\n%s\n\n", thousands(services), describe(shape))
	b := newBench(o, dir, services)
	if err := b.addPeers(); err != nil {
		return err
	}
	results, err := b.rounds(ctx, o.rounds)
	if err != nil {
		return err
	}
	printTimes(os.Stdout, b.all(), results)
	sizes, err := weigh(site, services)
	if err != nil {
		return err
	}
	sizes.print(os.Stdout, shape.Entities())
	edited, err := b.preview(ctx)
	if err != nil {
		return err
	}
	edited.print(os.Stdout)
	return os.RemoveAll(dir)
}

// newBench names the folders of a catalog that lies in dir/catalog.
func newBench(o options, dir string, services int) *bench {
	return &bench{
		binary: o.binary, floor: o.floor, services: services,
		catalog: filepath.Join(dir, "catalog"), site: filepath.Join(dir, "site"),
		plain: filepath.Join(dir, "floor"), cache: filepath.Join(dir, "cache"),
	}
}

func describe(s generate.Shape) string {
	return fmt.Sprintf("%s entities (%s teams, %s people, %s systems, %s domains), %s documents with %s blocks of code; %s files, %.1f MB.",
		thousands(s.Entities()), thousands(s.Teams), thousands(s.People), thousands(s.Systems), thousands(s.Domains),
		thousands(s.Documents()), thousands(s.CodeBlocks), thousands(s.Files), float64(s.Bytes)/1e6)
}

// machine says what the figures were measured on.
func machine() string {
	return fmt.Sprintf("%s, load average %s at the start.", hardware(), loadAverage())
}
