package search

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// DataFile returns a classic script that hands v to the page's scripts under a name.
// It is how all browser data is written, since neither fetch nor modules work on
// file: URLs. The value is JSON inside a string, which browsers parse faster than a
// literal. No part of it can end the string or the script element: quotes and
// backslashes are escaped, and encoding/json escapes <, >, &, U+2028, U+2029, control
// characters and invalid UTF-8.
//
// It panics if v is not plain data, which is a mistake in the program.
func DataFile(name string, v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("search: data %q cannot be written as JSON: %v", name, err))
	}
	title, err := json.Marshal(name)
	if err != nil {
		panic(err)
	}
	var b bytes.Buffer
	b.Grow(len(data) + len(data)/8)
	b.WriteString("signpost.data(")
	b.Write(title)
	b.WriteString(`,JSON.parse("`)
	start := 0
	for i, c := range data {
		if c == '"' || c == '\\' {
			b.Write(data[start:i])
			b.WriteByte('\\')
			start = i
		}
	}
	b.Write(data[start:])
	b.WriteString("\"));\n")
	return b.Bytes()
}

// ReadDataFile reads what DataFile wrote into v.
func ReadDataFile(script []byte, v any) error {
	_, rest, found := strings.Cut(string(script), `,JSON.parse("`)
	text, ended := strings.CutSuffix(rest, "\"));\n")
	if !found || !ended {
		return fmt.Errorf("not a data file of this version")
	}
	data := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' && i+1 < len(text) {
			i++
		}
		data = append(data, text[i])
	}
	return json.Unmarshal(data, v)
}
