package apispec

import (
	"net/url"
	"slices"
	"strings"
	"unicode"
)

// shellQuote writes a text as one word for a POSIX shell. Everything that a description
// says goes through it: who copies a command must run nothing else. Control characters are
// left out, since a terminal acts on them even within quotes.
func shellQuote(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, text)
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}

// curl writes a call of an HTTP operation: to the first server, with what is required and
// an example of the body.
func (s *Spec) curl(op *Operation) string {
	lines := []string{"curl " + s.address(op)}
	if op.Method != "GET" {
		lines[0] = "curl -X " + slug(op.Method) + " " + s.address(op)
	}
	lines = append(lines, s.credentials(op)...)
	for _, p := range op.Parameters {
		if p.In == "header" && p.Required {
			lines = append(lines, "-H "+shellQuote(p.Name+": "+s.valueOf(p)))
		}
	}
	if op.Request != nil && len(op.Request.Bodies) > 0 {
		b := op.Request.Bodies[max(slices.IndexFunc(op.Request.Bodies, func(b Body) bool { return strings.Contains(b.Media, "json") }), 0)]
		lines = append(lines, "-H "+shellQuote("Content-Type: "+b.Media))
		switch {
		case b.Media == "multipart/form-data" || b.Media == "application/x-www-form-urlencoded" || b.Example == "":
			lines = append(lines, "--data-binary @body")
		default:
			lines = append(lines, "-d "+shellQuote(b.Example))
		}
	}
	return strings.Join(lines, " \\\n  ")
}

// address is the URL of a call as a word of the shell: path parameters are filled in where
// there is an example, and required parameters of the query.
func (s *Spec) address(op *Operation) string {
	base := "https://HOST"
	if len(s.Servers) > 0 && s.Servers[0].URL != "" {
		if base = s.Servers[0].URL; strings.HasPrefix(base, "/") {
			base = "https://HOST" + base
		}
	}
	path := op.Path
	var query []string
	for _, p := range op.Parameters {
		switch {
		case p.In == "path" && s.exampleOf(p) != "":
			path = strings.ReplaceAll(path, "{"+p.Name+"}", url.PathEscape(s.exampleOf(p)))
		case p.In == "query" && p.Required:
			query = append(query, url.QueryEscape(p.Name)+"="+url.QueryEscape(s.valueOf(p)))
		}
	}
	address, joint := strings.TrimSuffix(base, "/")+path, "?"
	if len(query) > 0 {
		address, joint = address+"?"+strings.Join(query, "&"), "&"
	}
	for _, a := range s.firstWay(op) {
		if a.kind == "apiKey" && a.in == "query" {
			return shellQuote(address+joint+url.QueryEscape(a.name)+"=") + `"$API_KEY"`
		}
	}
	return shellQuote(address)
}

// firstWay is what a caller has to show by the first way in; nil if nobody need.
func (s *Spec) firstWay(op *Operation) []Auth {
	if len(op.Auth) == 0 || slices.Contains(op.Auth, "none") {
		return nil
	}
	var way []Auth
	for _, part := range strings.Split(op.Auth[0], " + ") {
		id, _, _ := strings.Cut(part, " (")
		if i := slices.IndexFunc(s.Auth, func(a Auth) bool { return a.ID == id }); i >= 0 {
			way = append(way, s.Auth[i])
		}
	}
	return way
}

// exampleOf returns an example of a parameter that the description gives, or "".
func (s *Spec) exampleOf(p Parameter) string {
	x := p.Schema
	if x != nil && x.Ref != "" && s.byID[x.Ref] != nil {
		x = s.byID[x.Ref].Schema
	}
	switch {
	case p.Example != "":
		return p.Example
	case x == nil:
		return ""
	case x.Example != "":
		return x.Example
	case x.Default != "":
		return x.Default
	case len(x.Enum) > 0:
		return x.Enum[0].Name
	}
	return ""
}

// valueOf is an example of a parameter, or one made from its type, or its name.
func (s *Spec) valueOf(p Parameter) string {
	if text := s.exampleOf(p); text != "" {
		return text
	}
	if p.Schema != nil {
		if text, ok := sampled[p.Schema.Format]; ok {
			return text
		}
	}
	return strings.ToUpper(slug(p.Name))
}

// credentials are the options of curl by which a caller says who it is, by the first way in.
// Secrets are named as variables of the shell.
func (s *Spec) credentials(op *Operation) []string {
	var options []string
	for _, a := range s.firstWay(op) {
		switch {
		case a.kind == "http bearer" || a.kind == "oauth2" || a.kind == "openIdConnect":
			options = append(options, `-H "Authorization: Bearer $TOKEN"`)
		case a.kind == "http basic":
			options = append(options, `-u "$USER:$PASSWORD"`)
		case a.kind == "apiKey" && a.in == "header":
			options = append(options, "-H "+shellQuote(a.name+": ")+`"$API_KEY"`)
		case a.kind == "apiKey" && a.in == "cookie":
			options = append(options, "-b "+shellQuote(a.name+"=")+`"$API_KEY"`)
		case a.kind == "mutualTLS":
			options = append(options, "--cert client.pem")
		}
	}
	return options
}
