package source

import "testing"

// descriptor is of the usual size and make.
const descriptor = `# Seat reservations for all trains.
apiVersion: signpost.dev/v1
kind: service
name: seat-reservation
title: Seat reservation
description: >-
  Holds seats for twenty minutes while a traveller pays,
  and releases them when the payment does not come.
owner: team:reservations
maintainers: [person:ada, person:grace]
lifecycle: production
type: web-service
system: booking
tier: 1
language: go
tags: [booking, seats, critical]
repository: github:larkspur/seat-reservation
channel: "slack:#reservations"
runbook: runbooks/seats.md
provides:
  - api:seat-api
  - api:seat-events
consumes:
  - api:payment-api
dependsOn:
  - resource:seat-db
  - ref: service:payments
    protocol: http
    criticality: critical
    note: without it no seat can be sold
  - {ref: "service:notifications", criticality: degrades}
links:
  - title: Dashboard
    url: https://grafana.larkspur.example/d/seats
    type: dashboard
  - title: Logs
    url: https://logs.larkspur.example/seats
    type: logs
environments:
  production:
    url: https://seats.larkspur.example
    region: eu-central-1
  staging:
    url: https://seats.staging.larkspur.example
oncall:
  provider: pagerduty
  service: P123456
  page: https://larkspur.pagerduty.example/services/P123456
metadata:
  costCentre: CC-1234
  reviewed: 2026-03-01
labels:
  team: reservations
  pci: "false"
`

func BenchmarkDecode(b *testing.B) {
	data := []byte(descriptor)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		docs, ds := Decode("service.yaml", data, DescriptorLimits)
		if len(docs) != 1 || len(ds) != 0 {
			b.Fatalf("got %d documents, findings %v", len(docs), ds)
		}
	}
}
