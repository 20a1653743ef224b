// Command reference writes the half of the documentation that is generated: the
// descriptor reference from the schemas, and the rule reference from the rules.
// A test fails if what is in docs/ is not what it would write.
package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/signpost-dev/signpost/pkg/check"
	"github.com/signpost-dev/signpost/schema"
)

// pages are the generated files of docs/.
var pages = map[string]func(io.Writer) error{
	"descriptors.md": schema.Reference,
	"rules.md":       rules,
}

func main() {
	for name, write := range pages {
		var text bytes.Buffer
		if err := write(&text); err != nil {
			fmt.Fprintf(os.Stderr, "reference: %s: %v\n", name, err)
			os.Exit(1)
		}
		if err := os.WriteFile(filepath.Join("docs", name), text.Bytes(), 0o666); err != nil {
			fmt.Fprintf(os.Stderr, "reference: %v\n", err)
			os.Exit(1)
		}
	}
}

// rules writes the reference of all rules: first a table, then why.
func rules(w io.Writer) error {
	var b bytes.Buffer
	b.WriteString(`# Rules

What ` + "`signpost check`" + ` demands of a catalog. Generated from the rules by ` + "`make docs`" + `; do not edit.

The severity of a rule is changed in ` + "`signpost.yaml`" + `:

` + "```yaml" + `
rules:
  tier-inversion: error       # error, warning, info or off
  codeowners-mismatch: off
` + "```" + `

A single finding is silenced where it is, with a reason, on its line or the line above;
a silence without a reason, past its date or without effect is itself a finding:

` + "```yaml" + `
# signpost:ignore tier-inversion until=2027-01-31 the queue moves to tier 1 next quarter
dependsOn: [resource:mail-queue]
` + "```" + `

Rules marked **always** are always errors and can be neither changed nor silenced: those about
ownership, since a merge with invalid ownership must fail, and those about what could not be read.

| rule | severity | demands |
| --- | --- | --- |
`)
	sorted := check.Sorted()
	for _, r := range sorted {
		fmt.Fprintf(&b, "| [`%s`](#%s) | %s | %s |\n", r.Code, r.Code, severity(r), r.Title)
	}
	for _, r := range sorted {
		fmt.Fprintf(&b, "\n## `%s`\n\n%s (%s). %s\n", r.Code, r.Title, severity(r), r.Doc)
	}
	_, err := w.Write(b.Bytes())
	return err
}

func severity(r check.Rule) string {
	if r.Ownership || r.Fixed {
		return r.Severity.String() + ", **always**"
	}
	return r.Severity.String()
}
