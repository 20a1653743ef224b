package htmlexec

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/signpost-dev/signpost/pkg/safehtml"
)

// writerFor returns what writes a value through the escapers that html/template has
// chosen for its place. Each does what the one of the same name in html/template's
// escape.go, html.go and url.go does with plain text and with safe HTML.
func writerFor(escapers []string) (func(*bytes.Buffer, reflect.Value) error, error) {
	switch {
	case slices.Equal(escapers, []string{"htmlescaper"}):
		return writeHTML, nil
	case slices.Equal(escapers, []string{"attrescaper"}), slices.Equal(escapers, []string{"rcdataescaper"}):
		return plain(func(out []byte, s string) []byte { return appendEscaped(out, s) }), nil
	case slices.Equal(escapers, []string{"htmlnamefilter"}):
		return writeAttribute, nil
	case slices.Equal(escapers, []string{"urlfilter", "urlnormalizer", "attrescaper"}):
		return plain(func(out []byte, s string) []byte { return appendAddress(out, filtered(s)) }), nil
	case slices.Equal(escapers, []string{"urlnormalizer", "attrescaper"}):
		return plain(appendAddress), nil
	case slices.Equal(escapers, []string{"urlescaper", "attrescaper"}):
		return plain(func(out []byte, s string) []byte { return safehtml.AppendQuery(out, s) }), nil
	}
	return nil, unknown("the escapers %s", strings.Join(escapers, ", "))
}

var (
	htmlType      = reflect.TypeFor[template.HTML]()
	attributeType = reflect.TypeFor[template.HTMLAttr]()
)

var errSafe = errors.New("a value that claims to be safe stands where only plain text is known")

// writeHTML writes text between tags. Safe HTML stays as it is.
func writeHTML(w *bytes.Buffer, v reflect.Value) error {
	if v.Kind() == reflect.String && v.Type() == htmlType {
		w.WriteString(v.String())
		return nil
	}
	s, err := textOf(v)
	if err == nil {
		w.Write(appendEscaped(w.AvailableBuffer(), s))
	}
	return err
}

// writeAttribute writes a whole attribute, which only package safehtml makes.
func writeAttribute(w *bytes.Buffer, v reflect.Value) error {
	if v.Kind() != reflect.String || v.Type() != attributeType {
		return errSafe
	}
	w.WriteString(v.String())
	return nil
}

// plain makes a writer of what appends text, which refuses other content than text.
func plain(escape func(out []byte, s string) []byte) func(*bytes.Buffer, reflect.Value) error {
	return func(w *bytes.Buffer, v reflect.Value) error {
		s, err := textOf(v)
		if err == nil {
			w.Write(escape(w.AvailableBuffer(), s))
		}
		return err
	}
}

// textOf returns a value as text. Types of html/template that say what they hold are
// refused: html/template treats them otherwise than text.
func textOf(v reflect.Value) (string, error) {
	v = indirect(v)
	switch {
	case !v.IsValid():
		return "", nil
	case v.Type().PkgPath() == "html/template":
		return "", errSafe
	case v.Type().NumMethod() > 0:
		return fmt.Sprint(v.Interface()), nil // it may be a fmt.Stringer
	case v.Kind() == reflect.String:
		return v.String(), nil
	case v.CanInt():
		return strconv.FormatInt(v.Int(), 10), nil
	}
	return fmt.Sprint(v.Interface()), nil
}

// appendEscaped is html/template's htmlReplacementTable.
func appendEscaped(out []byte, s string) []byte {
	start := 0
	for i := range len(s) {
		var esc string
		switch s[i] {
		case 0:
			esc = "\uFFFD"
		case '"':
			esc = "&#34;"
		case '&':
			esc = "&amp;"
		case '\'':
			esc = "&#39;"
		case '+':
			esc = "&#43;"
		case '<':
			esc = "&lt;"
		case '>':
			esc = "&gt;"
		default:
			continue
		}
		out = append(append(out, s[start:i]...), esc...)
		start = i + 1
	}
	return append(out, s[start:]...)
}

// appendAddress normalises an address and escapes it for an attribute.
func appendAddress(out []byte, s string) []byte {
	return appendEscaped(out, string(safehtml.AppendAddress(nil, s)))
}

// filtered replaces an address whose scheme is none that html/template takes for safe.
func filtered(s string) string {
	scheme, _, ok := strings.Cut(s, ":")
	if ok && !strings.Contains(scheme, "/") && !strings.EqualFold(scheme, "http") && !strings.EqualFold(scheme, "https") && !strings.EqualFold(scheme, "mailto") {
		return "#ZgotmplZ"
	}
	return s
}
