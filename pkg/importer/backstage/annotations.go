package backstage

import (
	"net/url"
	"slices"
	"strings"
)

// ignored are the annotations that Backstage writes itself.
var ignored = map[string]bool{
	"backstage.io/managed-by-location": true, "backstage.io/managed-by-origin-location": true, "backstage.io/orphan": true,
}

// annotate keeps annotations as they are, and gives those that say something for
// which we have a field that field as well. Only what a field says completely is
// no longer an annotation.
func (c *conversion) annotate(e *entity) {
	all := c.pairs(e, "annotations")
	for _, f := range slices.Clone(all) {
		if ignored[f.key] {
			e.keep(all.take(f.key), "metadata", "annotations", f.key)
			c.report.note(Ignored, e.file, e.line, e.ref(), "annotation %s", f.key)
		}
	}
	c.repository(e, &all)
	c.onCall(e, &all)
	c.documentation(e, all)
	c.identity(e, all)
	if len(all) > 0 {
		e.out["annotations"] = all
	}
}

// value returns an annotation without the blanks around it.
func value(annotations object, key string) string {
	s, _ := text(annotations.get(key))
	return strings.TrimSpace(s)
}

// hosts are the annotations that name a repository at a host that we know.
var hosts = []struct{ annotation, instance, scheme string }{
	{"github.com/project-slug", "", "github:"},
	{"gitlab.com/project-slug", "gitlab.com/instance", "gitlab:"},
	{"bitbucket.org/project-slug", "", "bitbucket:"},
	{"bitbucket.com/project-slug", "", "bitbucket:"},
}

// repository finds out where the source code lies: the slug of a host, with the
// folder that source-location names in it, or else source-location alone.
func (c *conversion) repository(e *entity, all *object) {
	located := repositoryOf(strings.TrimPrefix(value(*all, "backstage.io/source-location"), "url:"))
	for _, h := range hosts {
		slug := value(*all, h.annotation)
		if slug == "" || h.instance != "" && !isHosted(value(*all, h.instance)) {
			continue
		}
		repository := h.scheme + slug
		if whole, _, _ := strings.Cut(located, "#"); strings.EqualFold(whole, repository) {
			repository = located
		}
		if ok, _ := c.gate.fits(e.target, "repository", repository); ok {
			e.out["repository"] = repository
			all.take(h.annotation)
			return
		}
	}
	if located == "" {
		return
	}
	if ok, _ := c.gate.fits(e.target, "repository", located); ok {
		e.out["repository"] = located
	}
}

// isHosted reports whether a GitLab instance is the public one.
func isHosted(instance string) bool { return instance == "" || instance == "gitlab.com" }

// repositoryOf returns the repository that an address of a web page or folder in
// it means, in our spelling; an https address of a host that we do not know stays.
func repositoryOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" || u.Host == "" {
		return ""
	}
	parts := strings.FieldsFunc(u.Path, func(r rune) bool { return r == '/' })
	switch u.Host {
	case "github.com", "bitbucket.org":
		if len(parts) < 2 {
			return ""
		}
		scheme := map[string]string{"github.com": "github:", "bitbucket.org": "bitbucket:"}[u.Host]
		return scheme + parts[0] + "/" + strings.TrimSuffix(parts[1], ".git") + folderIn(parts[2:])
	case "gitlab.com":
		project, rest := parts, []string(nil)
		if i := slices.Index(parts, "-"); i >= 0 {
			project, rest = parts[:i], parts[i+1:]
		}
		if len(project) < 2 {
			return ""
		}
		return "gitlab:" + strings.TrimSuffix(strings.Join(project, "/"), ".git") + folderIn(rest)
	}
	return address
}

// folderIn returns "#folder" for what follows a repository in its address:
// tree, branch, folder.
func folderIn(rest []string) string {
	if len(rest) < 3 || rest[0] != "tree" && rest[0] != "blob" && rest[0] != "src" {
		return ""
	}
	return "#" + strings.Join(rest[2:], "/")
}

// onCallIDs are the annotations by which a pager knows an entity.
var onCallIDs = []struct{ annotation, provider, field string }{
	{"pagerduty.com/service-id", "pagerduty", "service"},
	{"opsgenie.com/service-id", "opsgenie", "service"},
	{"opsgenie.com/schedule-id", "opsgenie", "schedule"},
	{"opsgenie.com/escalation-id", "opsgenie", "policy"},
}

func (c *conversion) onCall(e *entity, all *object) {
	for _, o := range onCallIDs {
		id := value(*all, o.annotation)
		if id == "" || e.out["oncall"] != nil {
			continue
		}
		onCall := object{{"provider", o.provider}, {o.field, id}}
		if ok, _ := c.gate.fits(e.target, "oncall", onCall); ok {
			e.out["oncall"] = onCall
			all.take(o.annotation)
		}
	}
}

// pages are the annotations that name a page to read.
var pages = []struct{ annotation, title, kind string }{
	{"backstage.io/techdocs-ref", "Documentation", "docs"},
	{"backstage.io/view-url", "Source of the entity", "repository"},
}

// documentation makes links of annotations that hold an address.
func (c *conversion) documentation(e *entity, all object) {
	for _, p := range pages {
		address := strings.TrimPrefix(value(all, p.annotation), "url:")
		if !hasScheme.MatchString(address) {
			continue // a folder of the repository: the annotation says so
		}
		link := object{{"title", p.title}, {"url", address}, {"type", p.kind}}
		if ok, _ := c.gate.fits(e.target, "links", []any{link}); ok && !e.linksTo(address) {
			e.addLink(link)
		}
	}
}

func (e *entity) linksTo(address string) bool {
	links, _ := e.out["links"].([]any)
	return slices.ContainsFunc(links, func(l any) bool { return l.(object).get("url") == address })
}

// identity says how GitHub knows a team or a person, and how to reach a team:
// by the first of its links that is a chat or an e-mail address.
func (c *conversion) identity(e *entity, all object) {
	if e.target == "person" {
		if login := value(all, "github.com/user-login"); login != "" {
			if ok, _ := c.gate.fits("person", "github", login); ok {
				e.out["github"] = login
			}
		}
	}
	if e.target != "team" {
		return
	}
	c.alias(e, value(all, "github.com/team-slug"))
	links, _ := e.out["links"].([]any)
	for _, l := range links {
		address, _ := text(l.(object).get("url"))
		mail, isMail := strings.CutPrefix(address, "mailto:")
		key, way := "channel", address
		if isMail {
			key, way = "email", mail
		}
		if !isMail && l.(object).get("type") != "chat" || e.out[key] != nil {
			continue
		}
		if ok, _ := c.gate.fits("team", key, way); ok {
			e.out[key] = way
		}
	}
}

// alias makes the name of a team at GitHub an alias, by which CODEOWNERS knows
// it, unless another group has that name already.
func (c *conversion) alias(e *entity, slug string) {
	slug = slug[strings.LastIndexByte(slug, '/')+1:]
	known := reference{kind: e.kind, namespace: e.namespace, name: slug}.key()
	if slug == "" || c.index[known] != nil || c.aliases[known] {
		return
	}
	aliases, _ := e.out["aliases"].([]any)
	if ok, _ := c.gate.fits("team", "aliases", append(aliases, slug)); ok {
		c.aliases[known] = true
		e.out["aliases"] = append(aliases, slug)
	}
}
