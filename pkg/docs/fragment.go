package docs

import (
	"html/template"
	"strings"

	"github.com/signpost-dev/signpost/pkg/safehtml"
)

// Fragment renders Markdown that stands in another file, such as a description in an API
// specification. The result depends on the text alone: links lead to addresses on the web,
// and others are text. Headings begin at a level and have no anchors, since a page has many
// such texts. What breaks a limit of documents is shown as it is written.
func (s *Set) Fragment(text string, level int) template.HTML {
	if text = strings.TrimSpace(text); text == "" {
		return ""
	}
	if s == nil || isPlainSentence(text) {
		return plainParagraph(text)
	}
	p, _ := s.Parse(&Document{piece: true}, []byte("\n"+text)) // so that nothing passes for front matter
	if p == nil {
		return plainParagraph(text)
	}
	for i := range p.Headings {
		p.Headings[i].ID, p.Headings[i].Level = "", min(p.Headings[i].Level+level-1, 6)
	}
	p.htmlIDs = nil
	html, err := p.Render(Site{})
	if err != nil {
		return plainParagraph(text)
	}
	return html
}

func plainParagraph(text string) template.HTML {
	return safehtml.Markdown(append(appendEscaped([]byte("<p>"), []byte(strings.ToValidUTF8(text, "\ufffd"))), "</p>\n"...))
}

// isPlainSentence reports whether a text has no markup, as most descriptions of fields have
// none.
func isPlainSentence(text string) bool {
	return (text[0] >= 'A' && text[0] <= 'Z' || text[0] >= 'a' && text[0] <= 'z') &&
		!strings.ContainsAny(text, "\\`*_{}[]<>#|~:&!@\n\r\t\x00") && !strings.Contains(text, "www.") && !strings.Contains(text, "  ")
}

// Code renders code in a language as in documents.
func (s *Set) Code(language, code string) template.HTML {
	if s == nil {
		s = &Set{plain: true}
	}
	r := &renderer{Parsed: &Parsed{set: s}}
	r.code(language, []byte(strings.ToValidUTF8(code, "\ufffd")))
	return safehtml.Markdown(r.out)
}
