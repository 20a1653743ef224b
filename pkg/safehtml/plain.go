package safehtml

import "bytes"

// maxDepth is how deep elements may be nested. x/net/html gives up at 512,
// browsers at about as many.
const maxDepth = 400

// isPlain reports whether a fragment of HTML keeps to the allow list and is
// written in the one form that leaves nothing to interpretation: start tags
// <name attribute="value" …> and end tags </name> in lower case, every value in
// double quotes and free of angle brackets, no comments, declarations or
// self-closing tags, and each element closed in the element it was opened in.
func isPlain(fragment []byte) bool {
	var stack [maxDepth]*element
	depth := 0
	for {
		i := bytes.IndexByte(fragment, '<')
		if i < 0 {
			return depth == 0 && isPlainText(fragment)
		}
		if !isPlainText(fragment[:i]) {
			return false
		}
		fragment = fragment[i+1:]
		if len(fragment) > 0 && fragment[0] == '/' {
			if depth == 0 {
				return false
			}
			depth--
			open := stack[depth].name
			end := 1 + len(open)
			if len(fragment) <= end || fragment[end] != '>' || string(fragment[1:end]) != open {
				return false
			}
			fragment = fragment[end+1:]
			continue
		}
		e, size := startTag(fragment)
		if e == nil || depth == maxDepth || e.parents != nil && (depth == 0 || !e.mayStandIn(stack[depth-1].name)) {
			return false
		}
		if !e.void {
			stack[depth] = e
			depth++
		}
		fragment = fragment[size:]
	}
}

// isPlainText refuses NUL, which parsers drop or replace.
func isPlainText(text []byte) bool { return bytes.IndexByte(text, 0) < 0 }

// startTag reads a start tag after its "<" and returns how many bytes it has,
// up to and with its ">". The element is nil if the tag is not allowed.
func startTag(tag []byte) (e *element, size int) {
	i := nameLength(tag)
	e = allowList[string(tag[:i])]
	if e == nil {
		return nil, 0
	}
	for i < len(tag) && tag[i] == ' ' {
		n := attribute(tag[i+1:], e)
		if n < 0 {
			return nil, 0
		}
		i += 1 + n
	}
	if i >= len(tag) || tag[i] != '>' || !e.complete(tag[:i]) {
		return nil, 0
	}
	return e, i + 1
}

// attribute reads name="value" and returns its length, or -1.
func attribute(tag []byte, e *element) int {
	n := nameLength(tag)
	allowed := e.attribute(tag[:n])
	if allowed == nil || len(tag) < n+3 || tag[n] != '=' || tag[n+1] != '"' {
		return -1
	}
	value := tag[n+2:]
	end := bytes.IndexByte(value, '"')
	if end < 0 || bytes.ContainsAny(value[:end], "<>\x00") || !allowed(value[:end]) {
		return -1
	}
	return n + 2 + end + 1
}

func nameLength(s []byte) int {
	for i, c := range s {
		if (c < 'a' || c > 'z') && !isDigit(c) && c != '-' {
			return i
		}
	}
	return len(s)
}
