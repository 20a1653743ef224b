package site

import "slices"

// section is an entry of "On this page".
func section(on bool, id, title string) []Link {
	if !on {
		return nil
	}
	return []Link{{Text: title, Href: "#" + id}}
}

// relations returns the entries of sections of relations.
func relations(sections []RelationSection) []Link {
	var links []Link
	for _, s := range sections {
		links = append(links, section(true, s.ID, s.Title)...)
	}
	return links
}

// sections joins entries, and drops a list that is too short to be of help.
func sections(parts ...[]Link) []Link {
	var all []Link
	for _, p := range parts {
		all = append(all, p...)
	}
	if len(all) < 3 {
		return nil
	}
	return all
}

// OnThisPage returns the sections of the page in their order; nil if they are few.
func (v EntityView) OnThisPage() []Link {
	return sections(
		section(len(v.Environments) > 0, "sp-environments", "Environments"),
		section(len(v.Objectives) > 0, "sp-objectives", "Objectives"),
		section(v.Services != nil, "sp-services", "What runs where"),
		section(v.Interface != nil, "sp-operations", "Operations"),
		relations(v.Relations),
		section(len(v.Rotations) > 0, "sp-oncall", "On call"),
		section(len(v.Levels) > 0, "sp-levels", "On call, as told"),
		section(len(v.Code) > 0, "sp-code", "Code"),
		section(len(v.Past) > 0, "sp-incidents", "Incidents that are over"),
		section(v.Timeline != nil, "sp-timeline", "Timeline"),
		section(v.Delivery != nil, "sp-delivery", "Delivery"),
		v.Extras.contents(),
	)
}

// WithFacts reports whether live systems say what is in the environments.
func (v EntityView) WithFacts() bool {
	return slices.ContainsFunc(v.Environments, func(e Environment) bool { return e.Live })
}

// OnThisPage returns the sections of the page in their order; nil if they are few.
func (v TeamView) OnThisPage() []Link {
	return sections(
		section(len(v.Incidents) > 0, "sp-incidents", "Open incidents"),
		section(v.Services != nil, "sp-services", "What runs where"),
		section(len(v.Rotations) > 0, "sp-oncall", "On call"),
		section(len(v.Levels) > 0, "sp-levels", "On call, as told"),
		section(len(v.Members) > 0, "sp-members", "Members"),
		section(len(v.Responsibilities) > 0, "sp-responsibilities", "Responsible for"),
		section(v.Timeline != nil, "sp-timeline", "Timeline"),
		section(v.Delivery != nil, "sp-delivery", "Delivery"),
		relations(v.Owns),
		relations(v.Relations),
		v.Extras.contents(),
	)
}

// OnThisPage returns the sections of the page in their order; nil if they are few.
func (v PersonView) OnThisPage() []Link {
	return sections(
		section(len(v.Rotations) > 0, "sp-oncall", "On call"),
		relations(v.Relations),
		v.Extras.contents(),
	)
}

func (x Extras) contents() []Link {
	var links []Link
	for _, g := range x.Documents {
		links = append(links, section(true, g.ID, g.Title)...)
	}
	links = append(links, section(len(x.Contacts) > 0, "sp-contacts", "Contacts")...)
	links = append(links, section(len(x.Fields) > 0, "sp-fields", "Details")...)
	links = append(links, section(len(x.Links) > 0, "sp-links", "Links")...)
	return append(links, section(len(x.Findings) > 0, "sp-findings", "Findings")...)
}
