package catalog

// RelationType is one kind of relation, named from both ends.
type RelationType struct {
	Name, Title           string   // as seen from the entity that declares it: "dependsOn", "Depends on"
	Inverse, InverseTitle string   // as seen from the other end: "usedBy", "Used by"
	Field                 string   // the key that declares it
	Kinds                 []string // what it may point to; empty: the kind of the entity that declares it
	anyKind               bool     // a written kind may be any; Kinds is only the default
	own                   bool
}

// Own reports whether the organisation declared the relation.
func (t *RelationType) Own() bool { return t.own }

// The kinds that may be depended on, in the order in which a reference without a
// kind looks for its name.
var dependable = []string{"service", "resource", "api", "library", "pipeline", "system"}

var owned = []string{"team"}

// The built-in relations.
var (
	OwnedBy      = &RelationType{Name: "ownedBy", Title: "Owner", Inverse: "owns", InverseTitle: "Owns", Field: "owner", Kinds: owned}
	MaintainedBy = &RelationType{Name: "maintainedBy", Title: "Maintainers", Inverse: "maintains", InverseTitle: "Maintains", Field: "maintainers", Kinds: []string{"person"}}
	HasContact   = &RelationType{Name: "hasContact", Title: "Contacts", Inverse: "contactFor", InverseTitle: "Contact for", Field: "contacts", Kinds: []string{"team", "person"}}
	PartOf       = &RelationType{Name: "partOf", Title: "Part of", Inverse: "hasPart", InverseTitle: "Contains", Field: "partOf", Kinds: []string{"service", "library", "pipeline", "api", "resource"}}
	InSystem     = &RelationType{Name: "inSystem", Title: "System", Inverse: "contains", InverseTitle: "Contains", Field: "system", Kinds: []string{"system"}}
	InDomain     = &RelationType{Name: "inDomain", Title: "Domain", Inverse: "hasSystem", InverseTitle: "Systems", Field: "domain", Kinds: []string{"domain"}}
	ChildOf      = &RelationType{Name: "childOf", Title: "Part of", Inverse: "parentOf", InverseTitle: "Consists of", Field: "parent"}
	DependsOn    = &RelationType{Name: "dependsOn", Title: "Depends on", Inverse: "usedBy", InverseTitle: "Used by", Field: "dependsOn", Kinds: dependable}
	Provides     = &RelationType{Name: "provides", Title: "Provides", Inverse: "providedBy", InverseTitle: "Provided by", Field: "provides", Kinds: []string{"api"}}
	Consumes     = &RelationType{Name: "consumes", Title: "Consumes", Inverse: "consumedBy", InverseTitle: "Consumed by", Field: "consumes", Kinds: []string{"api"}}
	HasMember    = &RelationType{Name: "hasMember", Title: "Members", Inverse: "memberOf", InverseTitle: "Member of", Field: "members", Kinds: []string{"person"}}
	MemberOf     = &RelationType{Name: "memberOf", Title: "Member of", Inverse: "hasMember", InverseTitle: "Members", Field: "memberOf", Kinds: owned}
	ManagedBy    = &RelationType{Name: "managedBy", Title: "Manager", Inverse: "manages", InverseTitle: "Manages", Field: "manager", Kinds: []string{"person"}}
	ReplacedBy   = &RelationType{Name: "replacedBy", Title: "Replaced by", Inverse: "replaces", InverseTitle: "Replaces", Field: "successor", anyKind: true}
)

// Reference is a reference as it stands in a descriptor.
type Reference struct {
	Value
	Field   string   // the key under which it stands, for messages
	Kinds   []string // what it may point to, in the order in which they are tried
	anyKind bool
	To      *Entity // nil if it points to nothing
	Why     string  // why it points to nothing, if that needs saying: "it could be service:x or api:x"
	Other   *Entity // what it leads to, if that may not stand there; Why says so: "is a team; readBy must be a service"
	from    Ref     // the entity that refers
}

// Relation is a typed reference from one entity to another.
type Relation struct {
	Reference
	Type *RelationType
	From *Entity

	Role        string // of a member or a contact
	Protocol    string // of a dependency
	Criticality string // of a dependency: critical (also when empty), degrades, optional
	Note        string
}

// Contact ways that are no reference: an e-mail address, a channel or a URL.
type Contact struct {
	Role, Name, Note string
	Way              string // as written
}

// Wanted says what the reference may point to: "a team", "a team or person".
func (r *Reference) Wanted() string { return oneOf(r.Kinds) }

// Critical reports whether the one who depends fails when the other end fails.
func (r *Relation) Critical() bool { return r.Criticality == "" || r.Criticality == "critical" }

// Outgoing returns the relations of a type that an entity declares.
func (e *Entity) Outgoing(t *RelationType) []*Relation { return ofType(e.Relations, t) }

// Incoming returns the relations of a type that others declare towards an entity.
func (e *Entity) Incoming(t *RelationType) []*Relation { return ofType(e.Inverse, t) }

func ofType(all []*Relation, t *RelationType) []*Relation {
	var found []*Relation
	for _, r := range all {
		if r.Type == t {
			found = append(found, r)
		}
	}
	return found
}

// target returns the first entity that a relation of a type leads to, or nil.
func (e *Entity) target(t *RelationType) *Entity {
	for _, r := range e.Relations {
		if r.Type == t && r.To != nil {
			return r.To
		}
	}
	return nil
}

// Owner returns the team that owns the entity, or nil.
func (e *Entity) Owner() *Entity { return e.target(OwnedBy) }

// System returns the system that the entity is in, or nil.
func (e *Entity) System() *Entity { return e.target(InSystem) }

// Parent returns the team, domain or component that the entity is a part of, or nil.
func (e *Entity) Parent() *Entity {
	if p := e.target(ChildOf); p != nil {
		return p
	}
	return e.target(PartOf)
}

// Domain returns the domain of the entity, its own or its system's, or nil.
func (e *Entity) Domain() *Entity {
	if d := e.target(InDomain); d != nil {
		return d
	}
	if s := e.System(); s != nil {
		return s.target(InDomain)
	}
	return nil
}

// Successor returns what replaces a deprecated entity, or nil.
func (e *Entity) Successor() *Entity { return e.target(ReplacedBy) }

// Members returns a team's members: those that it names and those that name it,
// each person once.
func (e *Entity) Members() []*Relation {
	seen := map[*Entity]bool{}
	var members []*Relation
	for _, r := range e.Outgoing(HasMember) {
		if r.To != nil && !seen[r.To] {
			seen[r.To] = true
			members = append(members, r)
		}
	}
	for _, r := range e.Incoming(MemberOf) {
		if !seen[r.From] {
			seen[r.From] = true
			members = append(members, r)
		}
	}
	return members
}

// Person returns the person at either end of a membership.
func (r *Relation) Person() *Entity {
	if r.Type == MemberOf {
		return r.From
	}
	return r.To
}

// Teams returns the teams of a person, each once, in the order of their names.
func (e *Entity) Teams() []*Entity {
	var teams []*Entity
	for _, r := range e.Inverse {
		if r.Type == HasMember {
			teams = append(teams, r.From)
		}
	}
	for _, r := range e.Outgoing(MemberOf) {
		if r.To != nil {
			teams = append(teams, r.To)
		}
	}
	return sortedUnique(teams)
}
