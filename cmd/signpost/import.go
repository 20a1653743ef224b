package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/importer/backstage"
)

type importOptions struct {
	source string
	out    string
	title  string
	format choice
}

func newImport(e env) *cobra.Command {
	c := &cobra.Command{
		Use:   "import FORMAT",
		Short: "Turn the catalog of another portal into descriptors",
		Long:  "Import reads the catalog of another portal and writes a catalog repository, with a report of what became of everything.",
		Args:  cobra.ArbitraryArgs,
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usageError{errors.New("name the format to import, as in `signpost import backstage SRC --out DIR`")}
			}
			return usageError{fmt.Errorf("there is no format %q; the formats are: backstage", args[0])}
		},
	}
	c.AddCommand(newImportBackstage(e))
	return c
}

func newImportBackstage(e env) *cobra.Command {
	o := importOptions{format: choice{"text", []string{"text", "json"}}}
	c := &cobra.Command{
		Use:   "backstage SRC --out DIR",
		Short: "Turn a Backstage catalog into descriptors",
		Long: `Import reads every Backstage entity in the folder SRC, or in the file SRC and what
its Locations lead to, and writes a catalog repository at DIR. It stays in the folder
and asks no network: addresses are reported, not fetched.

DIR must be new or empty, or hold an earlier import that nobody has changed. The
sources are kept in DIR under imported/backstage; what has no home in our format is
preserved in the descriptors. Secrets are written nowhere.

The report goes to standard output. The exit status is 0 if everything could be
imported, 1 if an entity was refused or a file could not be read (all others are
imported nevertheless), 2 for wrong usage, 3 if DIR could not be written.`,
		Args: usageOf(oneSource),
		RunE: func(c *cobra.Command, args []string) error {
			o.source = args[0]
			if o.out == "" {
				return usageError{errors.New("say where to write the catalog: --out DIR")}
			}
			return runImportBackstage(c.Context(), e, o)
		},
	}
	c.Flags().StringVar(&o.out, "out", "", "the folder to write the catalog to")
	c.Flags().StringVar(&o.title, "title", "", "the portal's title (default: from the name of SRC)")
	c.Flags().Var(&o.format, "format", "how to print the report")
	return c
}

func oneSource(_ *cobra.Command, args []string) error {
	switch len(args) {
	case 0:
		return errors.New("name the file or folder to import")
	case 1:
		return nil
	}
	return fmt.Errorf("import reads one file or folder, not %d", len(args))
}

func runImportBackstage(ctx context.Context, e env, o importOptions) error {
	report, err := backstage.Import(ctx, o.source, o.out, backstage.Options{Title: o.title})
	var nothing *backstage.NothingError
	if errors.As(err, &nothing) {
		report = nothing.Report
	} else if err != nil {
		return err
	}
	if printErr := printImport(e.stdout, report, o.format.value); printErr != nil {
		return printErr
	}
	if err != nil {
		return err
	}
	if n := report.Count(backstage.Secret); n > 0 {
		fmt.Fprintf(e.stderr, "WARNING: the source holds %s in plain text. They were left out of the catalog, but everybody who can read the source has them: change them.\n",
			countOf(n, "secret", "secrets"))
	}
	dir := diag.Visible(o.out)
	fmt.Fprintf(e.stderr, "imported %s into %s; see what is wrong with them with `signpost check %s`\n",
		countOf(len(report.Imported), "entity", "entities"), dir, dir)
	if report.Failed() {
		return errFindings
	}
	return nil
}

func printImport(w io.Writer, report *backstage.Report, format string) error {
	if format == "json" {
		return report.WriteJSON(w)
	}
	return report.WriteText(w)
}
