package backstage

import (
	"fmt"
	"slices"
	"strings"
)

// describe finds homes for the metadata of an entity, annotations aside.
func (c *conversion) describe(e *entity) {
	for _, key := range []string{"title", "description"} {
		if v := e.metadata.take(key); !isEmpty(v) {
			c.scalar(e, key, v, "metadata", key)
		}
	}
	c.labels(e)
	c.tags(e)
	c.links(e)
}

// scalar places a text.
func (c *conversion) scalar(e *entity, key string, v any, at ...string) bool {
	s, ok := text(v)
	if !ok {
		c.unfit(e, v, "must be text", at...)
		return false
	}
	return c.place(e, key, strings.TrimRight(s, " \t"), v, at...)
}

// labels keeps labels as they are, but for values that are no text. A label
// "tier" from 1 to 4 says what ours says, and by convention means it.
func (c *conversion) labels(e *entity) {
	labels := c.pairs(e, "labels")
	if len(labels) == 0 {
		return
	}
	e.out["labels"] = labels
	for _, l := range labels {
		value := l.value.(string)
		if (l.key == "tier" || strings.HasSuffix(l.key, "/tier")) && len(value) == 1 && strings.Contains("1234", value) {
			if ok, _ := c.gate.fits(e.target, "tier", number(value)); ok {
				e.out["tier"] = number(value)
			}
		}
	}
}

// pairs takes a map of texts out of the metadata; what is none is preserved.
func (c *conversion) pairs(e *entity, key string) object {
	v := e.metadata.take(key)
	if isEmpty(v) {
		return nil
	}
	o, ok := v.(object)
	if !ok {
		c.unfit(e, v, "must be a map of texts", "metadata", key)
		return nil
	}
	var all object
	for _, f := range o {
		s, ok := text(f.value)
		if !ok {
			c.unfit(e, f.value, "must be text", "metadata", key, f.key)
			continue
		}
		all.set(f.key, s)
	}
	return all
}

// tags writes tags in our spelling.
func (c *conversion) tags(e *entity) {
	v := e.metadata.take("tags")
	if isEmpty(v) {
		return
	}
	written, ok := texts(v)
	if !ok {
		c.unfit(e, v, "must be a list of texts", "metadata", "tags")
		return
	}
	var tags []string
	seen := map[string]bool{"": true}
	for _, w := range written {
		if t := tagOf(w); !seen[t] {
			seen[t] = true
			tags = append(tags, t)
		}
	}
	if !slices.Equal(tags, written) {
		e.keep(v, "metadata", "tags")
		c.report.note(Narrowed, e.file, e.line, e.ref(), "metadata.tags: %s is now %s", strings.Join(written, ", "), strings.Join(tags, ", "))
	}
	if len(tags) > 0 {
		c.place(e, "tags", list(tags), v, "metadata", "tags")
	}
}

// tagOf turns a tag into lower case, with hyphens for what a tag cannot hold.
func tagOf(s string) string {
	const longest = 63
	s = strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || strings.ContainsRune("+#:._-", r) {
			return r
		}
		return '-'
	}, strings.ToLower(s))
	s = strings.TrimLeft(s, "+#:._-")
	return strings.TrimRight(s[:min(len(s), longest)], "-")
}

// wordOf turns a free text into one word, as types are.
func wordOf(s string) string {
	s = strings.Map(func(r rune) rune {
		if isLetter(r) || r >= '0' && r <= '9' || strings.ContainsRune("+#:._/-", r) {
			return r
		}
		return '-'
	}, strings.TrimSpace(s))
	return strings.Trim(s, "-")
}

// links converts links. Those that lose something, an icon mostly, are preserved
// as they were written.
func (c *conversion) links(e *entity) {
	v := e.metadata.take("links")
	if isEmpty(v) {
		return
	}
	written, ok := v.([]any)
	if !ok {
		c.unfit(e, v, "must be a list of links", "metadata", "links")
		return
	}
	lossy := false
	for i, w := range written {
		link, complete := linkOf(w)
		lossy = lossy || !complete
		if link == nil {
			c.report.note(Unfit, e.file, e.line, e.ref(), "metadata.links[%d]: must have a url", i)
			continue
		}
		if ok, why := c.gate.fits(e.target, "links", []any{link}); !ok {
			lossy = true
			c.report.note(Unfit, e.file, e.line, e.ref(), "metadata.links[%d]: %s", i, why)
			continue
		}
		e.addLink(link)
	}
	if lossy {
		e.keep(v, "metadata", "links")
	}
}

