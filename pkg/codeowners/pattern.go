package codeowners

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// lengthLimit is how long a pattern may be, in bytes: longer than any path.
const lengthLimit = 4096

// pattern is a path pattern cut into segments. Between slashes, * stands for any
// characters, ? for one, and a backslash takes away the meaning of the next; the
// segment ** stands for any number of folders.
//
// It is matched segment by segment rather than by a regular expression: paths may
// hold any character, line breaks too, and no pattern costs more than the product
// of its length and that of the path.
type pattern struct {
	segments []segment
	nothing  bool // matches no path
}

// segment is one part of a pattern: any number of folders, a plain name, or a
// name with wildcards.
type segment struct {
	deep  bool
	plain string
	globs []rune // with star and anyOne among them; nil for a plain name
}

const (
	star   rune = -1 - iota // any number of characters
	anyOne                  // one character
)

var deep = segment{deep: true}

func compile(text string) (pattern, error) {
	if err := refuse(text); err != nil {
		return pattern{}, err
	}
	if text == "/" {
		return pattern{nothing: true}, nil
	}
	names := strings.Split(text, "/")
	folder := names[len(names)-1] == "" // ends in a slash: only what lies inside
	if folder {
		names = names[:len(names)-1]
	}
	switch {
	case names[0] == "":
		names = names[1:]
	case len(names) == 1 && names[0] != "**":
		names = []string{"**", names[0]} // without a slash in front: anywhere
	}
	if slices.Contains(names, "") {
		return pattern{nothing: true}, nil // two slashes in a row are in no path
	}
	var p pattern
	for _, name := range names {
		p.segments = append(p.segments, compileSegment(name))
	}
	p.finish(names, folder)
	return p, nil
}

// finish says what the end of the pattern means for what lies below.
func (p *pattern) finish(names []string, folder bool) {
	one := compileSegment("*")
	switch last := names[len(names)-1]; {
	case len(names) == 1 && last == "**" && !folder:
		// everything
	case last == "**" && folder:
		p.segments = append(p.segments, one, one, deep)
	case last == "**" || folder:
		p.segments = append(p.segments, one, deep)
	case last != "*":
		// A name may be a folder's. Only a lone star stays on its level.
		p.segments = append(p.segments, deep)
	}
}

// refuse says why GitHub does not take a pattern.
func refuse(text string) error {
	skips := ", so GitHub skips this line"
	switch {
	case len(text) > lengthLimit:
		return fmt.Errorf("the pattern has %d bytes; no path is longer than %d", len(text), lengthLimit)
	case text[0] == '!':
		return fmt.Errorf("%q: a pattern cannot be negated with !%s", clip(text), skips)
	case strings.HasPrefix(text, `\#`):
		return fmt.Errorf("%q: a pattern cannot begin with #, not even after a backslash%s", clip(text), skips)
	case strings.ContainsAny(text, "[]"):
		return fmt.Errorf("%q: character ranges and sections in [ ] are not supported%s", clip(text), skips)
	case strings.Contains(text, "***"):
		return fmt.Errorf("%q: a pattern cannot hold three stars in a row%s", clip(text), skips)
	}
	if rest := strings.TrimRight(text, `\`); (len(text)-len(rest))%2 == 1 {
		return errors.New("the pattern ends in a backslash that escapes nothing" + skips)
	}
	return nil
}

func compileSegment(name string) segment {
	if name == "**" {
		return deep
	}
	if !strings.ContainsAny(name, `*?\`) {
		return segment{plain: name}
	}
	globs := make([]rune, 0, len(name))
	escaped := false
	for _, r := range name {
		switch {
		case escaped:
			globs, escaped = append(globs, r), false
		case r == '\\':
			escaped = true
		case r == '*':
			globs = append(globs, star)
		case r == '?':
			globs = append(globs, anyOne)
		default:
			globs = append(globs, r)
		}
	}
	return segment{globs: globs}
}

// match reports whether the pattern matches a path, given as its segments. After
// a mismatch only the last ** needs to take one more folder: whatever an earlier
// one could take, the last can.
func (p pattern) match(path []string) bool {
	if p.nothing {
		return false
	}
	i, j := 0, 0            // next segment of the pattern, of the path
	retry, retryAt := -1, 0 // after the last **, and where it stopped taking
	for j < len(path) {
		switch {
		case i < len(p.segments) && p.segments[i].deep:
			i++
			retry, retryAt = i, j
		case i < len(p.segments) && p.segments[i].match(path[j]):
			i++
			j++
		case retry >= 0:
			retryAt++
			i, j = retry, retryAt
		default:
			return false
		}
	}
	for i < len(p.segments) && p.segments[i].deep {
		i++
	}
	return i == len(p.segments)
}

// match does within a name what pattern.match does within a path.
func (s segment) match(name string) bool {
	if s.globs == nil {
		return s.plain == name
	}
	i, j := 0, 0
	retry, retryAt := -1, 0
	for j < len(name) {
		r, size := utf8.DecodeRuneInString(name[j:])
		switch {
		case i < len(s.globs) && s.globs[i] == star:
			i++
			retry, retryAt = i, j
		case i < len(s.globs) && (s.globs[i] == anyOne || s.globs[i] == r):
			i++
			j += size
		case retry >= 0:
			_, size = utf8.DecodeRuneInString(name[retryAt:])
			retryAt += size
			i, j = retry, retryAt
		default:
			return false
		}
	}
	for i < len(s.globs) && s.globs[i] == star {
		i++
	}
	return i == len(s.globs)
}
