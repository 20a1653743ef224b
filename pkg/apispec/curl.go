package apispec

import (
	"encoding/json"
	"net/url"
	"regexp"
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
	body := s.curlBody(op)
	line := "curl "
	switch {
	case op.Method == "HEAD": // with -X, curl would wait for a body
		line += "-I "
	case op.Method != "GET" || len(body) > 0:
		line += "-X " + slug(op.Method) + " "
	}
	lines := append([]string{line + s.address(op)}, s.credentials(op)...)
	for _, p := range op.Parameters {
		switch {
		case !p.Required || strings.EqualFold(p.Name, "Content-Type") && len(body) > 0:
		case p.In == "header":
			lines = append(lines, "-H "+shellQuote(p.Name+": "+s.written(p, false)))
		case p.In == "cookie":
			lines = append(lines, "-b "+shellQuote(p.Name+"="+s.written(p, true)))
		}
	}
	return strings.Join(append(lines, body...), " \\\n  ")
}

// curlBody are the options of curl for the body: in JSON, if it may be.
func (s *Spec) curlBody(op *Operation) []string {
	if op.Request == nil || len(op.Request.Bodies) == 0 {
		return nil
	}
	b := op.Request.Bodies[max(slices.IndexFunc(op.Request.Bodies, func(b Body) bool { return strings.Contains(b.Media, "json") }), 0)]
	switch b.Media { // curl says itself which of these it is
	case "multipart/form-data", "application/x-www-form-urlencoded":
		if form := s.curlForm(b); len(form) > 0 {
			return form
		}
	}
	var lines []string
	if !strings.Contains(b.Media, "*") {
		lines = append(lines, "-H "+shellQuote("Content-Type: "+b.Media))
	}
	switch {
	case b.Example == "" || strings.Contains(b.Media, "json") && !json.Valid([]byte(b.Example)): // there is none, or it was too long
		return append(lines, "--data-binary @body")
	case b.Example[0] == '@': // which -d would take for the name of a file to send
		return append(lines, "--data-raw "+shellQuote(b.Example))
	}
	return append(lines, "-d "+shellQuote(b.Example))
}

// curlForm gives the fields of a form: those that are required, or all if none is.
func (s *Spec) curlForm(b Body) []string {
	fields := slices.DeleteFunc(slices.Clone(s.AllFields(b.Schema)), func(f Field) bool { return s.Described(f.Schema).Access == "read only" })
	if must := slices.DeleteFunc(slices.Clone(fields), func(f Field) bool { return !f.Required }); len(must) > 0 {
		fields = must
	}
	var lines []string
	for _, f := range fields[:min(len(fields), exampleFields)] {
		x := s.Described(f.Schema)
		value := s.valueOf(Parameter{Name: f.Name, Schema: f.Schema})
		switch {
		case b.Media != "multipart/form-data":
			lines = append(lines, "--data-urlencode "+shellQuote(url.QueryEscape(f.Name)+"="+value))
		case x.Format == "binary" || x.Kind == "array" && s.Described(x.Items).isFile():
			lines = append(lines, "-F "+shellQuote(f.Name+"=@"+slug(f.Name)))
		default: // in which no character means anything, other than with -F
			lines = append(lines, "--form-string "+shellQuote(f.Name+"="+value))
		}
	}
	return lines
}

func (x *Schema) isFile() bool { return x != nil && x.Format == "binary" }

// webAddress begins the URL of a server that curl can be told: all else might be an option.
var webAddress = regexp.MustCompile(`(?i)^https?://`)

// address is the URL of a call as a word of the shell: path parameters are filled in where
// there is an example, and required parameters of the query.
func (s *Spec) address(op *Operation) string {
	base := op.Server
	if base == "" && len(s.Servers) > 0 {
		base = s.Servers[0].URL
	}
	if !webAddress.MatchString(base) { // it stands for a path on the host that has the file
		base = strings.TrimSuffix("https://HOST/"+strings.TrimLeft(base, "./"), "/")
	}
	path := op.Path
	var query []string
	for _, p := range op.Parameters {
		switch {
		case p.In == "path" && s.exampleOf(p) != "":
			path = strings.ReplaceAll(path, "{"+p.Name+"}", s.written(p, true))
		case p.In == "query" && p.Required:
			query = append(query, s.written(p, true))
		}
	}
	address, joint := strings.TrimSuffix(base, "/")+path, "?"
	if len(query) > 0 {
		address, joint = address+"?"+strings.Join(query, "&"), "&"
	}
	way := s.firstWay(op)
	for _, a := range way {
		if a.kind == "apiKey" && a.in == "query" {
			return shellQuote(address+joint+url.QueryEscape(a.name)+"=") + keyVariable(a, way)
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
	x := s.Described(p.Schema)
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
	x := s.Described(p.Schema)
	if x == nil {
		return strings.ToUpper(slug(p.Name))
	}
	if text, ok := sampled[x.Format]; ok {
		return text
	}
	switch x.Kind {
	case "integer", "number", "boolean", "array", "object", "map":
		w := exampleWriter{limit: maxExample}
		s.made(&w, x, p.Name, 0, 0)
		return w.b.String()
	}
	return strings.ToUpper(slug(p.Name))
}

// credentials are the options of curl by which a caller says who it is, by the first way in.
// Secrets are named as variables of the shell.
func (s *Spec) credentials(op *Operation) []string {
	var options []string
	way := s.firstWay(op)
	for _, a := range way {
		scheme, http := strings.CutPrefix(a.kind, "http ")
		switch {
		case scheme == "bearer" || a.kind == "oauth2" || a.kind == "openIdConnect":
			options = append(options, `-H "Authorization: Bearer $TOKEN"`)
		case scheme == "basic":
			options = append(options, `-u "$USER:$PASSWORD"`)
		case scheme == "digest":
			options = append(options, `--digest -u "$USER:$PASSWORD"`)
		case http:
			options = append(options, "-H "+shellQuote("Authorization: "+scheme+" ")+`"$TOKEN"`)
		case a.kind == "apiKey" && a.in == "header":
			options = append(options, "-H "+shellQuote(a.name+": ")+keyVariable(a, way))
		case a.kind == "apiKey" && a.in == "cookie":
			options = append(options, "-b "+shellQuote(a.name+"=")+keyVariable(a, way))
		case a.kind == "mutualTLS":
			options = append(options, "--cert client.pem")
		}
	}
	return options
}

var noVariable = regexp.MustCompile(`[^A-Za-z0-9_]+`)

// keyVariable names an API key as a variable of the shell, by what it is called if a caller
// has to show several.
func keyVariable(a Auth, way []Auth) string {
	keys := 0
	for _, other := range way {
		if other.kind == "apiKey" {
			keys++
		}
	}
	name := strings.ToUpper(strings.Trim(noVariable.ReplaceAllString(a.ID, "_"), "_"))
	if keys < 2 || name == "" || name[0] >= '0' && name[0] <= '9' {
		name = "API_KEY"
	}
	return `"$` + name + `"`
}
