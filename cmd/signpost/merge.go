package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/signpost-dev/signpost/pkg/site"
)

type mergeOptions struct {
	parts []string
	out   string
}

func newMerge(e env) *cobra.Command {
	var o mergeOptions
	c := &cobra.Command{
		Use:   "merge DIR... --out DIR",
		Short: "Join the parts of a site that several machines have built",
		Long: `Merge joins the folders that ` + "`signpost build --shard 1/4 …`" + ` to 4/4 have written, in any
order, into one site. The result is what one machine would have built, to the byte.
A part that is missing, or is of another build, is an error.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usageError{errors.New("name the folders that hold the parts")}
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			o.parts = args
			return runMerge(c.Context(), e, o)
		},
	}
	c.Flags().StringVar(&o.out, "out", "", "the folder to write the site into (required)")
	return c
}

func runMerge(_ context.Context, e env, o mergeOptions) error {
	if o.out == "" {
		return usageError{errors.New("--out is missing: name the folder to write the site into")}
	}
	began := time.Now()
	out, err := site.OpenOutput(o.out)
	if err != nil {
		return err
	}
	stats, err := site.Merge(o.parts, out)
	if err != nil {
		out.Abandon()
		return err
	}
	fmt.Fprintf(e.stderr, "%s joined: %s, %s written, %s, %.1f s\n", countOf(len(o.parts), "part", "parts"),
		countOf(stats.Pages, "page", "pages"), countOf(stats.Written, "file", "files"), bytesOf(stats.Bytes), time.Since(began).Seconds())
	return nil
}
