package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"

	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/pkg/provider"
)

// purposesOf are what a type of provider is asked of every entity, without a word in its
// descriptor: the system knows the entity by its name or by its repository.
var purposesOf = map[string]provider.Purpose{
	"github": provider.Code, "datadog": provider.Alerts, "alertmanager": provider.Alerts,
}

// subjects are all that the descriptors of a catalog ask of a provider.
func subjects(c *catalog.Catalog, setting catalog.ProviderSetting) []provider.Subject {
	var all []provider.Subject
	for _, e := range c.Entities {
		if s, ok := unasked(e, setting.Type); ok {
			all = append(all, s)
		}
		if setting.Type == "github" && setting.With["organizations"] != "" && e.Team != nil {
			all = append(all, members(e))
		}
		for _, env := range e.Deployed {
			for _, b := range env.Bindings {
				if b.Provider.Text == setting.Name.Text {
					all = append(all, asked(e, env.Name.Text, b))
				}
			}
		}
		if e.OnCall != nil && e.OnCall.Binding != nil && e.OnCall.Provider == setting.Name.Text {
			all = append(all, asked(e, "", *e.OnCall.Binding))
		}
	}
	return all
}

// asked is what a descriptor asks for.
func asked(e *catalog.Entity, environment string, b catalog.Binding) provider.Subject {
	s := subject(e, provider.Purpose(b.Purpose))
	s.Environment = environment
	for _, w := range b.With {
		s.With[w.Key] = w.Value
	}
	return s
}

// unasked is what is asked of an entity because it is there.
func unasked(e *catalog.Entity, system string) (provider.Subject, bool) {
	purpose, ok := purposesOf[system]
	s := subject(e, purpose)
	switch {
	case !ok || e.Team != nil || e.Person != nil:
		return s, false
	case purpose == provider.Code && s.With["repository"] == "":
		return s, false
	}
	return s, true
}

// members are what a team is compared by: its names, and who of its members has a login.
func members(team *catalog.Entity) provider.Subject {
	s := subject(team, provider.Members)
	var aliases, logins []string
	for _, a := range team.Aliases {
		aliases = append(aliases, a.Text)
	}
	for _, m := range team.Members() {
		if p := m.Person(); p != nil && p.Person != nil && p.Person.GitHub != "" {
			logins = append(logins, p.Person.GitHub+"="+p.Ref.String())
		}
	}
	s.With["aliases"], s.With["members"] = strings.Join(aliases, ","), strings.Join(logins, ",")
	return s
}

func subject(e *catalog.Entity, purpose provider.Purpose) provider.Subject {
	s := provider.Subject{Entity: e.Ref.String(), Purpose: purpose, With: map[string]string{"name": e.Name.Text}}
	s.Place = fmt.Sprintf("%s:%d", e.Span.File, e.Place().Start.Line)
	if name, ok := strings.CutPrefix(e.Repository.Text, "github:"); ok {
		s.With["repository"] = name
	}
	return s
}

// settings are those of a provider, with the secrets of the environment.
func settings(p catalog.ProviderSetting, root string, getenv func(string) string) provider.Settings {
	s := provider.Settings{
		Name: p.Name.Text, Type: p.Type, URL: p.URL, With: maps.Clone(p.With), Secret: getenv, Token: p.Token, Private: p.Private, Root: root,
	}
	if user, err := os.UserCacheDir(); err == nil { // CI machines may have none, and ask anew
		s.Cache = filepath.Join(user, "signpost", "answers")
	}
	return s
}
