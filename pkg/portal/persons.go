package portal

import "strings"

// PersonNamed returns the person of the catalog whom a live system means by a text: an e-mail
// address, a login on GitHub, a handle in a chat system, an alias, or the full name. Letter
// case does not matter. It returns nil if nobody is called so, or more than one person.
func (p *Portal) PersonNamed(text string) *Entity { return p.persons()[personKey(text)] }

// personKey writes a name in the way in which names are compared.
func personKey(text string) string {
	return strings.TrimPrefix(strings.ToLower(strings.Join(strings.Fields(text), " ")), "@")
}

// namePersons returns people by what live systems may call them. What may mean more than one
// of them leads to nil.
func (p *Portal) namePersons() map[string]*Entity {
	named := map[string]*Entity{}
	for _, e := range p.OfKind("person") {
		for _, text := range namesOf(e) {
			key := personKey(text)
			if other, taken := named[key]; taken && other != e {
				named[key] = nil
			} else {
				named[key] = e
			}
		}
	}
	delete(named, "")
	return named
}

// namesOf returns what live systems may call a person.
func namesOf(e *Entity) []string {
	names := []string{e.Person.Email, e.Person.GitHub, e.Title, e.Ref.String()}
	if system, handle, ok := strings.Cut(e.Person.Chat, ":"); ok && !strings.HasPrefix(strings.ToLower(system), "http") {
		names = append(names, handle)
	}
	for _, a := range e.Aliases {
		names = append(names, a.Text)
	}
	return names
}

// Names returns the texts by which facts about an entity name people.
func (l *Live) Names() []string {
	var names []string
	for _, place := range l.Places {
		for _, d := range place.Deployments {
			names = append(names, d.Fact.By)
		}
	}
	for _, o := range l.OnCall {
		names = append(names, o.Fact.Now, o.Fact.Next)
	}
	for _, i := range l.Incidents {
		names = append(names, i.Fact.Responders...)
	}
	return names
}
