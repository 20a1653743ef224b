package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/source"
	"github.com/signpost-dev/signpost/schema"
)

type schemaOptions struct {
	path string
	kind string
	out  string
}

func newSchema(e env) *cobra.Command {
	var o schemaOptions
	c := &cobra.Command{
		Use:   "schema [PATH]",
		Short: "Write the JSON Schemas, for editors",
		Long: `Schema writes the JSON Schemas of descriptors with the fields and kinds that the
catalog at PATH (default: here) declares. Without --out it prints one: that of --kind,
or of a file of any kind. With --out it writes one file for each kind into a folder.
Without a catalog the built-in schemas are written.`,
		Args: atMost(1),
		RunE: func(c *cobra.Command, args []string) error {
			o.path = operand(args, 0, "")
			return runSchema(c.Context(), e, o)
		},
	}
	c.Flags().StringVar(&o.kind, "kind", "entity", "the kind to print: service, team, …, entity (any), portal (signpost.yaml), document or document-runbook … (front matter)")
	c.Flags().StringVar(&o.out, "out", "", "a folder to write all schemas into")
	return c
}

func runSchema(_ context.Context, e env, o schemaOptions) error {
	set, err := schemas(e, o.path)
	if err != nil {
		return err
	}
	kinds := set.Names()
	if o.out == "" {
		if !slices.Contains(kinds, o.kind) {
			hint := ""
			if near, ok := diag.Nearest(o.kind, kinds); ok {
				hint = fmt.Sprintf("; did you mean %q?", near)
			}
			return usageError{fmt.Errorf("there is no kind %q%s", o.kind, hint)}
		}
		text, err := set.JSON(o.kind)
		if err == nil {
			_, err = e.stdout.Write(text)
		}
		return err
	}
	if err := os.MkdirAll(o.out, 0o777); err != nil {
		return err
	}
	for _, kind := range kinds {
		text, err := set.JSON(kind)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(o.out, strings.ToLower(kind)+".schema.json"), text, 0o666); err != nil {
			return err
		}
	}
	fmt.Fprintf(e.stderr, "%s written to %s\n", countOf(len(kinds), "schema", "schemas"), o.out)
	return nil
}

// schemas returns the schemas of a catalog, or the built-in ones where no path
// was given and there is no catalog here.
func schemas(e env, path string) (*schema.Set, error) {
	dir, err := findRoot(cmp.Or(path, "."))
	if err != nil {
		if path == "" {
			return schema.Compile(nil, nil)
		}
		return nil, err
	}
	tree, err := source.Open(dir)
	if err != nil {
		return nil, err
	}
	defer tree.Close()
	config, found, err := catalog.ReadConfig(tree)
	if err != nil {
		return nil, err
	}
	if !config.Usable() || config.Incomplete() {
		_ = diag.Write(e.stderr, "text", false, diag.Report{Diagnostics: found})
		return nil, fmt.Errorf("%s cannot be used; mend it first", catalog.ConfigFile)
	}
	return config.Schemas(), nil
}
