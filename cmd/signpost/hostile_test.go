package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// hostileData is the folder of hostile files outside the repository.
func hostileData(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("SIGNPOST_TESTDATA")
	if dir == "" {
		t.Skip("SKIPPED: SIGNPOST_TESTDATA is not set, so no hostile file was tried")
	}
	dir = filepath.Join(dir, "hostile")
	if _, err := os.Stat(dir); err != nil {
		t.Fatalf("SIGNPOST_TESTDATA is set, but %v", err)
	}
	return dir
}

func readJSON(t *testing.T, file string, v any) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, v); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}

// smallCatalog is a good catalog to which one bad file is added.
func smallCatalog(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"signpost.yaml": "apiVersion: signpost.dev/v1\ntitle: Test\n",
		"team.yaml":     "apiVersion: signpost.dev/v1\nkind: team\nname: payments\nmembers: [ada]\nemail: p@example.com\n",
		"person.yaml":   "apiVersion: signpost.dev/v1\nkind: person\nname: ada\n",
	} {
		writeFile(t, dir, name, text)
	}
	return dir
}

func writeFile(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// checked runs `signpost check` within this process and holds what is true of
// every run: it ends soon, and what it prints steers no terminal.
func checked(t *testing.T, dir string) (status int, report string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var stdout, stderr bytes.Buffer
	started := time.Now()
	status = run(ctx, []string{"check", dir}, env{strings.NewReader(""), &stdout, &stderr, func(string) string { return "" }})
	if took := time.Since(started); took > 20*time.Second {
		t.Errorf("the check took %s", took)
	}
	if i := strings.IndexFunc(stdout.String()+stderr.String(), func(r rune) bool {
		return r < ' ' && r != '\n' || r == 0x7f || r >= 0x80 && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
	}); i >= 0 {
		t.Errorf("the report holds a control character:\n%q", (stdout.String() + stderr.String())[max(0, i-80):])
	}
	return status, stdout.String()
}

// TestHostileDescriptors puts all attacks into a good catalog, a file each: as
// they are, as fields of a descriptor, and in the one place of a descriptor where
// anything may stand. Those that must be refused are, each in its own file.
func TestHostileDescriptors(t *testing.T) {
	var attacks []struct {
		Name, Expect string
		Parts        []struct {
			S string
			N int
		}
	}
	readJSON(t, filepath.Join(hostileData(t), "yaml", "attacks.json"), &attacks)
	if len(attacks) < 20 {
		t.Fatalf("there are only %d attacks", len(attacks))
	}
	for how, wrap := range map[string]func(string) string{"alone": alone, "as fields": asFields, "preserved": preserved} {
		t.Run(how, func(t *testing.T) {
			dir := smallCatalog(t)
			for _, a := range attacks {
				var b strings.Builder
				for _, p := range a.Parts {
					b.WriteString(strings.Repeat(p.S, p.N))
				}
				writeFile(t, dir, "bad-"+a.Name+".yaml", wrap(b.String()))
			}
			status, report := checked(t, dir)
			if status != statusFindings {
				t.Fatalf("status %d, want %d", status, statusFindings)
			}
			for _, a := range attacks {
				// What is preserved is kept as it is and means nothing, so there
				// only its form can be refused.
				if how != "preserved" && a.Expect == "reject" && !strings.Contains(report, "bad-"+a.Name+".yaml") {
					t.Errorf("%s passes", a.Name)
				}
			}
			for _, good := range []string{"team.yaml", "person.yaml"} {
				if strings.Contains(report, good) {
					t.Errorf("a finding is about %s, which is good:\n%s", good, report)
				}
			}
		})
	}
}

func alone(attack string) string { return attack }

func asFields(attack string) string {
	text := "apiVersion: signpost.dev/v1\nkind: service\n"
	for _, field := range []string{"name: attacked", "owner: payments"} {
		if key, _, _ := strings.Cut(field, ":"); !strings.HasPrefix(attack, key+":") {
			text += field + "\n"
		}
	}
	return text + attack
}

func preserved(attack string) string {
	return "apiVersion: signpost.dev/v1\nkind: service\nname: attacked\nowner: payments\npreserved:\n  " +
		strings.ReplaceAll(strings.TrimSuffix(attack, "\n"), "\n", "\n  ") + "\n"
}

// TestHostileNames gives an entity each name. One that is no name is refused.
func TestHostileNames(t *testing.T) {
	var names []struct{ Name string }
	readJSON(t, filepath.Join(hostileData(t), "strings", "hostile-names.json"), &names)
	if len(names) < 50 {
		t.Fatalf("there are only %d names", len(names))
	}
	dir := smallCatalog(t)
	file := func(i int) string { return fmt.Sprintf("bad-%03d.yaml", i) }
	for i, n := range names {
		quoted, err := json.Marshal(n.Name) // a JSON string is a YAML one too
		if err != nil {
			t.Fatal(err)
		}
		writeFile(t, dir, file(i), "apiVersion: signpost.dev/v1\nkind: service\nname: "+string(quoted)+"\nowner: payments\n")
	}
	status, report := checked(t, dir)
	if status != statusFindings {
		t.Fatalf("status %d, want %d", status, statusFindings)
	}
	passed := 0
	for i, n := range names {
		refused := strings.Contains(report, file(i)+":")
		if !refused && !plainName.MatchString(n.Name) || !refused && strings.EqualFold(n.Name, "index") {
			t.Errorf("%q passes as a name", n.Name)
		}
		if !refused {
			passed++
		}
	}
	if passed == 0 {
		t.Error("no name passes, so nothing was shown: plain ones must")
	}
}

// plainName is what a name may look like.
var plainName = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$`)
