package apispec

import (
	"encoding/json"
	"net/url"
	"strings"
)

// written is the value of a parameter as it stands in a request
// (https://spec.openapis.org/oas/v3.1.1.html#style-values): one of a query with its name.
func (s *Spec) written(p Parameter, escaped bool) string {
	escape := func(text string) string { return text }
	switch {
	case escaped && p.In == "path":
		escape = url.PathEscape
	case escaped:
		escape = url.QueryEscape
	}
	text := s.valueOf(p)
	parts, list := partsOf(text)
	if !list || p.style == "content" { // which is written as a whole
		parts = []part{{value: text}}
	}
	switch p.In {
	case "query":
		return inQuery(p, parts, list, escape)
	case "path":
		return inPath(p, parts, escape)
	}
	return joined(parts, ",", false, escape)
}

// Way says in words how a list or map is written, if not as most are: "joined by commas".
func (p Parameter) Way() string {
	switch p.style {
	case "content":
		return "written as " + p.media
	case "deepObject":
		return "written as " + p.Name + "[key]=value"
	case "label":
		return "begins with a dot"
	case "matrix":
		return "begins with ;" + p.Name + "="
	}
	joints := map[string]string{"form": "commas", "spaceDelimited": "spaces", "pipeDelimited": "|"}
	if joint := joints[p.style]; joint != "" && !p.explode && p.Schema != nil && (p.Schema.Items != nil || len(p.Schema.Fields) > 0) {
		return "joined by " + joint
	}
	return ""
}

// part is one value of a list, or of a map.
type part struct {
	key, value string
	keyed      bool
}

// partsOf takes a list or map in JSON apart, in its order. What is further in stays JSON.
func partsOf(text string) (parts []part, ok bool) {
	d := json.NewDecoder(strings.NewReader(text))
	open, err := d.Token()
	if err != nil || open != json.Delim('[') && open != json.Delim('{') {
		return nil, false
	}
	for d.More() {
		var p part
		if open == json.Delim('{') {
			key, err := d.Token()
			if err != nil {
				return nil, false
			}
			p.key, p.keyed = key.(string), true // of a map, JSON has no other keys
		}
		var raw json.RawMessage
		if d.Decode(&raw) != nil {
			return nil, false
		}
		if json.Unmarshal(raw, &p.value) != nil {
			p.value = string(raw)
		}
		parts = append(parts, p)
	}
	_, err = d.Token()
	return parts, err == nil
}

// joined writes parts one after the other: keys before their values by =, or as one more part.
func joined(parts []part, joint string, equals bool, escape func(string) string) string {
	var all []string
	for _, p := range parts {
		value := escape(p.value)
		switch {
		case p.keyed && equals:
			value = escape(p.key) + "=" + value
		case p.keyed:
			value = escape(p.key) + joint + value
		}
		all = append(all, value)
	}
	return strings.Join(all, joint)
}

func inQuery(p Parameter, parts []part, list bool, escape func(string) string) string {
	name := escape(p.Name)
	switch {
	case !list || p.style == "content":
		return name + "=" + escape(parts[0].value)
	case p.style == "deepObject":
		for i := range parts {
			parts[i].key = p.Name + "[" + parts[i].key + "]"
		}
		return joined(parts, "&", true, escape)
	case p.style == "spaceDelimited" && !p.explode:
		return name + "=" + joined(parts, "%20", false, escape)
	case p.style == "pipeDelimited" && !p.explode:
		return name + "=" + joined(parts, "%7C", false, escape)
	case !p.explode:
		return name + "=" + joined(parts, ",", false, escape)
	}
	for i := range parts {
		if !parts[i].keyed {
			parts[i].key, parts[i].keyed = p.Name, true
		}
	}
	return joined(parts, "&", true, escape)
}

func inPath(p Parameter, parts []part, escape func(string) string) string {
	joint := ","
	switch p.style {
	case "label":
		if p.explode {
			joint = "."
		}
		return "." + joined(parts, joint, p.explode, escape)
	case "matrix":
		if !p.explode {
			return ";" + escape(p.Name) + "=" + joined(parts, ",", false, escape)
		}
		for i := range parts {
			if !parts[i].keyed {
				parts[i].key, parts[i].keyed = p.Name, true
			}
		}
		return ";" + joined(parts, ";", true, escape)
	}
	return joined(parts, joint, p.explode, escape)
}
