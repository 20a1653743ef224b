package site

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/signpost-dev/signpost/pkg/docs"
	"github.com/signpost-dev/signpost/pkg/portal"
	"github.com/signpost-dev/signpost/pkg/search"
)

// writeSearch writes the search index. That is one long piece of work, so it is done
// beside all that follows the reading of documents.
func (b *builder) writeSearch(p *portal.Portal) error {
	if !b.Share.holds(searchPage) {
		return nil
	}
	for _, e := range p.Entities {
		b.search.AddEntity(searchEntity(p, e))
	}
	for _, d := range slices.Concat(searchOperations(p, b.TitlesOnly), searchElsewhere(p)) {
		b.search.AddDocument(d)
	}
	before, files, ok := b.memory.texts()
	for i, name := range before.Files {
		ok = ok && b.out.There(name, files[i])
	}
	if ok {
		b.search.Reuse(before)
	}
	index, err := b.search.Files()
	if err != nil {
		return err
	}
	for name, data := range index {
		if err := b.out.Put(name, data); err != nil {
			return err
		}
	}
	if ok && b.search.Texts().Digest == before.Digest {
		for i, name := range before.Files {
			b.out.register(name, files[i])
		}
	}
	return nil
}

// writeData writes what else scripts and editors read.
func (b *builder) writeData() error {
	return dataFiles(b.portal, b.renderer.site, b.Facts, b.BaseURL, b.out.Put)
}

// dataFiles makes what else scripts and editors read: who is on call, as calendars too;
// what happened, as feeds; what every reading of live systems changes; facts about the build and all lists, for the menu; what only live systems know; and the
// schemas with the organisation's own fields.
func dataFiles(p *portal.Portal, site Site, facts BuildFacts, baseURL string, put func(path string, data []byte) error) error {
	if len(p.Catalog.Rotations) > 0 {
		if err := put(rotationsFile, search.DataFile("oncall", onCallData(p))); err != nil {
			return err
		}
	}
	if err := calendars(p, put); err != nil {
		return err
	}
	if err := feedFiles(p, baseURL, put); err != nil {
		return err
	}
	live, err := newPlanner(p, baseURL, facts).liveData(put)
	if err != nil {
		return err
	}
	build := map[string]any{
		"commit": facts.Commit, "version": facts.Version, "day": facts.Day, "baseUrl": baseURL,
		"lists": site.Nav, "rotations": site.Rotations,
	}
	if len(p.Providers()) > 0 {
		build["read"], build["live"] = lastRead(p), live
	}
	if err := put("build.js", search.DataFile("build", build)); err != nil {
		return err
	}
	if len(unmatched(p)) > 0 {
		data, err := unmatchedData(p)
		if err != nil {
			return err
		}
		if err := put(unmatchedFile, data); err != nil {
			return err
		}
	}
	set := p.Catalog.Schema
	for _, kind := range set.Names() {
		data, err := set.JSON(kind)
		if err != nil {
			return err
		}
		if err := put("schema/v1/"+strings.ToLower(kind)+".schema.json", data); err != nil {
			return err
		}
	}
	return nil
}

// onCallData are the shifts of all rotations by name, for search results, with
// ways from the site's root.
func onCallData(p *portal.Portal) map[string]ShiftData {
	l := &planner{Portal: p}
	all := map[string]ShiftData{}
	for _, r := range p.Catalog.Rotations {
		all[strings.ToLower(r.Name.Text)] = ShiftsOf(l.onCall(homePage, r))
	}
	return all
}

