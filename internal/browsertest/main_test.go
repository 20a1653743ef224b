package browsertest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The instant for which the site is built and that the browser's clock shows, so that
// "on call now" has one right answer. It lies inside the shifts of every rotation.
var now = time.Date(2026, time.November, 23, 10, 0, 0, 0, time.UTC)

// baseURL is where the example site is said to stand. Only its path matters here.
const baseURL = "https://larkspur.example/catalog/"

// fixture is what all tests share. It is made before the first and never changed.
type fixture struct {
	program string // the signpost binary
	site    string // folder of the example organisation's site
	own     string // folder of the site of a catalog that holds owners and nothing else
}

var shared fixture

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "signpost-browsertest-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	if shared, err = build(dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer closeBrowser()
	return m.Run()
}

// build makes the program and the sites below a folder.
func build(dir string) (fixture, error) {
	f := fixture{
		program: filepath.Join(dir, "signpost"),
		site:    filepath.Join(dir, "site"),
		own:     filepath.Join(dir, "owners"),
	}
	if _, err := output(exec.Command("go", "build", "-o", f.program, "../../cmd/signpost")); err != nil {
		return fixture{}, err
	}
	if _, err := f.build("../..", f.site, "--base-url", baseURL); err != nil {
		return fixture{}, err
	}
	catalog := filepath.Join(dir, "owners-catalog")
	for name, text := range ownersCatalog {
		file := filepath.Join(catalog, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			return fixture{}, err
		}
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			return fixture{}, err
		}
	}
	_, err := f.build(catalog, f.own)
	return f, err
}

// build builds the site of a catalog into a folder and returns what the program said.
func (f fixture) build(catalog, out string, flags ...string) (string, error) {
	args := append([]string{"build", catalog, "--out", out, "--now", now.Format(time.RFC3339)}, flags...)
	return output(exec.Command(f.program, args...))
}

// output runs a command and returns all that it printed.
func output(c *exec.Cmd) (string, error) {
	said, err := c.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%s: %w\n%s", strings.Join(c.Args, " "), err, said)
	}
	return string(said), nil
}

// missing ends a test for which something has to be installed: it fails in CI, where
// nothing may be left out unseen, and is skipped elsewhere.
func missing(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s is missing, and CI=true: run internal/browsertest/setup.sh", what)
	}
	t.Skipf("NOT TESTED: %s is missing. Run internal/browsertest/setup.sh", what)
}
