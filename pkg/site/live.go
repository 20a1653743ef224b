package site

import (
	"cmp"
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"

	"github.com/signpost-dev/signpost/pkg/portal"
	"github.com/signpost-dev/signpost/pkg/search"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// Between builds. Every reading of a live system changes when a fact was read, and many a
// figure a little. Pages leave both to the files of this file, or all of them would have to be
// written and uploaded anew every quarter of an hour:
//
//   - live/0a.js holds them for about a hundred entities, by entity: the times and figures of
//     its facts, and a digest of what its page says of them. Scripts put the first into the
//     page. If the digest is another than that of the page, which somebody has left open, they
//     fetch the page again and put the parts of it in place that tell of facts.
//   - live/0a.html says the same for readers without scripts.
//   - build.js says when each provider was read, which is the age of most facts, for pages
//     about many entities; and by a digest of all that, whether a site has changed.
//
// So a site that is published again because facts are newer, and not other, differs in these
// files and the health page alone.

// perPart is how many entities a file may tell of. There are as many files as the next power
// of two gives, so that one more entity does not move all others to other files.
const perPart = 100

// liveFolder returns the folder of the files.
func (l *planner) liveFolder() string {
	for _, k := range l.Catalog.Kinds {
		if k.Plural == "live" {
			return "-/live"
		}
	}
	return "live"
}

// parts returns how many files there are.
func (l *planner) parts() uint32 {
	n := uint32(1)
	for int(n)*perPart < len(l.Entities) {
		n *= 2
	}
	return n
}

// partOf returns the path of the file that tells of an entity, without its ending.
func (l *planner) partOf(e *portal.Entity) string {
	h := fnv.New32a()
	h.Write([]byte(e.Ref.String()))
	return l.liveFolder() + "/" + strconv.FormatUint(uint64(h.Sum32()%l.parts()), 16)
}

// livePart says where scripts find newer facts of an entity, under which name, and by which
// digest they know that the page says the same: "live/a service:web k3f9a2b". Readings is the
// way to the page with the same. Both are empty if live systems say nothing of it.
func (l *planner) livePart(e *portal.Entity) (live string, readings Link) {
	if !l.isLive(e) {
		return "", Link{}
	}
	part := l.partOf(e)
	if len(l.readings(e)) == 0 {
		return part + " " + e.Ref.String() + " " + l.factsDigest(e), Link{}
	}
	return part + " " + e.Ref.String() + " " + l.factsDigest(e), Link{Text: "last readings", Href: href(e.Page(), part+".html#"+liveAnchor(e))}
}

func liveAnchor(e *portal.Entity) string { return "sp-" + strings.ReplaceAll(e.Ref.String(), ":", "-") }

// isLive reports whether the page of an entity shows what live systems say.
func (l *planner) isLive(e *portal.Entity) bool {
	if len(l.Snapshots) == 0 {
		return false
	}
	return e.Live != nil || len(l.calledBy(e)) > 0 || slices.ContainsFunc(l.operated(e), func(o *portal.Entity) bool { return o.Live != nil })
}

// calledBy is who is on call for an entity, as systems outside say; also its owner's.
func (l *planner) calledBy(e *portal.Entity) []portal.Told[snapshot.OnCall] {
	found := l.OnCall(e)
	if found == nil || found.Plan != nil {
		return nil
	}
	return portal.LevelsOf(e, found)
}

// factsDigest is of what the page of an entity says of facts. Like the page it is the same
// when they are read again and have not changed.
func (l *planner) factsDigest(e *portal.Entity) string {
	var m mix
	m.text(l.ownFacts(e))
	for _, o := range l.calledBy(e) {
		if err := json.NewEncoder(&m).Encode(o); err != nil {
			fmt.Fprint(&m, err)
		}
	}
	for _, o := range l.operated(e) {
		m.text(l.ownFacts(o))
	}
	return short(m.Bytes())
}

// ownFacts is the digest of what live systems say of an entity itself. Those of services go
// into that of their team and system too.
func (l *planner) ownFacts(e *portal.Entity) string {
	if e.Live == nil {
		return ""
	}
	if known, ok := l.digests.Load(e); ok {
		return known.(string)
	}
	var m mix
	(&reach{Portal: l.Portal}).live(&m, e)
	digest := short(m.Bytes())
	l.digests.Store(e, digest)
	return digest
}

// short is a digest that tells a hundred things apart.
func short(data []byte) string {
	sum := sha256.Sum256(data)
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:5]))[:7]
}