func (e *entity) addLink(link object) {
	links, _ := e.out["links"].([]any)
	e.out["links"] = append(links, link)
}

// linkOf returns a link as ours, and whether that says all that was written; nil
// if it leads nowhere.
func linkOf(v any) (link object, complete bool) {
	o, _ := v.(object)
	url, ok := text(o.get("url"))
	if !ok {
		return nil, false
	}
	title, _ := text(o.get("title"))
	typ, _ := text(o.get("type"))
	icon, _ := text(o.get("icon"))
	link = object{{"title", title}, {"url", strings.TrimSpace(url)}}
	if title == "" {
		link.set("title", strings.TrimSpace(url))
	}
	meaning := linkTypes[folded(typ)]
	if meaning == "" {
		meaning = wordOf(typ)
	}
	if meaning == "" {
		meaning = linkIcons[folded(icon)]
	}
	if meaning != "" {
		link.set("type", meaning)
	}
	complete = icon == "" && (typ == "" || typ == meaning)
	for _, f := range o {
		complete = complete && slices.Contains([]string{"url", "title", "type", "icon"}, f.key)
	}
	return link, complete
}

// specify finds homes for what a spec says beside relations.
func (c *conversion) specify(e *entity) {
	c.typ(e)
	c.lifecycle(e)
	c.profile(e)
	c.define(e)
	c.remotes(e)
}

func (c *conversion) typ(e *entity) {
	v := e.spec.take("type")
	if isEmpty(v) {
		return
	}
	written, ok := text(v)
	word := wordOf(written)
	if !ok || !c.place(e, "type", word, v, "spec", "type") || word == written {
		if !ok {
			c.unfit(e, v, "must be text", "spec", "type")
		}
		return
	}
	e.keep(v, "spec", "type")
	c.report.note(Narrowed, e.file, e.line, e.ref(), "spec.type: %q is now %s", written, word)
}

func (c *conversion) lifecycle(e *entity) {
	v := e.spec.take("lifecycle")
	if isEmpty(v) {
		return
	}
	written, _ := text(v)
	stage := lifecycles[folded(written)]
	switch {
	case stage == "":
		c.unfit(e, v, fmt.Sprintf("%q is none of experimental, production, deprecated, retired", written), "spec", "lifecycle")
	case c.place(e, "lifecycle", stage, v, "spec", "lifecycle") && stage != written:
		e.keep(v, "spec", "lifecycle")
		c.report.note(Narrowed, e.file, e.line, e.ref(), "spec.lifecycle: %q is now %s", written, stage)
	}
}

// profile converts what a group or user is called and how to write to them.
func (c *conversion) profile(e *entity) {
	profile, ok := e.spec.get("profile").(object)
	if !ok || e.target != "team" && e.target != "person" {
		return
	}
	e.spec.take("profile")
	if name := profile.get("displayName"); !isEmpty(name) {
		if s, _ := text(name); e.out["title"] == nil && c.scalar(e, "title", name, "spec", "profile", "displayName") || e.out["title"] == s {
			profile.take("displayName")
		}
	}
	if email := profile.take("email"); !isEmpty(email) {
		c.scalar(e, "email", email, "spec", "profile", "email")
	}
	for _, f := range profile {
		if f.value != nil {
			e.keep(f.value, "spec", "profile", f.key)
		}
	}
}

// remotes makes links of the places where an API of version v1alpha2 is served.
func (c *conversion) remotes(e *entity) {
	remotes, ok := e.spec.get("remotes").([]any)
	if !ok || e.target != "api" {
		return
	}
	for _, r := range remotes {
		o, _ := r.(object)
		url, _ := text(o.get("url"))
		typ, _ := text(o.get("type"))
		link := object{{"title", strings.TrimSpace("Endpoint " + typ)}, {"url", url}, {"type", "endpoint"}}
		if ok, _ := c.gate.fits(e.target, "links", []any{link}); ok {
			e.addLink(link)
		}
	}
}
