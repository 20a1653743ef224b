package generate

import (
	"fmt"
	"strings"
)

const portal = `apiVersion: signpost.dev/v1
title: Generated
description: A catalog for measuring. Nothing in it exists.
repository: {url: https://git.example/generated/catalog, branch: main}
environments:
  - {name: production, title: Production}
  - {name: canary, title: Canary}
  - {name: staging, title: Staging}
chat:
  slack: "https://chat.example/app_redirect?channel={name}"
fields:
  costCentre:
    title: Cost centre
    kinds: [service]
    facet: true
    schema: {type: string, pattern: "^CC-[0-9]{4}$"}
  dataResidency:
    title: Data
    kinds: [service]
    facet: true
    schema: {enum: [eu, uk, us, none]}
`

// What random numbers are for: each use has its own.
const (
	forService uint64 = iota + 1
	forDependencies
	forRunbook
	forDecision
)

func (w *writer) domain(i int) {
	name := domainName(i)
	w.entity("domains/"+name+".yaml", fmt.Sprintf(`apiVersion: signpost.dev/v1
kind: domain
name: %s
title: %s
description: Everything about the %s, from the first question to the last invoice.
owner: team:%s
`, name, titled(name), strings.ReplaceAll(name, "-", " "), teamName(i)))
}

func (w *writer) system(i int) {
	name := systemName(i)
	w.entity("systems/"+name+".yaml", fmt.Sprintf(`apiVersion: signpost.dev/v1
kind: system
name: %s
title: %s
description: The services that keep the %s going.
owner: team:%s
domain: domain:%s
`, name, titled(name), strings.ReplaceAll(name, "-", " "), teamName(i*7%w.shape.Teams), domainName(i%w.shape.Domains)))
}

func (w *writer) team(i int) {
	name := teamName(i)
	var people []string
	for m := range membersOfTeam {
		people = append(people, "person:"+personName(i*membersOfTeam+m))
	}
	w.entity("teams/"+name+".yaml", fmt.Sprintf(`apiVersion: signpost.dev/v1
kind: team
name: %[1]s
title: %[2]s
description: Looks after %[3]s services and whoever depends on them.
members: [%[4]s]
channel: slack:#%[1]s
email: %[1]s@generated.example
timezone: %[5]s
responsibilities:
  - What it owns, by day and by night
oncall: {rotation: %[1]s-primary}
rotations:
  - name: %[1]s-primary
    title: %[2]s, first responder
    timezone: %[5]s
    start: 2026-01-05
    handoff: "09:00"
    length: 1w
    participants: [%[4]s]
`, name, titled(name), strings.ReplaceAll(name, "-", " "), strings.Join(people, ", "), zones[i%len(zones)]))
}

func (w *writer) person(i int) {
	name := personName(i)
	w.entity("people/"+name+".yaml", fmt.Sprintf(`apiVersion: signpost.dev/v1
kind: person
name: %[1]s
title: %[2]s
role: %[3]s
email: %[1]s@generated.example
timezone: %[4]s
chat: slack:@%[1]s
`, name, personTitle(i), [...]string{"Engineer", "Senior engineer", "Staff engineer", "Engineering manager"}[i%4], zones[i/membersOfTeam%len(zones)]))
}

// service writes a service with its documents, if it is to have any. Services of a low number are the
// important ones: others depend on them, never the other way round, so that there is
// neither a cycle nor an important service that rests on an unimportant one.
func (w *writer) service(i int) {
	r := randomFor(forService, i)
	runbooks := r.between(1, 2)
	w.text.Reset()
	w.descriptor(i, r)
	w.file(DescriptorOf(i), w.text.Bytes())
	if w.bare {
		return
	}
	for n := range runbooks {
		w.runbook(i, n)
	}
	w.decision(i)
}

func (w *writer) descriptor(i int, r *random) {
	name, team := serviceName(i), teamName(r.below(w.shape.Teams))
	fmt.Fprintf(&w.text, `apiVersion: signpost.dev/v1
kind: service
name: %[1]s
title: %[2]s
description: >-
  %[3]s
owner: team:%[4]s
system: system:%[5]s
lifecycle: %[6]s
tier: %[7]d
type: %[8]s
language: %[9]s
tags: [%[10]s, %[11]s]
repository: github:generated/%[1]s
links:
  - {title: Dashboard, url: "https://grafana.example/d/%[1]s", type: dashboard, environment: production}
  - {title: Logs, url: "https://logs.example/app/%[1]s", type: logs}
`, name, titled(name), sentence(r), team, systemName(r.below(w.shape.Systems)), w.lifecycle(i), w.tier(i),
		r.of([]string{"http", "grpc", "worker", "batch"}), r.of([]string{"Go", "Kotlin", "Python", "TypeScript"}),
		r.of(topics), "x-"+r.of(aspects))
	w.dependencies(i)
	w.text.WriteString("environments:\n")
	for _, environment := range []string{"production", "canary", "staging"} {
		fmt.Fprintf(&w.text, `  %[1]s:
    url: https://%[2]s.%[1]s.generated.example
    region: eu-west-%[3]d
    deployments: {provider: argocd, app: %[2]s-%[1]s}
    health: {provider: prometheus, query: 'min(up{app="%[2]s", env="%[1]s"})'}
`, environment, name, r.between(1, 3))
	}
	fmt.Fprintf(&w.text, "metadata:\n  costCentre: CC-%04d\n  dataResidency: %s\n", r.below(200)+1000, r.of([]string{"eu", "uk", "us", "none"}))
}

// tier makes one service in twenty as important as can be, and three in ten the least.
func (w *writer) tier(i int) int {
	switch n := w.shape.Services; {
	case i < n/20:
		return 1
	case i < n/5:
		return 2
	case i < n*7/10:
		return 3
	}
	return 4
}

func (w *writer) lifecycle(i int) string {
	if i >= w.shape.Services*19/20 {
		return "experimental"
	}
	return "production"
}

// dependencies names three to six services of lower numbers; the lower, the more
// likely, so that a few services have thousands of dependents and most have a handful.
func (w *writer) dependencies(i int) {
	if i == 0 {
		return
	}
	r := randomFor(forDependencies, i)
	seen := map[int]bool{}
	w.text.WriteString("dependsOn:\n")
	for range r.between(3, 6) {
		u := r.fraction()
		on := int(float64(i) * u * u * u)
		if seen[on] {
			continue
		}
		seen[on] = true
		fmt.Fprintf(&w.text, "  - {ref: \"service:%s\", protocol: %s, criticality: %s}\n", serviceName(on),
			r.of([]string{"http", "grpc", "kafka"}), r.of([]string{"critical", "critical", "degrades", "optional"}))
	}
}