// Figures of different kinds of facts that one provider calls the same are told apart.
const (
	healthFigures    = "health"
	objectiveFigures = "objective"
)

// factKey is the short name of a fact among those of one entity.
func factKey(kind string, by *portal.Provider, about snapshot.About) string {
	return short([]byte(kind + "\x00" + by.Name + "\x00" + about.Environment + "\x00" + about.ID + "\x00" + about.Entity))
}

func figureKey(kind string, by *portal.Provider, about snapshot.About, i int) string {
	return factKey(kind, by, about) + "." + strconv.Itoa(i)
}

// factReading is a fact with what every reading changes.
type factReading struct {
	title   string
	by      *portal.Provider
	about   snapshot.About
	kind    string // of the figures
	figures []string
}

// readings are those of an entity, as far as its page shows them.
func (l *planner) readings(e *portal.Entity) []factReading {
	var all []factReading
	add := func(title string, by *portal.Provider, about snapshot.About) *factReading {
		if about.Environment != "" {
			title = l.environmentTitle(about.Environment) + ": " + title
		}
		all = append(all, factReading{title: title, by: by, about: about})
		return &all[len(all)-1]
	}
	for _, o := range l.calledBy(e) {
		add("on call, "+levelTitle(o.Fact), o.By, o.Fact.About)
	}
	if e.Live == nil {
		return all
	}
	for _, i := range e.Live.Open() {
		add(incidentTitle(i.Fact), i.By, i.Fact.About)
	}
	for _, a := range e.Live.Alerts {
		if _, shown := alertState(a.Fact); shown {
			add("alert "+a.Fact.Name, a.By, a.Fact.About)
		}
	}
	for _, p := range e.Live.Places {
		if d, ok := p.Running(); ok {
			add("version "+cmp.Or(d.Fact.Version, shortCommit(d.Fact.Commit)), d.By, d.Fact.About)
		}
		if d, ok := p.Attempt(); ok {
			add("deployment of "+cmp.Or(d.Fact.Version, shortCommit(d.Fact.Commit)), d.By, d.Fact.About)
		}
		for _, h := range p.Health {
			r := add("health", h.By, h.Fact.About)
			r.kind, r.figures = healthFigures, measureTexts(h.Fact.Measures)
		}
	}
	for _, o := range e.Live.Objectives {
		r := add("objective "+o.Fact.Name, o.By, o.Fact.About)
		r.kind, r.figures = objectiveFigures, []string{quantity(o.Fact.Actual, "%"), budgetText(o.Fact.Budget)}
	}
	for _, r := range e.Live.Repositories {
		add("repository "+r.Fact.Name, r.By, r.Fact.About)
	}
	for _, r := range e.Live.Releases[:min(len(e.Live.Releases), 1)] {
		add("release "+r.Fact.Version, r.By, r.Fact.About)
	}
	for _, r := range e.Live.Runs[:min(len(e.Live.Runs), mostRuns)] {
		add("workflow "+r.Fact.Name, r.By, r.Fact.About)
	}
	return all
}

func measureTexts(all []snapshot.Measure) []string {
	var texts []string
	for _, m := range all {
		text := m.Name + " " + quantity(m.Value, m.Unit)
		if m.Baseline != nil {
			text += ", baseline " + quantity(*m.Baseline, m.Unit)
		}
		texts = append(texts, text)
	}
	return texts
}

