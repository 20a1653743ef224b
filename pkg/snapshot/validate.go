package snapshot

import (
	"fmt"
	"io/fs"
	"net/url"
	"slices"
	"strings"
)

// states are the words that a state may be, by kind of fact.
var (
	deploymentStates = []DeploymentState{Queued, Running, Succeeded, Failed, Cancelled, RolledBack, Inactive}
	healthStates     = []HealthState{Healthy, Progressing, Degraded, Unhealthy, Unknown}
	incidentStates   = []IncidentState{Triggered, Acknowledged, Resolved}
	alertStates      = []AlertState{Firing, Pending, Quiet, NoData}
)

// Validate says what is wrong with facts, whoever has written them: the first thing, with
// its place. What it lets pass can be shown.
func (f *Facts) Validate() error {
	return firstError(
		each("deployments", f.Deployments, func(d *Deployment) error {
			return firstError(oneOf("state", d.State, deploymentStates), address("log", d.Log), given("at", !d.At.IsZero()), within("rollout", d.Rollout, 0, 99))
		}),
		each("health", f.Health, func(h *Health) error { return oneOf("state", h.State, healthStates) }),
		each("releases", f.Releases, func(r *Release) error { return given("version", r.Version != "") }),
		each("runs", f.Runs, func(r *Run) error {
			return firstError(given("name", r.Name != ""), oneOf("state", r.State, deploymentStates))
		}),
		each("repositories", f.Repositories, func(r *Repository) error { return given("name", r.Name != "") }),
		each("onCall", f.OnCall, func(o *OnCall) error { return within("level", o.Level, 0, 99) }),
		each("incidents", f.Incidents, func(i *Incident) error {
			return firstError(given("title", i.Title != ""), oneOf("state", i.State, incidentStates), given("opened", !i.Opened.IsZero()))
		}),
		each("alerts", f.Alerts, func(a *Alert) error {
			return firstError(given("name", a.Name != ""), oneOf("state", a.State, alertStates), runbook(a.Runbook))
		}),
		each("objectives", f.Objectives, func(o *Objective) error { return given("name", o.Name != "") }),
		foreign(f.Foreign),
	)
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// each checks the facts of a kind: what all have in common, and what is their own.
func each[T any, P Fact[T]](kind string, all []T, own func(*T) error) error {
	for i := range all {
		a := P(&all[i]).Common()
		err := firstError(
			given("id", a.ID != ""), given("entity", strings.Contains(a.Entity, ":")),
			given("observed", !a.Observed.IsZero()), address("url", a.URL), own(&all[i]),
		)
		if err != nil {
			return fmt.Errorf("%s[%d] (%s): %w", kind, i, a.Entity, err)
		}
	}
	return nil
}

func foreign(all []Foreign) error {
	for i, f := range all {
		if err := firstError(given("id", f.ID != ""), given("kind", f.Kind != ""), address("url", f.URL)); err != nil {
			return fmt.Errorf("foreign[%d]: %w", i, err)
		}
	}
	return nil
}

func given(field string, is bool) error {
	if !is {
		return fmt.Errorf("%s is missing", field)
	}
	return nil
}

func oneOf[S ~string](field string, state S, allowed []S) error {
	if slices.Contains(allowed, state) {
		return nil
	}
	words := make([]string, len(allowed))
	for i, a := range allowed {
		words[i] = string(a)
	}
	return fmt.Errorf("%s %q is none of %s", field, state, strings.Join(words, ", "))
}

func within(field string, n, least, most int) error {
	if n < least || n > most {
		return fmt.Errorf("%s is %d; it is %d to %d", field, n, least, most)
	}
	return nil
}

// address checks that a link is one that a page may hold.
// runbook checks what an alert says to do: an address, or the path of a file in a repository.
func runbook(text string) error {
	if u, err := url.Parse(text); err == nil && u.Scheme == "" && u.Host == "" && fs.ValidPath(u.Path) {
		return nil
	}
	if err := address("runbook", text); err != nil {
		return fmt.Errorf("%w, and no path of a file in the repository", err)
	}
	return nil
}

func address(field, text string) error {
	if text == "" {
		return nil
	}
	if u, err := url.Parse(text); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return fmt.Errorf("%s %q is no address that begins with https:// or http://", field, text)
	}
	return nil
}
