package site

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const systemsCatalog = `
-- signpost.yaml --
apiVersion: signpost.dev/v1
title: Acme
-- all.yaml --
apiVersion: signpost.dev/v1
kind: team
name: core
email: core@acme.example
---
apiVersion: signpost.dev/v1
kind: system
name: shop
owner: team:core
---
apiVersion: signpost.dev/v1
kind: system
name: money
owner: team:core
---
apiVersion: signpost.dev/v1
kind: service
name: web
owner: team:core
system: shop
dependsOn: [service:basket, {ref: service:ledger, criticality: degrades}, service:fees]
---
apiVersion: signpost.dev/v1
kind: service
name: basket
owner: team:core
system: shop
---
apiVersion: signpost.dev/v1
kind: service
name: alone
owner: team:core
system: shop
---
apiVersion: signpost.dev/v1
kind: service
name: ledger
owner: team:core
system: money
---
apiVersion: signpost.dev/v1
kind: service
name: fees
owner: team:core
system: money
`

// systemDrawing are the arrows of the drawing on the page of a system.
func systemDrawing(t *testing.T, catalog, page string) (arrows []string, legend string) {
	t.Helper()
	view := pagesOf(t, portalOf(t, catalog))[page].Data.(EntityView)
	i := slices.IndexFunc(view.Relations, func(s RelationSection) bool { return s.ID == containsID })
	if i < 0 || view.Relations[i].graph == nil {
		return nil, ""
	}
	for _, e := range view.Relations[i].graph.graph.Edges {
		arrows = append(arrows, strings.TrimSpace(e.From+" → "+e.To+" "+e.Class))
	}
	return arrows, view.Relations[i].Legend
}

// A system is drawn as the catalog describes it: its parts, and the systems that they need.
func TestSystemsAreDrawn(t *testing.T) {
	got, _ := systemDrawing(t, systemsCatalog, "systems/shop.html")
	want := []string{"service:web → service:basket", "service:web → system:money degrades", "service:web → system:money"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("arrows (-want +got):\n%s", diff)
	}
	doc := draw(t, newTestRenderer(t), pagesOf(t, portalOf(t, systemsCatalog))["systems/shop.html"])
	svg := text(elements(doc, class("graph"))[0])
	if !strings.Contains(svg, "money") || strings.Contains(svg, "alone") {
		t.Errorf("the drawing says %q; what nothing joins is left to the table", svg)
	}
	if got, _ := systemDrawing(t, systemsCatalog, "systems/money.html"); got != nil {
		t.Errorf("parts that need nothing of each other are drawn: %q", got)
	}
}

// However large a system is, its drawing is not.
func TestDrawingsOfSystemsAreBounded(t *testing.T) {
	var b strings.Builder
	for i := range 100 {
		fmt.Fprintf(&b, "---\napiVersion: signpost.dev/v1\nkind: service\nname: s%d\ntier: %d\nowner: team:core\nsystem: shop\ndependsOn: [service:s%d]\n", i, 1+i%4, (i+4)%100)
	}
	arrows, legend := systemDrawing(t, systemsCatalog+b.String(), "systems/shop.html")
	if len(arrows) == 0 || len(arrows) > 2*maxNodes || !strings.Contains(legend, "63 more are in the table") {
		t.Errorf("%d arrows, and the caption says %q", len(arrows), legend)
	}
}