// searchEntity is an entity as search finds and shows it.
func searchEntity(p *portal.Portal, e *portal.Entity) search.Entity {
	s := search.Entity{
		URL: e.Page(), Kind: e.Kind.Name, KindTitle: e.Kind.Title,
		Namespace: e.Ref.Namespace, Name: e.Name.Text, Title: e.DisplayName(), Description: p.Purpose(e.Entity),
		Lifecycle: e.Lifecycle.Text, Type: e.Type, Language: e.Language, Tags: e.Tags,
	}
	for _, a := range e.Aliases {
		s.Aliases = append(s.Aliases, a.Text)
	}
	if e.Tier > 0 {
		s.Tier = strconv.Itoa(e.Tier)
	}
	if owner := e.Owner(); owner != nil {
		s.Owner, s.OwnerTitle = qualified(owner), owner.DisplayName()
	}
	if system := e.System(); system != nil {
		s.System = qualified(system)
	}
	if domain := e.Domain(); domain != nil {
		s.Domain = qualified(domain)
	}
	if onCall := p.OnCall(e); onCall != nil && onCall.Plan != nil {
		s.OnCall = strings.ToLower(onCall.Plan.Name.Text)
	}
	if channel, ok := p.Channel(e); ok {
		s.Channel, s.ChannelURL = channel.Text, channel.URL
	}
	if runbook, ok := p.Runbook(e); ok {
		s.Runbook = runbook.Page + runbook.URL
	}
	for _, g := range p.Gaps(e) {
		s.Gaps = append(s.Gaps, g.Answer)
		if g.Wrong != "" {
			s.Gaps = append(s.Gaps, g.Answer+"-wrong") // so that lists need not call it missing
		}
	}
	for _, f := range e.Fields {
		if s.Fields == nil {
			s.Fields = map[string][]string{}
		}
		s.Fields[f.Field.Name] = f.Texts()
	}
	if e.Person != nil {
		s.Type = e.Person.Role
	}
	return s
}

// searchDocument is a document as search finds and shows it.
func searchDocument(p *portal.Portal, d *docs.Document, parsed *docs.Parsed) search.Document {
	s := search.Document{URL: d.Page + d.URL, Title: d.Title, Kind: string(d.Kind), KindTitle: kindOfDocument(d.Kind).title}
	if about := p.About(d); len(about) > 0 {
		s.Entity = about[0].Page()
		owner, _ := p.Catalog.Resolve(d.Front.Field("owner").Text(), []string{"team"}, about[0].Ref.Namespace)
		if owner != nil && owner != about[0].Owner() {
			s.Owner = qualified(owner)
		}
	}
	for _, section := range parsed.Sections {
		text := search.Section{Text: section.Text}
		if section.Heading >= 0 {
			h := parsed.Headings[section.Heading]
			text.ID, text.Heading = h.ID, h.Text
		}
		s.Sections = append(s.Sections, text)
	}
	return s
}

// searchOperations are the operations of all APIs as search finds them: each by what it is
// called and does.
func searchOperations(p *portal.Portal, titlesOnly bool) []search.Document {
	var all []search.Document
	for _, e := range p.Entities {
		layout := layoutOf(e)
		if layout == nil {
			continue
		}
		for _, g := range layout.Groups {
			for _, op := range g.Operations {
				d := search.Document{
					URL: layout.at[op.ID] + "#" + op.ID, Title: op.Title(), Kind: "operation", KindTitle: "Operation", Entity: e.Page(),
				}
				if !titlesOnly {
					d.Sections = []search.Section{{Text: op.Text}}
				}
				all = append(all, d)
			}
		}
	}
	return all
}

// searchElsewhere are the documents in other wikis as search finds them: by title and
// summary. Of entries with the same address it is the first.
func searchElsewhere(p *portal.Portal) []search.Document {
	var all []search.Document
	seen := map[string]bool{}
	for _, d := range p.Elsewhere() {
		if seen[d.URL] || outside(d.URL) == "" {
			continue
		}
		seen[d.URL] = true
		s := searchDocument(p, d, &docs.Parsed{})
		s.Sections = []search.Section{{Text: strings.TrimSpace(p.Summary(d) + " On " + d.Host + ".")}}
		all = append(all, s)
	}
	return all
}

// DayOf returns the UTC day of an instant: all of it that may reach the output.
func DayOf(now time.Time) time.Time { return now.UTC().Truncate(24 * time.Hour) }

// SearchIndex returns the index of a portal's entities, for commands that ask it
// once. Documents are not in it: their text is read only by a build.
func SearchIndex(p *portal.Portal) (*search.Index, error) {
	var b search.Builder
	for _, e := range p.Entities {
		b.AddEntity(searchEntity(p, e))
	}
	return b.Index()
}
