package apispec

import "bytes"

// maxBrackets is how deep brackets may be nested in languages whose parsers call
// themselves: of files of their own, nobody nests ten.
const maxBrackets = 200

// nesting is how deep brackets are nested in a text. Comments begin with line, strings
// stand in double quotes.
func nesting(data []byte, line string) int {
	depth, most := 0, 0
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case bytes.HasPrefix(data[i:], []byte(line)):
			if i = skipTo(data, i, "\n"); i < 0 {
				return most
			}
		case bytes.HasPrefix(data[i:], []byte("/*")) && line == "//":
			if i = skipTo(data, i+2, "*/"); i < 0 {
				return most
			}
		case bytes.HasPrefix(data[i:], []byte(`"""`)):
			if i = skipTo(data, i+3, `"""`); i < 0 {
				return most
			}
			i += 2
		case c == '"':
			for i++; i < len(data) && data[i] != '"' && data[i] != '\n'; i++ {
				if data[i] == '\\' {
					i++
				}
			}
		case c == '{' || c == '[' || c == '(' || c == '<':
			depth++
			most = max(most, depth)
		case c == '}' || c == ']' || c == ')' || c == '>':
			depth = max(depth-1, 0)
		}
	}
	return most
}

// skipTo returns where a text ends that begins at i; -1 if it does not end.
func skipTo(data []byte, i int, end string) int {
	n := bytes.Index(data[i:], []byte(end))
	if n < 0 {
		return -1
	}
	return i + n
}
