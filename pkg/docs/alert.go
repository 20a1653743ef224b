package docs

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// alertAttribute is set on a quote that is an alert; its value is one of alertTitles.
const alertAttribute = "alert"

// alertTitles holds GitHub's alerts.
var alertTitles = map[string]string{
	"note":      "Note",
	"tip":       "Tip",
	"important": "Important",
	"warning":   "Warning",
	"caution":   "Caution",
}

// alerts recognises quotes whose first line is [!NOTE] or one of the others. It
// takes the line away before its brackets could be read as a link.
type alerts struct{}

func (alerts) Transform(node *ast.Paragraph, reader text.Reader, _ parser.Context) {
	quote := node.Parent()
	if quote == nil || quote.Kind() != ast.KindBlockquote || quote.FirstChild() != ast.Node(node) {
		return
	}
	lines := node.Lines()
	first := lines.At(0)
	kind, ok := alertKind(first.Value(reader.Source()))
	if !ok {
		return
	}
	quote.SetAttributeString(alertAttribute, kind)
	lines.SetSliced(1, lines.Len())
	if lines.Len() == 0 {
		quote.RemoveChild(quote, node)
	}
}

func alertKind(line []byte) (string, bool) {
	line = bytes.TrimSpace(line)
	if len(line) < 4 || line[0] != '[' || line[1] != '!' || line[len(line)-1] != ']' {
		return "", false
	}
	kind := strings.ToLower(string(line[2 : len(line)-1]))
	_, ok := alertTitles[kind]
	return kind, ok
}
