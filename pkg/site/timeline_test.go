package site

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"github.com/signpost-dev/signpost/pkg/githistory"
	"github.com/signpost-dev/signpost/pkg/portal"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// busyFiles are liveFiles with more deployments of web than its page shows.
func busyFiles(deployments int) []snapshot.File {
	files := liveFiles()
	for n := range deployments {
		files[0].Deployments = append(files[0].Deployments, snapshot.Deployment{
			About: aboutWeb(fmt.Sprint("busy", n), "production"), Version: fmt.Sprint("0.", n), State: snapshot.Inactive, At: minutes(-60*24 - 60*n),
		})
	}
	return files
}

// eventTexts are the events that a page shows, each with its time.
func eventTexts(doc *html.Node) []string {
	var all []string
	for _, e := range elements(doc, func(n *html.Node) bool { return attribute(n, "data-event") != "" }) {
		all = append(all, shown(e))
	}
	return all
}

func TestTimelineOfAService(t *testing.T) {
	p := livePortal(t, busyFiles(60)...)
	doc := livePage(t, p, "services/web/-/timeline.html")
	got := eventTexts(doc)
	want := []string{
		"11:55 Alert firing Slow Production GitHub",
		"11:45 Incident opened Web is slow also api severity high PagerDuty",
		"11:40 Failed 1.2 5 minutes before incident Web is slow Staging by Bob Log GitHub",
		"11:30 Deployed 1.1 15 minutes before incident Web is slow Staging GitHub",
		"11:25 Deployed 7 api dependency 20 minutes before incident Web is slow Production GitHub",
		"11:20 Deployed 1.0 25 minutes before incident Web is slow Production by Ada Log GitHub",
		"11:10 Released 1.0 35 minutes before incident Web is slow GitHub",
		"12:00 Deployed 0.0 Production GitHub",
	}
	if diff := cmp.Diff(want, got[:len(want)]); diff != "" || len(got) != rowsPerPage {
		t.Errorf("%d events (-want +got):\n%s", len(got), diff)
	}
	var days []string
	for _, h := range elements(doc, tag("h3")) {
		days = append(days, shown(h))
	}
	if diff := cmp.Diff([]string{"Mon 23 Nov 2026 UTC", "Sun 22 Nov 2026 UTC", "Sat 21 Nov 2026 UTC", "Fri 20 Nov 2026 UTC"}, days); diff != "" {
		t.Errorf("days (-want +got):\n%s", diff)
	}
	if got := eventTexts(livePage(t, p, "services/web/-/timeline/2.html")); len(got) != 17 {
		t.Errorf("the second page has %d events, want 17", len(got))
	}
	incident := elements(doc, with("href", "../../../incidents/pagerduty-q1.html"))
	if len(incident) != 6 {
		t.Errorf("%d links lead to the incident, want its own and five from before it", len(incident))
	}
}

// The page of an entity shows the latest events, and leads to the others if there are any.
func TestLatestEventsOnPages(t *testing.T) {
	p := livePortal(t, liveFiles()...)
	section := elements(livePage(t, p, "services/web.html"), with("id", "sp-timeline"))[0]
	if got := eventTexts(section); len(got) != mostEvents || !strings.HasPrefix(got[1], "11:45 Incident opened") {
		t.Errorf("the page shows %q", got)
	}
	if got := elements(section, with("href", "web/-/timeline.html")); len(got) != 1 || text(got[0]) != "All 7 events of the last 90 days" {
		t.Errorf("the way to all events is %v", got)
	}
	if got := eventTexts(livePage(t, p, "services/api.html")); len(got) != 2 || !strings.Contains(got[1], "Deployed 7 20 minutes before incident Web is slow") {
		t.Errorf("the page of api shows %q", got)
	}
	pages := pagesOf(t, p)
	if _, ok := pages["services/api/-/timeline.html"]; ok {
		t.Error("there is a page for events that all stand on another")
	}
	if got := eventTexts(livePage(t, p, "teams/core/-/timeline.html")); len(got) != 7 || !strings.HasPrefix(got[4], "11:25 Deployed 7 api 20 minutes before") {
		t.Errorf("the team's timeline is %q", got)
	}
	if v := pages["teams/other.html"].Data.(TeamView); v.Timeline == nil || len(v.Timeline.Days[0].Events) != 2 {
		t.Errorf("the page of the team of api has %+v", v.Timeline)
	}
}

