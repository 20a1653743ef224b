// Command signpost compiles a catalog of services, kept in Git, into a static
// developer portal, and checks the catalog on the way.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	_ "time/tzdata" // rotations name time zones, and slim machines have no list of them

	"github.com/spf13/cobra"

	"github.com/signpost-dev/signpost/pkg/diag"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := run(ctx, os.Args[1:], env{os.Stdin, os.Stdout, os.Stderr, os.Getenv})
	stop()
	os.Exit(status) // the only one in the program
}

// env is what the program sees of the world around it.
type env struct {
	stdin  io.Reader
	stdout io.Writer // the report that was asked for
	stderr io.Writer // what is said about the run
	getenv func(string) string
}

// Exit statuses.
const (
	statusFine     = 0
	statusFindings = 1 // findings at or above --fail-on
	statusUsage    = 2 // wrong usage
	statusFailed   = 3 // could not read, write or reach something
)

// errFindings ends a command whose report says that something is to be mended.
var errFindings = errors.New("findings")

// usageError is a mistake in how a command was called.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

func run(ctx context.Context, args []string, e env) int {
	root := newRoot(e)
	root.SetArgs(args)
	var profiles profiler
	profiles.addTo(root)
	command, err := root.ExecuteContextC(ctx)
	if failed := profiles.stop(); err == nil {
		err = failed
	}
	var usage usageError
	switch {
	case err == nil:
		return statusFine
	case errors.Is(err, errFindings):
		return statusFindings
	case errors.As(err, &usage), isUnknownCommand(err):
		fmt.Fprintf(e.stderr, "signpost: %v\nTry `%s --help`.\n", err, command.CommandPath())
		return statusUsage
	case ctx.Err() != nil:
		fmt.Fprintln(e.stderr, "signpost: interrupted")
		return statusFailed
	}
	fmt.Fprintf(e.stderr, "signpost: %v\n", err)
	return statusFailed
}

// isUnknownCommand recognises the one usage error that cobra makes without
// letting us mark it.
func isUnknownCommand(err error) bool {
	return strings.HasPrefix(err.Error(), "unknown command")
}

func newRoot(e env) *cobra.Command {
	root := &cobra.Command{
		Use:           "signpost",
		Short:         "A developer portal compiled from Git",
		Long:          "Signpost checks a catalog of services that is kept in Git and compiles it into a static, searchable site.",
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usageError{unknownCommand(c, args[0])}
			}
			return c.Help()
		},
	}
	root.SetIn(e.stdin)
	root.SetOut(e.stdout)
	root.SetErr(e.stderr)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.CompletionOptions.HiddenDefaultCmd = true
	root.AddCommand(
		newInit(e), newCheck(e), newBuild(e), newMerge(e), newServe(e), newGet(e),
		newSnapshot(e), newRecord(e), newImport(e), newSchema(e), newVersion(e),
	)
	return root
}

func unknownCommand(root *cobra.Command, name string) error {
	var names []string
	for _, c := range root.Commands() {
		names = append(names, c.Name())
	}
	if near, ok := diag.Nearest(name, names); ok {
		return fmt.Errorf("unknown command %q; did you mean %q?", name, near)
	}
	return fmt.Errorf("unknown command %q", name)
}

// atMost allows up to n operands; too many are wrong usage.
func atMost(n int) cobra.PositionalArgs { return usageOf(cobra.MaximumNArgs(n)) }

func usageOf(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if err := check(c, args); err != nil {
			return usageError{err}
		}
		return nil
	}
}

// operand returns the i-th operand, or a default.
func operand(args []string, i int, fallback string) string {
	if i < len(args) {
		return args[i]
	}
	return fallback
}
