package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/scaffold"
)

type initOptions struct {
	dir     string
	starter scaffold.Options
}

func newInit(e env) *cobra.Command {
	var o initOptions
	c := &cobra.Command{
		Use:   "init DIR",
		Short: "Make a new catalog repository, ready to push",
		Long: `Init fills a folder with a catalog that checks clean: one service with its runbook,
the team that owns it, schemas for editors, and a GitHub workflow that checks every
pull request and publishes the site. The folder must be new or empty; one that holds
nothing but .git will do.`,
		Args: usageOf(oneFolder),
		RunE: func(_ *cobra.Command, args []string) error {
			o.dir = args[0]
			return runInit(e, o)
		},
	}
	c.Flags().StringVar(&o.starter.Title, "title", "", "the portal's title (default: from the name of DIR)")
	c.Flags().StringVar(&o.starter.Organisation, "organisation", "", "the organisation's full name (default: the title)")
	c.Flags().StringVar(&o.starter.Repository, "repository", "", "where the repository will stand, such as https://github.com/acme/catalog")
	return c
}

func oneFolder(_ *cobra.Command, args []string) error {
	switch len(args) {
	case 0:
		return errors.New("name the folder to make, as in `signpost init catalog`")
	case 1:
		return nil
	}
	return fmt.Errorf("init makes one folder, not %d", len(args))
}

func runInit(e env, o initOptions) error {
	o.starter.Version = version()
	files, err := scaffold.Create(o.dir, o.starter)
	if err != nil {
		var wrong *scaffold.OptionError
		if errors.As(err, &wrong) {
			return usageError{err}
		}
		return err
	}
	fmt.Fprintf(e.stderr, "%s written to %s; README.md says what to fill in\n", countOf(files, "file", "files"), diag.Visible(o.dir))
	dir := shellWord(diag.Visible(o.dir))
	start := ""
	if _, err := os.Stat(filepath.Join(o.dir, ".git")); err != nil {
		start = "git init --initial-branch=main && "
	}
	_, err = fmt.Fprintf(e.stdout, `Next:
  signpost check %s
  signpost serve %s
  cd %s && %sgit add . && git commit -m "Start the catalog"
`, dir, dir, dir, start)
	return err
}

// plainWord matches what every shell takes as it is.
var plainWord = regexp.MustCompile(`^[A-Za-z0-9_./\\:][A-Za-z0-9_./\\:-]*$`)

// shellWord quotes a word for a command line, if it needs it.
func shellWord(word string) string {
	if plainWord.MatchString(word) && (runtime.GOOS == "windows" || !strings.Contains(word, `\`)) {
		return word
	}
	if runtime.GOOS == "windows" {
		return `"` + word + `"`
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
