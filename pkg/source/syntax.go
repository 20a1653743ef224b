package source

import (
	"bytes"
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// failure is the error with which the library gave a file up.
type failure struct {
	problem string
	at      cursor // where the problem was seen
	context cursor // where the part of the file begins that it lies in; zero if unknown
	opener  cursor // where the innermost open list or map begins; zero if unknown
}

var numberedLine = regexp.MustCompile(`^line (\d+): `)

// locate finds out what went wrong and where. The library's messages have a line
// at best: often that of the part in which the problem lies, one too small for
// errors of its parser, none for the first line. It does know the exact places,
// in fields that are not exported; the library is archived, so they stay. Should
// they be gone all the same, the line of the message remains.
func locate(t *text, dec *yaml.Decoder, err error) failure {
	f := failure{problem: strings.TrimPrefix(err.Error(), "yaml: ")}
	if m := numberedLine.FindStringSubmatch(f.problem); m != nil {
		f.problem = f.problem[len(m[0]):]
		if line, err := strconv.Atoi(m[1]); err == nil {
			f.at = t.at(int32(line)+t.first-1, 1, cursor{})
		}
	}
	outer := field(reflect.ValueOf(dec), "parser")
	inner := field(outer, "parser")
	if code := field(inner, "error"); code.IsValid() && code.CanInt() && code.Int() == 0 {
		// Seen while making the tree: at the event that is being looked at.
		f.at = t.mark(field(field(outer, "event"), "start_mark"), f.at)
		return f
	}
	f.at = t.mark(field(inner, "problem_mark"), f.at)
	if c := field(inner, "context"); c.IsValid() && c.Kind() == reflect.String && c.Len() > 0 {
		f.context = t.mark(field(inner, "context_mark"), cursor{})
	}
	if marks := field(inner, "marks"); marks.IsValid() && marks.Kind() == reflect.Slice && marks.Len() > 0 {
		f.opener = t.mark(marks.Index(marks.Len()-1), cursor{})
	}
	return f
}

// field returns a field of a struct or of what a pointer points to, invalid if
// there is none.
func field(v reflect.Value, name string) reflect.Value {
	if v.IsValid() && v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	if !v.IsValid() || v.Kind() != reflect.Struct {
		return reflect.Value{}
	}
	return v.FieldByName(name)
}

// mark reads a place as the library keeps it, or returns otherwise.
func (t *text) mark(v reflect.Value, otherwise cursor) cursor {
	line, col := field(v, "line"), field(v, "column")
	if !line.IsValid() || !col.IsValid() || !line.CanInt() || !col.CanInt() {
		return otherwise
	}
	return t.at(int32(line.Int())+t.first, int32(col.Int())+1, cursor{})
}

// refuseSyntax reports, in plain words, why the library gave a file up.
func refuseSyntax(r *report, t *text, l Limits, dec *yaml.Decoder, err error) {
	f := locate(t, dec, err)
	switch {
	case strings.HasPrefix(f.problem, "exceeded max depth"):
		refuseDepth(r, t.span(f.at, 1), l)
	case strings.HasPrefix(f.problem, "unknown anchor"):
		refuseUnknownAlias(r, t, l, f.at)
	default:
		e := explain(t, f)
		r.stop(e.place, "source-syntax", e.message, e.hint)
	}
}

func refuseUnknownAlias(r *report, t *text, l Limits, at cursor) {
	n := propertyLen(t.rest(at))
	p := between(at, t.move(at, n))
	if l.Aliases == 0 {
		refuseAliases(r, p)
		return
	}
	r.stop(p, "source-alias", fmt.Sprintf("the alias %s has no anchor before it", t.rest(at)[:n]),
		"put quotes around it if text is meant")
}

// explanation is a syntax error as it is reported.
type explanation struct {
	place         place
	message, hint string
}

// explain says what a message of the library means. What it does not know is
// passed on: better an odd message than none.
func explain(t *text, f failure) explanation {
	if special, ok := specialProblems[f.problem]; ok {
		return special(t, f)
	}
	if known, ok := plainProblems[f.problem]; ok {
		return explanation{t.span(f.at, 1), known[0], known[1]}
	}
	return explanation{t.span(f.at, 1), "this is no valid YAML: " + f.problem, ""}
}

// specialProblems are the messages whose meaning depends on the text.
var specialProblems = map[string]func(*text, failure) explanation{
	"mapping values are not allowed in this context":        explainColon,
	"found character that cannot start any token":           explainCharacter,
	"did not find expected key":                             explainKey,
	"did not find expected '-' indicator":                   explainItem,
	"did not find expected ',' or ']'":                      explainUnclosed("list", "]"),
	"did not find expected ',' or '}'":                      explainUnclosed("map", "}"),
	"did not find expected node content":                    explainMissing,
	"could not find expected ':'":                           explainNoColon,
	"found unexpected end of stream":                        explainQuote,
	"found unexpected document indicator":                   explainQuote,
	"found unknown escape character":                        explainEscape,
	"did not find expected alphabetic or numeric character": explainName,
	"found incompatible YAML document":                      explainDirective,
	"found unknown directive name":                          explainDirective,
	"found duplicate %YAML directive":                       explainDirective,
	"could not find expected directive name":                explainDirective,
	"found unexpected non-alphabetical character":           explainDirective,
	"found extremely long version number":                   explainDirective,
}

// plainProblems are those whose meaning is always the same: what is wrong, and
// what to write instead.
var plainProblems = map[string][2]string{
	"block sequence entries are not allowed in this context": {
		"a list cannot begin here", "put each item on a line of its own, below the key",
	},
	"mapping keys are not allowed in this context": {
		"a key with ? cannot stand here", "put quotes around text that begins with ?",
	},
	"did not find expected hexdecimal number": {
		"the escape needs hexadecimal digits", `write \xNN, \uNNNN or \UNNNNNNNN; for a backslash as such \\, or use single quotes`,
	},
	"found invalid Unicode character escape code": {
		"the escape is no character of Unicode", "write the character itself",
	},
	"found a tab character where an indentation space is expected": {
		"a tab stands where the line is indented", "indent with spaces",
	},
	"found a tab character that violates indentation": {
		"a tab stands where the line is indented", "indent with spaces",
	},
	"found an indentation indicator equal to 0": {
		"the digit after | or > cannot be 0", "leave the digit out",
	},
	"did not find expected comment or line break": {
		"there is text on the line where a block of text (| or >) or a directive begins", "put the text on the next line, indented",
	},
	"did not find expected <document start>": {
		"the document has ended before this", "check the indentation, or begin a new document with a line of ---",
	},
	"found undefined tag handle": {
		"the tag is not known", "leave the tag out, or put quotes around text that begins with !",
	},
	"did not find expected whitespace or line break": {
		"the tag is not followed by a space", "put quotes around text that begins with !",
	},
	"did not find expected tag URI": {
		"the tag has no name", "put quotes around text that begins with !",
	},
	"did not find the expected '>'": {
		"the tag is not closed", "put quotes around text that begins with !",
	},
}

// explainColon: a: b: c, or a key that is indented deeper than its neighbours.
func explainColon(t *text, f failure) explanation {
	p := t.span(f.at, 1)
	line := t.lineBefore(f.at)
	const longestKey = 1024 // by the YAML standard, for a key without ?
	if f.at.col > longestKey {
		return explanation{p, fmt.Sprintf("a key has more than %s characters", grouped(longestKey)), "shorten it, or put quotes around the text if it is no key"}
	}
	if strings.Contains(line, ": ") {
		return explanation{p, "a second colon in the value", "put quotes around a value that holds \": \""}
	}
	if strings.TrimLeft(line, " -") != line && strings.TrimSpace(line) != "" {
		return explanation{
			t.span(t.lineStart(f.at), len([]rune(line))), "a key cannot stand here: the line above has a value already",
			"give it the same indentation as the keys beside it",
		}
	}
	return explanation{p, "a colon cannot stand here", "put quotes around text that holds \": \""}
}

// explainCharacter: tabs, and characters that YAML reserves.
func explainCharacter(t *text, f failure) explanation {
	p := t.span(f.at, 1)
	rest := t.rest(f.at)
	switch {
	case len(rest) == 0:
		return explanation{p, "the file ends in the middle of something", ""}
	case rest[0] == '\t':
		return explanation{p, "a tab stands where the line is indented", "indent with spaces"}
	default:
		ch := []rune(string(rest[:min(len(rest), 4)]))[0]
		return explanation{
			p, fmt.Sprintf("text cannot begin with %q", string(ch)), "put quotes around the value",
		}
	}
}

// explainKey: something other than a key in a map.
func explainKey(t *text, f failure) explanation {
	if strings.TrimSpace(t.lineBefore(f.at)) != "" {
		return explanation{t.toLineEnd(f.at), "there is something behind the end of the value", "put quotes around the whole value"}
	}
	return explanation{
		t.toLineEnd(f.at), "this line does not fit the map it stands in",
		fmt.Sprintf("the keys of that map begin in column %d (line %d)", f.context.col, f.context.line),
	}
}

// explainItem: something other than "- " in a list.
func explainItem(t *text, f failure) explanation {
	if strings.TrimSpace(t.lineBefore(f.at)) != "" {
		return explanation{t.toLineEnd(f.at), "there is something behind the end of the item", "put quotes around the whole item"}
	}
	return explanation{
		t.toLineEnd(f.at), "this line does not fit the list it stands in",
		fmt.Sprintf("the items of that list begin with \"- \" in column %d (line %d)", f.context.col, f.context.line),
	}
}

// explainUnclosed: a comma or a closing bracket is missing. If that shows on the
// line where the bracket opens, the place is where it shows, else the bracket.
func explainUnclosed(what, closing string) func(*text, failure) explanation {
	return func(t *text, f failure) explanation {
		if f.at.line == f.context.line && len(t.rest(f.at)) > 0 {
			return explanation{
				t.toLineEnd(f.at), fmt.Sprintf("a comma or %s is missing before this", closing),
				"put quotes around text that holds any of , [ ] { }",
			}
		}
		return explanation{
			t.span(f.context, 1), fmt.Sprintf("the %s that begins here is not closed", what),
			fmt.Sprintf("write %s at its end, and a comma between its parts", closing),
		}
	}
}

// explainMissing: nothing where a value is needed.
func explainMissing(t *text, f failure) explanation {
	if len(t.rest(t.skipBlank(f.at))) == 0 && f.opener.line > 0 {
		return explanation{t.span(f.opener, 1), "what begins here is not closed", "write the closing bracket"}
	}
	return explanation{
		t.span(f.at, 1), "a value is missing before this", "write a value, or put quotes around text that holds any of , [ ] { }",
	}
}

// explainNoColon: a line of a map without a colon.
func explainNoColon(t *text, f failure) explanation {
	if bytes.HasPrefix(t.rest(f.context), []byte("<<<<<<<")) {
		return explanation{t.toLineEnd(f.context), "a merge conflict was not resolved", "keep one of the two versions, and remove the marks"}
	}
	return explanation{
		t.toLineEnd(f.context), "this line is no \"key: value\"",
		"write a colon and a space behind the key; text that goes on from the line above is indented deeper than its key",
	}
}

// explainQuote: text in quotes that does not end.
func explainQuote(t *text, f failure) explanation {
	return explanation{
		t.toLineEnd(f.context), "the quotes that open here are not closed",
		"close them; within single quotes a quote is written twice, within double quotes with a backslash before it",
	}
}

// explainName: text that begins like an alias or an anchor.
func explainName(t *text, f failure) explanation {
	return explanation{
		between(f.context, t.move(f.context, propertyLen(t.rest(f.context)))), "text that begins with * or & is an alias or anchor, and this one has no proper name",
		"put quotes around it if text is meant",
	}
}

// explainEscape: a backslash in double quotes that means nothing.
func explainEscape(t *text, f failure) explanation {
	rest := []rune(string(t.rest(f.at)[:min(len(t.rest(f.at)), 5)]))
	return explanation{
		t.span(f.at, 2), fmt.Sprintf("%s is no escape that YAML knows", string(rest[:min(2, len(rest))])),
		`write \\ for a backslash, or use single quotes`,
	}
}

// explainDirective: a line that begins with %.
func explainDirective(t *text, f failure) explanation {
	return explanation{
		t.toLineEnd(t.lineStart(f.at)), "directives (lines that begin with %) are not supported",
		"leave the line out: files are read as YAML 1.2 anyway",
	}
}