func budgetText(left float64) string {
	if left < 0 {
		return "overspent by " + quantity(-left, "%")
	}
	return quantity(left, "%") + " left"
}

// PartData is what a file says of an entity.
type PartData struct {
	Digest  string              `json:"d"`           // of what the page says of facts
	Facts   map[string][2]int64 `json:"f"`           // by key: when it was read, and from when on that is too old; Unix time in seconds
	Figures map[string][]string `json:"g,omitempty"` // by key: texts
}

func (l *planner) partData(e *portal.Entity) PartData {
	d := PartData{Digest: l.factsDigest(e), Facts: map[string][2]int64{}, Figures: map[string][]string{}}
	for _, r := range l.readings(e) {
		if r.by.Follows(r.about) { // of others the page says it
			d.Facts[factKey("", r.by, r.about)] = [2]int64{r.about.Observed.Unix(), r.about.Observed.Add(r.by.Stale).Unix()}
		}
		if len(r.figures) > 0 {
			d.Figures[factKey(r.kind, r.by, r.about)] = r.figures
		}
	}
	return d
}

// byPart are the entities of which live systems say something, by file, and the files in order.
func (l *planner) byPart() (files []string, of map[string][]*portal.Entity) {
	of = map[string][]*portal.Entity{}
	for _, e := range l.Entities {
		if !l.isLive(e) {
			continue
		}
		part := l.partOf(e)
		if of[part] == nil {
			files = append(files, part)
		}
		of[part] = append(of[part], e)
	}
	slices.Sort(files)
	return files, of
}

// liveData writes the files for scripts, and returns a digest of all of them.
func (l *planner) liveData(put func(path string, data []byte) error) (string, error) {
	var m mix
	files, of := l.byPart()
	for _, part := range files {
		data := map[string]PartData{}
		for _, e := range of[part] {
			data[e.Ref.String()] = l.partData(e)
		}
		file := search.DataFile(part, data)
		m.Write(file)
		if err := put(part+".js", file); err != nil {
			return "", err
		}
	}
	for _, by := range l.Providers() {
		fmt.Fprint(&m, by.Name, by.Fetched.Unix(), by.Problem, by.Problems)
	}
	return short(m.Bytes()), nil
}

// lastRead says for scripts when each provider was read, and after how long that is too
// old: Unix time and seconds.
func lastRead(p *portal.Portal) map[string][2]int64 {
	all := map[string][2]int64{}
	for _, by := range p.Providers() {
		if !by.Fetched.IsZero() {
			all[by.Name] = [2]int64{by.Fetched.Unix(), int64(by.Stale.Seconds())}
		}
	}
	return all
}

// livePages are the files for readers without scripts.
func (l *planner) livePages() []Planned {
	var pages []Planned
	files, of := l.byPart()
	for _, part := range files {
		pages = append(pages, Planned{Path: part + ".html", View: func() Page { return l.livePage(part+".html", of[part]) }})
	}
	return pages
}

func (l *planner) livePage(path string, of []*portal.Entity) Page {
	var v ReadingsView
	for _, e := range of {
		readings := l.readings(e)
		if len(readings) == 0 {
			continue // its page tells of other entities only
		}
		section := ReadingsOf{ID: liveAnchor(e), Entity: linkTo(path, e.Entity)}
		for _, r := range readings {
			section.Rows = append(section.Rows, Reading{
				Title: r.title, Figures: r.figures, Source: Link{Text: sourceName(r.by), Href: outside(r.about.URL)}, When: r.about.Observed.UTC(),
			})
		}
		v.Sections = append(v.Sections, section)
	}
	return Page{
		Path: path, Template: "readings.html", Title: "Last readings", Data: v,
		Description: "When live systems were read, and the figures that each reading changes.",
	}
}
