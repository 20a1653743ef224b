package portal

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/pkg/docs"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// Incident is an incident with what it is about in the catalog.
type Incident struct {
	Told[snapshot.Incident]
	Page     string    // path in the site
	Affected []*Entity `json:"-"` // at least one; first the one it was opened for
}

// Incidents returns all incidents about entities of the catalog, the latest first.
func (p *Portal) Incidents() []*Incident { return p.allIncidents }

// IncidentFolder returns the folder of the pages of incidents. An organisation may have
// a kind of its own whose pages lie in the folder that is meant for them.
func (p *Portal) IncidentFolder() string {
	for _, k := range p.Catalog.Kinds {
		if k.Plural == "incidents" {
			return "-/incidents"
		}
	}
	return "incidents"
}

// incidents gives the incidents of a provider to all that they are about.
func (j *joining) incidents(all []snapshot.Incident) {
	for _, fact := range all {
		if fact.Observed.IsZero() {
			fact.Observed = j.by.Fetched
		}
		if fact.Opened.IsZero() {
			fact.Opened = fact.Observed
		}
		i := &Incident{Told: Told[snapshot.Incident]{fact, j.by}}
		for _, ref := range append([]string{fact.Entity}, fact.Also...) {
			if e := j.Named(ref); e != nil && !slices.Contains(i.Affected, e) {
				i.Affected = append(i.Affected, e)
				e.live().Incidents = append(e.live().Incidents, i)
			}
		}
		if len(i.Affected) == 0 {
			j.strangers[fact.Entity]++
			continue
		}
		j.by.Facts++
		j.allIncidents = append(j.allIncidents, i)
	}
}

// orderIncidents sorts all incidents and gives each a page. Identifiers of live systems
// may hold anything; two that come to one name are told apart by their hashes.
func (p *Portal) orderIncidents() {
	names := map[string]int{}
	for _, i := range p.allIncidents {
		names[i.name()]++
	}
	folder := p.IncidentFolder()
	for _, i := range p.allIncidents {
		name := i.name()
		if names[name] > 1 || name == "index" {
			sum := sha256.Sum256([]byte(i.By.Name + "\x00" + i.Fact.Entity + "\x00" + i.Fact.ID))
			name += "-" + hex.EncodeToString(sum[:4])
		}
		i.Page = folder + "/" + name + ".html"
	}
	sortIncidents(p.allIncidents)
	for _, e := range p.Entities {
		if e.Live != nil {
			sortIncidents(e.Live.Incidents)
		}
	}
}

// longestName keeps the names of files within what file systems take.
const longestName = 120

func (i *Incident) name() string {
	name := catalog.Slug(i.By.Name + "-" + i.Fact.ID)
	return name[:min(len(name), longestName)]
}

func sortIncidents(all []*Incident) {
	slices.SortFunc(all, func(a, b *Incident) int {
		return cmp.Or(b.Fact.Opened.Compare(a.Fact.Opened), strings.Compare(a.By.Name, b.By.Name), strings.Compare(a.Fact.ID, b.Fact.ID), strings.Compare(a.Page, b.Page))
	})
}

// Postmortem returns the document that says in its front matter that it is about an
// incident, by its identifier or number; nil if there is none.
func (p *Portal) Postmortem(i *Incident) *docs.Document {
	names := []string{i.Fact.ID, i.By.Name + "-" + i.Fact.ID, i.By.Name + "/" + i.Fact.ID}
	if i.Fact.Number != "" {
		names = append(names, i.Fact.Number, "#"+i.Fact.Number)
	}
	for _, name := range names {
		if d := p.postmortems()[strings.ToLower(name)]; d != nil {
			return d
		}
	}
	return nil
}

// namedIncidents returns documents by the incident that they name.
func (p *Portal) namedIncidents() map[string]*docs.Document {
	of := map[string]*docs.Document{}
	for _, d := range p.Documents {
		name := strings.ToLower(d.Front.Field("incident").Text())
		if name != "" && d.Page != "" && of[name] == nil {
			of[name] = d
		}
	}
	return of
}

// Before is how long before an incident a deployment may be what brought it about.
const Before = 2 * time.Hour

// Suspect is a deployment shortly before an incident.
type Suspect struct {
	Told[snapshot.Deployment]
	Of       *Entity
	Affected bool // of what the incident is about; otherwise of what that depends on
}

// Suspects returns the deployments of what an incident is about, and of what that depends
// on, in the two hours before it, the latest first.
func (p *Portal) Suspects(i *Incident) []Suspect {
	var found []Suspect
	seen := map[*Entity]bool{}
	note := func(e *Entity, affected bool) {
		if e == nil || e.Live == nil || seen[e] {
			return
		}
		seen[e] = true
		for _, place := range e.Live.Places {
			for _, d := range place.Deployments {
				if ago := i.Fact.Opened.Sub(d.Fact.At); ago >= 0 && ago <= Before {
					found = append(found, Suspect{d, e, affected})
				}
			}
		}
	}
	for _, e := range i.Affected {
		note(e, true)
	}
	for _, e := range i.Affected {
		for _, r := range e.Outgoing(catalog.DependsOn) {
			note(p.Of(r.To), false)
		}
	}
	slices.SortStableFunc(found, func(a, b Suspect) int {
		return cmp.Or(b.Fact.At.Compare(a.Fact.At), strings.Compare(a.Of.Ref.String(), b.Of.Ref.String()), strings.Compare(a.Fact.ID, b.Fact.ID))
	})
	return found
}
