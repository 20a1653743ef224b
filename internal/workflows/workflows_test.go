// Package workflows holds the repository's GitHub workflows, its composite action
// and the workflow that `signpost init` writes to what the project promises of
// them: they are valid, and no pull request, moved tag or cache can turn them
// against us. It contains tests only.
package workflows

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rhysd/actionlint"

	"github.com/signpost-dev/signpost/pkg/scaffold"
)

const root = "../.."

// recipe is a workflow in the documentation, which readers copy.
var recipe = regexp.MustCompile("(?s)```yaml\n([^`]*\njobs:\n.*?)```")

// recipes writes the workflows in the documentation to a folder, as readers do.
func recipes(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	workflows := filepath.Join(dir, ".github", "workflows")
	if err := os.MkdirAll(workflows, 0o777); err != nil {
		t.Fatal(err)
	}
	for _, name := range glob(t, root, "docs/*.md") {
		for i, m := range recipe.FindAllStringSubmatch(read(t, name), -1) {
			to := filepath.Join(workflows, fmt.Sprintf("%s-%d.yml", filepath.Base(name), i+1))
			if err := os.WriteFile(to, []byte(m[1]), 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
	return dir
}

// repositories returns the folders whose workflows we answer for: ours, a new
// catalog, and what our documentation shows.
func repositories(t *testing.T) []string {
	t.Helper()
	starter := filepath.Join(t.TempDir(), "catalog")
	if _, err := scaffold.Create(starter, scaffold.Options{}); err != nil {
		t.Fatal(err)
	}
	return []string{root, starter, recipes(t)}
}

func glob(t *testing.T, dir, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, filepath.FromSlash(pattern)))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Fatalf("there is no %s in %s", pattern, dir)
	}
	return files
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestValid(t *testing.T) {
	for _, dir := range repositories(t) {
		linter, err := actionlint.NewLinter(io.Discard, &actionlint.LinterOptions{})
		if err != nil {
			t.Fatal(err)
		}
		found, err := linter.LintFiles(glob(t, dir, ".github/workflows/*.yml"), nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range found {
			t.Error(e)
		}
	}
}

func TestRules(t *testing.T) {
	for _, dir := range repositories(t) {
		for _, name := range glob(t, dir, ".github/workflows/*") {
			for _, fault := range workflowFaults(read(t, name)) {
				t.Errorf("%s: %s", name, fault)
			}
		}
	}
	for _, name := range glob(t, root, ".github/actions/*/action.yml") {
		for _, fault := range actionFaults(read(t, name)) {
			t.Errorf("%s: %s", name, fault)
		}
	}
}

// An action is at the same commit everywhere, so that an update misses no place.
func TestOneCommitForEachAction(t *testing.T) {
	used := regexp.MustCompile(`uses: (\S+)@(.*)`)
	versions := map[string][]string{}
	files := glob(t, root, ".github/actions/*/action.yml")
	for _, dir := range repositories(t) {
		files = append(files, glob(t, dir, ".github/workflows/*")...)
	}
	for _, name := range files {
		for _, m := range used.FindAllStringSubmatch(withoutComments(read(t, name)), -1) {
			if !slices.Contains(versions[m[1]], m[2]) {
				versions[m[1]] = append(versions[m[1]], m[2])
			}
		}
	}
	for _, action := range actions {
		if len(versions[action]) != 1 {
			t.Errorf("%s is used at %q, want one version", action, versions[action])
		}
	}
}

// withoutComments drops lines that are comments, such as the example in the action.
func withoutComments(text string) string {
	return regexp.MustCompile(`(?m)^\s*#.*$`).ReplaceAllString(text, "")
}

// good is a workflow without faults. Each case of TestFaults breaks it once.
const good = `
on:
  pull_request:
  push: {branches: [main]}
permissions: {}
jobs:
  check:
    runs-on: ubuntu-latest
    timeout-minutes: 5
    permissions: {contents: read}
    steps:
      - uses: actions/checkout@0123456789abcdef0123456789abcdef01234567 # v1.2.3
        with: {persist-credentials: false}
      - run: echo "$WHO"
        env:
          WHO: ${{ github.actor }}
  build:
    if: github.ref == 'refs/heads/main'
    runs-on: ubuntu-latest
    timeout-minutes: 5
    permissions: {contents: read, pages: read}
    steps:
      - uses: actions/checkout@0123456789abcdef0123456789abcdef01234567 # v1.2.3
        with: {persist-credentials: false, fetch-depth: 0}
      - uses: actions/setup-go@0123456789abcdef0123456789abcdef01234567 # v1.2.3
        with: {cache: false}
      - uses: actions/upload-pages-artifact@0123456789abcdef0123456789abcdef01234567 # v1.2.3
  deploy:
    needs: build
    runs-on: ubuntu-latest
    timeout-minutes: 5
    permissions: {pages: write, id-token: write}
    steps:
      - uses: actions/deploy-pages@0123456789abcdef0123456789abcdef01234567 # v1.2.3
`

// collector is a workflow that may hold secrets.
const collector = `
on:
  schedule: [{cron: "7 * * * *"}]
  workflow_dispatch:
permissions: {}
jobs:
  snapshot:
    if: github.ref == 'refs/heads/main'
    runs-on: ubuntu-latest
    timeout-minutes: 5
    permissions: {contents: write}
    steps:
      - uses: actions/checkout@0123456789abcdef0123456789abcdef01234567 # v1.2.3
      - run: go install "$SIGNPOST"
      - run: signpost snapshot --branch signpost-snapshots
        env:
          TOKEN: ${{ secrets.TOKEN }}
`

// Secrets and the right to write are for jobs that do nothing else than fetch facts.
func TestCollectors(t *testing.T) {
	if faults := workflowFaults(collector); faults != nil {
		t.Fatalf("it has faults: %q", faults)
	}
	all := []string{"snapshot: permission contents: write", "snapshot: step 1 keeps credentials", "snapshot: a secret"}
	for name, c := range map[string][2]string{
		"a program of the catalog":  {`go install "$SIGNPOST"`, "make"},
		"two commands":              {"--branch signpost-snapshots", "--branch x; make"},
		"any branch":                {"    if: github.ref == 'refs/heads/main'\n", ""},
		"started by a pull request": {"  workflow_dispatch:", "  pull_request:"},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(all, workflowFaults(strings.Replace(collector, c[0], c[1], 1))); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}

func TestFaults(t *testing.T) {
	if faults := workflowFaults(good); faults != nil {
		t.Fatalf("the good workflow has faults: %q", faults)
	}
	const sha = "0123456789abcdef0123456789abcdef01234567"
	tests := []struct {
		name, old, new string
		want           []string
	}{
		{
			"pull_request_target", "pull_request:", "pull_request_target:",
			[]string{"trigger pull_request_target"},
		},
		{
			"triggers as a list", "on:\n  pull_request:\n  push: {branches: [main]}", "on: pull_request",
			[]string{"there are no triggers, or not as a map"},
		},
		{
			"rights for all jobs", "permissions: {}", "permissions: {contents: read}",
			[]string{"permissions at the top are not {}"},
		},
		{
			"all rights", "permissions: {contents: read}\n", "permissions: write-all\n",
			[]string{"check: no permissions"},
		},
		{
			"rights in a pull request", "permissions: {contents: read}\n", "permissions: {contents: write}\n",
			[]string{"check: permission contents: write"},
		},
		{
			"rights beside our programs", "permissions: {contents: read, pages: read}", "permissions: {pages: write}",
			[]string{"build: permission pages: write"},
		},
		{
			"no guard", "    if: github.ref == 'refs/heads/main'\n", "",
			[]string{"build: permission pages: read", "deploy: permission pages: write", "deploy: permission id-token: write"},
		},
		{
			"another guard", "    if: github.ref == 'refs/heads/main'\n", "    if: always()\n",
			[]string{"build: permission pages: read", "deploy: permission pages: write", "deploy: permission id-token: write"},
		},
		{
			"publishing whatever happens", "    needs: build\n", "    needs: build\n    if: always()\n",
			[]string{"deploy: permission pages: write", "deploy: permission id-token: write"},
		},
		{
			"a tag", "deploy-pages@" + sha + " # v1.2.3", "deploy-pages@v1",
			[]string{"not pinned: - uses: actions/deploy-pages@v1"},
		},
		{
			"no release", "deploy-pages@" + sha + " # v1.2.3", "deploy-pages@" + sha,
			[]string{"not pinned: - uses: actions/deploy-pages@" + sha},
		},
		{
			"somebody's action", "actions/deploy-pages@", "acme/deploy-pages@",
			[]string{"action acme/deploy-pages"},
		},
		{
			"credentials", "persist-credentials: false}", "persist-credentials: true}",
			[]string{"check: step 1 keeps credentials"},
		},
		{
			"credentials by default", "        with: {persist-credentials: false}\n", "",
			[]string{"check: step 1 keeps credentials"},
		},
		{
			"no history", ", fetch-depth: 0", "",
			[]string{"build: step 1 leaves the history out"},
		},
		{
			"a cache", "        with: {cache: false}\n", "",
			[]string{"build: step 2 takes a cache into what is published"},
		},
		{
			"a value in a program", `echo "$WHO"`, `echo "${{ github.actor }}"`,
			[]string{"check: step 2 puts a value into a program"},
		},
		{
			"a secret", "${{ github.actor }}", "${{ secrets.TOKEN }}",
			[]string{"check: a secret"},
		},
		{
			"no timeout", "    timeout-minutes: 5\n", "",
			[]string{"check: no timeout"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if !strings.Contains(good, tt.old) {
				t.Fatalf("the good workflow has no %q", tt.old)
			}
			got := workflowFaults(strings.Replace(good, tt.old, tt.new, 1))
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}

func TestActionFaults(t *testing.T) {
	const bad = `
runs:
  using: composite
  steps:
    - uses: actions/setup-go@v6
    - run: signpost ${{ inputs.command }}
`
	want := []string{
		"not pinned: - uses: actions/setup-go@v6",
		"action: step 2 puts a value into a program",
	}
	if diff := cmp.Diff(want, actionFaults(bad)); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
}
