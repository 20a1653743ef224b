package workflows

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/signpost-dev/signpost/pkg/source"
)

// actions are the only ones that we use, all of them GitHub's own.
var actions = []string{
	"actions/checkout", "actions/setup-go",
	"actions/configure-pages", "actions/upload-pages-artifact", "actions/deploy-pages",
	"actions/upload-artifact", "actions/download-artifact",
}

// triggers leave out pull_request_target, issue_comment, workflow_run and whatever
// else runs with rights on behalf of somebody outside.
var triggers = []string{"pull_request", "push", "schedule", "workflow_dispatch"}

// onlyMain is the condition that keeps a job from running for pull requests.
const onlyMain = "github.ref == 'refs/heads/main'"

// workflow is a workflow or composite action under examination.
type workflow struct {
	text   string
	root   *source.Node
	faults []string
}

func (w *workflow) fault(format string, args ...any) {
	w.faults = append(w.faults, fmt.Sprintf(format, args...))
}

// workflowFaults says what is wrong with a workflow.
func workflowFaults(text string) []string {
	w, ok := parse(text)
	if !ok {
		return w.faults
	}
	w.triggers()
	if p, ok := w.root.Field("permissions").Value().(map[string]any); !ok || len(p) > 0 {
		w.fault("permissions at the top are not {}")
	}
	w.pins()
	for _, job := range w.root.Field("jobs").Children() {
		w.job(job)
	}
	return w.faults
}

// actionFaults says what is wrong with a composite action.
func actionFaults(text string) []string {
	w, ok := parse(text)
	if !ok {
		return w.faults
	}
	w.pins()
	w.steps("action", w.root.At("/runs/steps"), false)
	return w.faults
}

func parse(text string) (*workflow, bool) {
	w := &workflow{text: text}
	docs, found := source.Decode("workflow", []byte(text), source.DescriptorLimits)
	for _, d := range found {
		w.fault("%s", d.Message)
	}
	if len(docs) != 1 {
		w.fault("%d documents", len(docs))
		return w, false
	}
	w.root = docs[0].Root
	return w, len(w.faults) == 0
}

func (w *workflow) triggers() {
	on := w.root.Field("on").Children()
	if len(on) == 0 {
		w.fault("there are no triggers, or not as a map")
	}
	for _, t := range on {
		if !slices.Contains(triggers, t.Name()) {
			w.fault("trigger %s", t.Name())
		}
	}
}

// pinned is how an action is named: by full commit, with its release for people.
var (
	pinned = regexp.MustCompile(`^\s*-?\s*uses: ([a-z-]+/[a-z-]+)@[0-9a-f]{40} # v[0-9]+\.[0-9]+\.[0-9]+$`)
	uses   = regexp.MustCompile(`^\s*-?\s*["']?uses["']?\s*:`)
)

func (w *workflow) pins() {
	for line := range strings.Lines(w.text) {
		line = strings.TrimRight(line, "\n")
		if !uses.MatchString(line) {
			continue
		}
		m := pinned.FindStringSubmatch(line)
		switch {
		case m == nil:
			w.fault("not pinned: %s", strings.TrimSpace(line))
		case !slices.Contains(actions, m[1]):
			w.fault("action %s", m[1])
		}
	}
}

func (w *workflow) job(job *source.Node) {
	name := job.Name()
	if job.Field("timeout-minutes").Text() == "" {
		w.fault("%s: no timeout", name)
	}
	permissions := job.Field("permissions")
	if permissions.Kind() != source.Map {
		w.fault("%s: no permissions", name)
	}
	var rights []string
	for _, p := range permissions.Children() {
		rights = append(rights, p.Name()+": "+p.Text())
	}
	w.rights(job, rights)
	w.steps(name, job.Field("steps"), w.collects(job))
	if strings.Contains(fmt.Sprint(job.Value()), "secrets.") && !w.collects(job) {
		w.fault("%s: a secret", name)
	}
}

// collecting is all that a job with secrets may run.
var collecting = regexp.MustCompile(`^(go install "\$SIGNPOST"|signpost snapshot( --[a-z-]+( [a-z-]+)?)*)$`)

// collects reports whether a job does nothing but fetch facts, for main only and in a
// workflow that no pull request starts: that takes secrets, and the right to write the
// branch that keeps the facts.
func (w *workflow) collects(job *source.Node) bool {
	if w.root.Field("on").Field("pull_request") != nil || job.Field("if").Text() != onlyMain {
		return false
	}
	return !slices.ContainsFunc(job.Field("steps").Children(), func(s *source.Node) bool {
		return s.Field("run") != nil && !collecting.MatchString(s.Field("run").Text())
	})
}

// rights checks what a job may do: read the code; if it is only for main, ask where
// Pages are; if it moreover runs no program of ours, publish.
func (w *workflow) rights(job *source.Node, rights []string) {
	allowed := []string{"contents: read"}
	if w.collects(job) {
		allowed = append(allowed, "contents: write")
	}
	if w.guarded(job, nil) {
		allowed = append(allowed, "pages: read")
		if !runs(job) {
			allowed = append(allowed, "pages: write", "id-token: write")
		}
	}
	for _, r := range rights {
		if !slices.Contains(allowed, r) {
			w.fault("%s: permission %s", job.Name(), r)
		}
	}
}

// guarded reports whether a job runs for main only: by itself, since no pull
// request starts the workflow, or since a job before it is guarded.
func (w *workflow) guarded(job *source.Node, seen []string) bool {
	if w.root.Field("on").Field("pull_request") == nil && !slices.ContainsFunc(w.root.Field("on").Children(), dispatched) {
		return true
	}
	if condition := job.Field("if").Text(); condition != "" {
		return condition == onlyMain
	}
	needs := job.Field("needs").Text()
	if needs == "" || slices.Contains(seen, needs) {
		return false
	}
	return w.guarded(w.root.Field("jobs").Field(needs), append(seen, needs))
}

// dispatched reports whether a trigger lets people choose the branch.
func dispatched(trigger *source.Node) bool { return trigger.Name() == "workflow_dispatch" }

// runs reports whether a job has a step that runs a command or checks code out.
func runs(job *source.Node) bool {
	return slices.ContainsFunc(job.Field("steps").Children(), func(s *source.Node) bool {
		return s.Field("run") != nil || action(s) == "actions/checkout"
	})
}

// action returns which action a step uses, without its version.
func action(step *source.Node) string {
	name, _, _ := strings.Cut(step.Field("uses").Text(), "@")
	return name
}

func (w *workflow) steps(name string, steps *source.Node, collects bool) {
	publishes := slices.ContainsFunc(steps.Children(), func(s *source.Node) bool {
		return action(s) == "actions/upload-pages-artifact" || action(s) == "actions/deploy-pages"
	})
	for i, s := range steps.Children() {
		with := s.Field("with")
		switch action(s) {
		case "actions/checkout":
			if with.Field("persist-credentials").Text() != "false" && !collects {
				w.fault("%s: step %d keeps credentials", name, i+1)
			}
			if publishes && with.Field("fetch-depth").Text() != "0" {
				w.fault("%s: step %d leaves the history out", name, i+1)
			}
		case "actions/setup-go":
			if publishes && with.Field("cache").Text() != "false" {
				w.fault("%s: step %d takes a cache into what is published", name, i+1)
			}
		}
		if strings.Contains(s.Field("run").Text(), "${{") {
			w.fault("%s: step %d puts a value into a program", name, i+1)
		}
	}
}
