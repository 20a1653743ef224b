package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// guideStep is a command of a guide with what it is to print, standard output and
// error together.
type guideStep struct {
	command string
	want    string
}

// TestGettingStarted runs the guide as a reader would, command by command in one
// folder, and holds it to what it shows. "…" in it stands for anything.
func TestGettingStarted(t *testing.T) {
	text, err := os.ReadFile("../../docs/getting-started.md")
	if err != nil {
		t.Fatal(err)
	}
	steps := guideSteps(string(text))
	if len(steps) < 10 {
		t.Fatalf("only %d commands were found in the guide", len(steps))
	}
	dir := t.TempDir()
	bin := filepath.Join(dir, "bin")
	build := exec.Command("go", "build", "-o", filepath.Join(bin, "signpost"), ".")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	at := dir
	for _, s := range steps {
		if to, ok := strings.CutPrefix(s.command, "cd "); ok {
			at = filepath.Join(at, to)
			continue
		}
		cmd := exec.Command("sh", "-c", s.command)
		cmd.Dir = at
		cmd.Env = append(os.Environ(), "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"), "NO_COLOR=1")
		out, _ := cmd.CombinedOutput() // the guide shows failures too
		if !matches(s.want, string(out)) {
			t.Errorf("$ %s\ngot:\n%s\nthe guide shows:\n%s", s.command, out, s.want)
		}
	}
	if _, err := os.Stat(filepath.Join(at, "site", "services", "payments-api", "runbooks", "processor-timeout.html")); err != nil {
		t.Errorf("the guide's runbook has no page: %v", err)
	}
}

// guideSteps reads the console blocks of a guide: "$ " begins a command, "> " goes
// on with it, other lines are what it prints.
func guideSteps(text string) []guideStep {
	var steps []guideStep
	inBlock := false
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case line == "```console":
			inBlock = true
		case line == "```":
			inBlock = false
		case !inBlock:
		case strings.HasPrefix(line, "$ "):
			steps = append(steps, guideStep{command: line[2:]})
		case strings.HasPrefix(line, "> "):
			steps[len(steps)-1].command += "\n" + line[2:]
		default:
			steps[len(steps)-1].want += line + "\n"
		}
	}
	return steps
}

// matches compares output with what a guide shows, line ends aside.
func matches(want, got string) bool {
	pattern := strings.ReplaceAll(regexp.QuoteMeta(strings.TrimSpace(want)), "…", `(?s:.*)`)
	return regexp.MustCompile(`^` + pattern + `$`).MatchString(strings.TrimSpace(got))
}
