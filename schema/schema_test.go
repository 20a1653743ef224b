package schema

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/signpost-dev/signpost/pkg/source"
)

// parse returns the first document of a YAML text.
func parse(t testing.TB, text string) *source.Node {
	t.Helper()
	docs, ds := source.Decode("in.yaml", []byte(text), source.DescriptorLimits)
	if len(ds) > 0 || len(docs) == 0 {
		t.Fatalf("the input does not parse: %v", ds)
	}
	return docs[0].Root
}

func compiled(t testing.TB, fields []Field, kinds []OwnKind) *Set {
	t.Helper()
	s, err := Compile(fields, kinds)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestKindsMatchTheirSchemas(t *testing.T) {
	for _, k := range Kinds {
		doc := load(k.Name)
		got := Kind{k.Name, k.Plural, doc["title"].(string), k.TitlePlural, doc["description"].(string)}
		if diff := cmp.Diff(k, got); diff != "" {
			t.Errorf("%s (-Kinds +schema):\n%s", k.Name, diff)
		}
	}
}

func TestPublishedSchemasAreValid(t *testing.T) {
	s := compiled(t, nil, nil)
	for _, name := range append(s.Kinds(), portalKind, documentKind, entityKind, snapshotKind) {
		text, err := s.JSON(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := compile(base+name+".schema.json", text); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		var doc struct {
			ID     string `json:"$id"`
			Schema string `json:"$schema"`
		}
		if err := json.Unmarshal(text, &doc); err != nil {
			t.Fatal(err)
		}
		want := "https://signpost.dev/schema/v1/" + name + ".schema.json"
		if doc.ID != want || doc.Schema != "https://json-schema.org/draft/2020-12/schema" {
			t.Errorf("%s: $id %q, $schema %q; want %q and draft 2020-12", name, doc.ID, doc.Schema, want)
		}
	}
}

const typical = `apiVersion: signpost.dev/v1
kind: service
name: payments-api
title: Payments API
description: Takes card payments and settles them with processors.
owner: team:payments
maintainers: [person:amara]
contacts: [{role: security, ref: team:appsec}]
system: checkout
lifecycle: production
tier: 1
type: http
tags: [pci, go]
aliases: [pay, billing-api]
repository: github:acme/payments-api
links:
  - {title: Dashboard, url: https://grafana.example.com/d/payments, type: dashboard}
  - {title: Logs, url: https://logs.example.com/payments, type: logs}
channel: slack:#payments
dependsOn: [resource:payments-db, service:ledger, {ref: api:fraud-check, criticality: degrades}]
provides: [api:payments-v2]
environments:
  production: {url: https://pay.example.com, deployments: {provider: github, environment: production}, health: {provider: prometheus, query: up}}
  staging: {deployments: {provider: argocd, app: payments-staging}}
oncall: {provider: pagerduty, service: PX12ABC}
cost: {provider: aws, tag: payments-api, budget: {monthly: 4200, currency: EUR}}
labels: {app: payments}
`

func TestTypicalDescriptorIsValid(t *testing.T) {
	if ds := compiled(t, nil, nil).Check("service", parse(t, typical)); len(ds) > 0 {
		t.Errorf("got %v, want no findings", ds)
	}
}

func BenchmarkCheck(b *testing.B) {
	s, n := compiled(b, nil, nil), parse(b, typical)
	b.ReportAllocs()
	for b.Loop() {
		if ds := s.Check("service", n); len(ds) > 0 {
			b.Fatal(ds)
		}
	}
}

func BenchmarkCompile(b *testing.B) {
	for b.Loop() {
		compiled(b, nil, nil)
	}
}