func TestTimelineOfEverything(t *testing.T) {
	files := busyFiles(1100)
	for n := range files[0].Deployments {
		files[0].Deployments[n].At = minutes(-n) // all within the days that count
	}
	p := livePortal(t, files...)
	pages := pagesOf(t, p)
	last, ok := pages["-/timeline/20.html"].Data.(TimelineView)
	if !ok || last.Total != 1107 || last.Older != 107 || last.Last != 1000 || last.Next != "" || last.Previous != "19.html" {
		t.Errorf("the last page says %d of %d, %d older, next %q", last.Last, last.Total, last.Older, last.Next)
	}
	if _, ok := pages["-/timeline/21.html"]; ok {
		t.Error("the timeline grows without end")
	}
	first := pages["-/timeline.html"].Data.(TimelineView)
	var kinds []string
	for _, k := range first.Kinds {
		kinds = append(kinds, fmt.Sprint(k.Text, " ", k.N))
	}
	if diff := cmp.Diff([]string{"Incidents 1", "Alerts 1", "Deployments 48", "Releases 0"}, kinds); diff != "" {
		t.Errorf("kinds (-want +got):\n%s", diff)
	}
	if s := SiteOf(p, ""); !strings.Contains(fmt.Sprint(s.Nav), "-/timeline.html") {
		t.Errorf("the menu does not lead there: %v", s.Nav)
	}
	if v := pages[homePage].Data.(HomeView); v.Timeline.Href != "-/timeline.html" {
		t.Errorf("the home page does not lead there: %v", v.Timeline)
	}
}

// A commit is one event, however many descriptors it has touched.
func TestDescriptorChangesOnTimelines(t *testing.T) {
	in := livePortal(t, liveFiles()...).Input
	in.Changes = map[string]githistory.Change{
		"web/service.yaml": {Commit: oneCommit, Author: "Ada", When: minutes(-60)}, "all.yaml": {Commit: oneCommit, Author: "Ada", When: minutes(-60)},
	}
	p := portal.New(in)
	got := eventTexts(livePage(t, p, "-/timeline.html"))
	want := "11:00 Catalog changed 1111111 api , web , core , other 45 minutes before incident Web is slow by Ada"
	if last := got[len(got)-1]; last != want {
		t.Errorf("the change is told as\n %q, want\n %q", last, want)
	}
	if got := eventTexts(livePage(t, p, "services/web/-/timeline.html")); !strings.HasSuffix(got[7], "Catalog changed 1111111 also api 45 minutes before incident Web is slow by Ada") {
		t.Errorf("on the page of web: %q", got[7])
	}
}

