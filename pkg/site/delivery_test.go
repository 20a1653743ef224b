package site

import (
	"strings"
	"testing"
	"time"

	"github.com/signpost-dev/signpost/pkg/portal"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

func TestDeliveryOnPages(t *testing.T) {
	p := portalOf(t, ownersOnly)
	service := p.OfKind("service")[0]
	team := p.Of(service.Owner())
	pages := pagesOf(t, p)
	for _, e := range []*portal.Entity{service, team} {
		if html := text(draw(t, newTestRenderer(t), pages[e.Page()])); strings.Contains(html, "Delivery") {
			t.Errorf("%s says something of delivery, of which nothing is known", e.Page())
		}
	}
	in := p.Input
	in.History = []snapshot.Month{{Month: "2026-11", Entities: map[string]map[int]snapshot.Day{
		service.Ref.String(): {20: {Deployed: 13}, 21: {Failed: 2, Opened: 1, Restored: []time.Duration{95 * time.Minute}}},
	}}}
	if html := text(draw(t, newTestRenderer(t), pagesOf(t, portal.New(in))[service.Page()])); strings.Contains(html, "Lead time") {
		t.Error("the page has a lead time, of which nothing is known")
	}
	in.History[0].Leads = map[string]map[int][]int{service.Ref.String(): {20: {60, 26 * 60, 3000}}}
	pages = pagesOf(t, portal.New(in))
	for _, e := range []*portal.Entity{service, team} {
		html := text(draw(t, newTestRenderer(t), pages[e.Page()]))
		for _, want := range []string{"1.0 times a week", "13 % of 15 deployments", "1 hour 35 minutes", "Lead time1 day 2 hours", "13 deployed, 2 failed in the week until"} {
			if !strings.Contains(html, want) {
				t.Errorf("%s does not say %q", e.Page(), want)
			}
		}
	}
}
