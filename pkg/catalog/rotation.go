package catalog

import (
	"fmt"
	"time"

	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/rotation"
	"github.com/signpost-dev/signpost/pkg/source"
)

// Rotation is an on-call rotation that a team keeps in the catalog.
type Rotation struct {
	Name         Value // unique in the catalog
	Title        string
	Team         *Entity
	Participants []*Reference
	Turns        diag.Span // the list of participants, or where it is missing
	Overrides    []*Override
	Span         diag.Span

	timezone, start, handoff, length Value
	plan                             *rotation.Rotation
}

// Override puts a person on call for a stretch of time, whoever's turn it is.
type Override struct {
	Person   *Reference // nil if what stands there is no reference
	Note     string
	from, to Value
}

// DisplayName returns the title, or the name if there is none.
func (r *Rotation) DisplayName() string {
	if r.Title != "" {
		return r.Title
	}
	return r.Name.Text
}

// Zone returns the time zone in which the rotation's handoffs are told.
func (r *Rotation) Zone() *time.Location {
	if r.plan == nil {
		return time.UTC
	}
	return r.plan.Zone
}

// Shift is a stretch of time with whoever is on call in it.
type Shift struct {
	From, To time.Time
	Person   *Entity
	Override bool
	Note     string
}

// Shifts returns who is on call between two instants: whole shifts, in order,
// without gaps. It is empty for a rotation that cannot be expanded (nobody takes
// part, an unknown time zone); package check has said so.
func (r *Rotation) Shifts(from, to time.Time) []Shift {
	if r.plan == nil {
		return nil
	}
	people := r.byRef()
	var shifts []Shift
	for _, s := range r.plan.Shifts(from, to) {
		shifts = append(shifts, shiftOf(s, people))
	}
	return shifts
}

// Now returns the shift of an instant and the one after it, however long shifts
// are. Before the first handoff nobody is on call, and next is the first shift;
// both are nil for a rotation that cannot be expanded.
func (r *Rotation) Now(t time.Time) (current, next *Shift) {
	if r.plan == nil {
		return nil, nil
	}
	people := r.byRef()
	if s, ok := r.plan.Now(t); ok {
		shift := shiftOf(s, people)
		current = &shift
	}
	if s, ok := r.plan.Next(t); ok {
		shift := shiftOf(s, people)
		next = &shift
	}
	return current, next
}

func shiftOf(s rotation.Shift, people map[string]*Entity) Shift {
	return Shift{From: s.From, To: s.To, Person: people[s.Person], Override: s.Override, Note: s.Note}
}

// byRef are the people of a rotation by the names that its plan has for them.
func (r *Rotation) byRef() map[string]*Entity {
	people := map[string]*Entity{}
	for _, p := range r.people() {
		if p.To != nil {
			people[p.To.Ref.String()] = p.To
		}
	}
	return people
}

// Alone reports whether one person takes every turn.
func (r *Rotation) Alone() bool { return len(r.byRef()) == 1 }

// people returns every reference to a person in a rotation.
func (r *Rotation) people() []*Reference {
	all := r.Participants[:len(r.Participants):len(r.Participants)]
	for _, o := range r.Overrides {
		if o.Person != nil {
			all = append(all, o.Person)
		}
	}
	return all
}

func decodeRotation(n *source.Node, team *Entity) *Rotation {
	r := &Rotation{
		Name: value(n.Field("name")), Title: n.Field("title").Text(), Team: team, Span: n.Span(),
		timezone: value(n.Field("timezone")), start: value(n.Field("start")),
		handoff: value(n.Field("handoff")), length: value(n.Field("length")),
	}
	for _, p := range n.Field("participants").Children() {
		if person := personReference("participants", p); person != nil {
			r.Participants = append(r.Participants, person)
		}
	}
	if turns := n.Field("participants"); turns != nil {
		r.Turns = shown(turns)
	} else if all := n.Children(); len(all) > 0 {
		r.Turns = all[0].KeySpan()
	}
	for _, o := range n.Field("overrides").Children() {
		r.Overrides = append(r.Overrides, &Override{
			Person: personReference("person", o.Field("person")), Note: o.Field("note").Text(),
			from: value(o.Field("from")), to: value(o.Field("to")),
		})
	}
	return r
}

// personReference reads a reference to a person; nil if it is none, as its
// schema has said.
func personReference(field string, n *source.Node) *Reference {
	if n.Kind() != source.String {
		return nil
	}
	return &Reference{Value: value(n), Field: field, Kinds: []string{"person"}}
}

// defaultHandoff is when a rotation hands over that does not say so.
const defaultHandoff = "09:00"

// expand works out the plan of a rotation once its people are known. What it
// cannot read is a finding; an override that it cannot read is left out.
func (r *Rotation) expand() []diag.Diagnostic {
	var found []diag.Diagnostic
	report := func(v Value, err error) {
		span := v.Span
		if !v.Written() {
			span = r.Name.Span // a zone that is the team's
		}
		found = append(found, diag.Diagnostic{
			Span: span, Severity: diag.Error, Code: CodeRotationInvalid,
			Message: fmt.Sprintf("rotation %q: %v", r.Name.Text, err),
		})
	}
	if !r.start.Written() || !r.length.Written() {
		return nil // its schema has said so
	}
	if r.timezone.Text == "" {
		r.timezone.Text = r.Team.Team.Timezone
	}
	if r.timezone.Text == "" {
		r.timezone.Text = "UTC"
	}
	if r.handoff.Text == "" {
		r.handoff.Text = defaultHandoff
	}
	zone, err := rotation.ParseZone(r.timezone.Text)
	if err != nil {
		report(r.timezone, err)
		return found
	}
	if _, err := rotation.ParseStart(r.start.Text, defaultHandoff, zone); err != nil {
		report(r.start, err)
		return found
	}
	start, err := rotation.ParseStart(r.start.Text, r.handoff.Text, zone)
	if err != nil {
		report(r.handoff, err)
		return found
	}
	length, err := rotation.ParseLength(r.length.Text)
	if err != nil {
		report(r.length, err)
		return found
	}
	plan := &rotation.Rotation{Name: r.Name.Text, Title: r.Title, Zone: zone, Start: start, Length: length}
	for _, p := range r.Participants {
		if p.To != nil {
			plan.Participants = append(plan.Participants, p.To.Ref.String())
		}
	}
	for _, o := range r.Overrides {
		override, err := o.expand(zone)
		if err != nil {
			report(o.from, err)
			continue
		}
		if o.Person != nil && o.Person.To != nil {
			plan.Overrides = append(plan.Overrides, override)
		}
	}
	if len(plan.Participants) > 0 {
		r.plan = plan
	}
	return found
}

func (o *Override) expand(zone *time.Location) (rotation.Override, error) {
	from, err := rotation.ParseInstant(o.from.Text, zone)
	if err != nil {
		return rotation.Override{}, err
	}
	to, err := rotation.ParseInstant(o.to.Text, zone)
	if err != nil {
		return rotation.Override{}, err
	}
	if !from.Before(to) {
		return rotation.Override{}, fmt.Errorf("the override ends at %s, which is not after it begins at %s", o.to.Text, o.from.Text)
	}
	override := rotation.Override{From: from, To: to, Note: o.Note}
	if o.Person != nil && o.Person.To != nil {
		override.Person = o.Person.To.Ref.String()
	}
	return override, nil
}