func TestCourseOfAnIncident(t *testing.T) {
	doc := livePage(t, livePortal(t, liveFiles()...), "incidents/pagerduty-q1.html")
	want := []string{
		"11:55 Alert firing Slow web Production GitHub",
		"11:49 Acknowledged PagerDuty",
		"11:45 Incident opened PagerDuty",
		"11:40 Failed 1.2 web 5 minutes before the incident Staging by Bob Log GitHub",
		"11:30 Deployed 1.1 web 15 minutes before the incident Staging GitHub",
		"11:25 Deployed 7 api 20 minutes before the incident Production GitHub",
		"11:20 Deployed 1.0 web 25 minutes before the incident Production by Ada Log GitHub",
		"11:10 Released 1.0 web 35 minutes before the incident GitHub",
	}
	if diff := cmp.Diff(want, eventTexts(doc)); diff != "" {
		t.Errorf("while it is open (-want +got):\n%s", diff)
	}
	files := liveFiles()
	i := &files[1].Incidents[0]
	i.State, i.Resolved, i.Detected, i.Also, i.Opened = snapshot.Resolved, minutes(-10), minutes(-14), nil, minutes(-15)
	files[0].Deployments = append(files[0].Deployments, snapshot.Deployment{About: aboutWeb("same", "production"), Version: "1.3", State: snapshot.Running, At: minutes(-15)})
	doc = livePage(t, livePortal(t, files...), "incidents/pagerduty-q1.html")
	got := eventTexts(doc)
	want = []string{
		"11:25 Deployed 7 api dependency 20 minutes before the incident Production GitHub",
		"11:30 Deployed 1.1 web 15 minutes before the incident Staging GitHub",
		"11:40 Failed 1.2 web 5 minutes before the incident Staging by Bob Log GitHub",
		"11:45 Deploying 1.3 web less than a minute before the incident Production GitHub",
		"11:45 Incident opened PagerDuty",
		"11:46 Detected PagerDuty",
		"11:49 Acknowledged PagerDuty",
		"11:50 Resolved PagerDuty",
	}
	if diff := cmp.Diff(want, got[2:]); diff != "" {
		t.Errorf("when it is over (-want +got):\n%s", diff)
	}
	main := shown(elements(doc, tag("main"))[0])
	for _, part := range []string{
		"Time to detect 1 minute from when it was opened until it was noticed", "Time to acknowledge 4 minutes", "Time to resolve 5 minutes from when it was opened until it was over",
		"6 changes in the two hours before it may have led to it",
	} {
		if !strings.Contains(main, part) {
			t.Errorf("the page lacks %q: %s", part, main)
		}
	}
}

// An incident may go on for weeks; its page does not grow with it.
func TestLongIncident(t *testing.T) {
	files := liveFiles()
	for n := range 200 {
		files[0].Deployments = append(files[0].Deployments, snapshot.Deployment{About: aboutWeb(fmt.Sprint("later", n), "production"), Version: "2", State: snapshot.Succeeded, At: minutes(n)})
	}
	doc := livePage(t, livePortal(t, files...), "incidents/pagerduty-q1.html")
	got := eventTexts(doc)
	if len(got) != mostAround+2 || !strings.HasPrefix(got[len(got)-1], "11:10 Released") {
		t.Errorf("%d events, the first %q", len(got), got[len(got)-1])
	}
	if main := shown(elements(doc, tag("main"))[0]); !strings.Contains(main, "156 later events are not listed here") {
		t.Errorf("the page does not say what it leaves out: %s", main)
	}
}

func TestPostmortemLeadsToItsIncident(t *testing.T) {
	p := livePortal(t, liveFiles()...)
	pages := NewDocumentPages(p)
	var found int
	for _, d := range p.Documents {
		for _, a := range elements(draw(t, newTestRenderer(t), pages.Page(d, "", nil, nil)), with("href", "../../../incidents/pagerduty-q1.html")) {
			found++
			if d.Title != "It was slow" || text(a) != "Web is slow" {
				t.Errorf("%s leads to the incident with %q", d.Title, text(a))
			}
		}
	}
	if found != 1 {
		t.Errorf("%d documents lead to the incident", found)
	}
}

// A postmortem may lie with something that its incident was not about.
func TestIncidentReachesADistantPostmortem(t *testing.T) {
	const far = "-- far/service.yaml --\napiVersion: signpost.dev/v1\nkind: service\nname: far\nowner: team:core\n-- far/postmortems/q2.md --\n---\nincident: Q2\n---\n# Seen from afar\n"
	with := func(title string) *portal.Portal {
		in := portalOf(t, liveCatalog+far).Input
		in.Snapshots = liveFiles()
		in.Snapshots[1].Incidents = append(in.Snapshots[1].Incidents, snapshot.Incident{About: aboutWeb("Q2", ""), Title: title, State: snapshot.Resolved, Opened: minutes(-90)})
		return portal.New(in)
	}
	before, reachedBefore := drawnPages(t, with("One"))
	after, reached := drawnPages(t, with("Another"))
	const page = "services/far/postmortems/q2.html"
	if before[page] == after[page] || reachedBefore[page] == reached[page] {
		t.Errorf("the page comes out differently: %v; it has said that it might: %v", before[page] != after[page], reachedBefore[page] != reached[page])
	}
}
