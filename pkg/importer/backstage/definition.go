package backstage

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// specification and descriptorKey are how the catalog tells API specifications in
// YAML, which may lie beside descriptors, from descriptors.
var (
	specification = regexp.MustCompile(`(?m)^["']?(openapi|swagger|asyncapi)["']?[ \t]*:`)
	descriptorKey = regexp.MustCompile(`(?m)^apiVersion[ \t]*:`)
)

// define gives an API its definition: a file beside the descriptor, or the
// address that a placeholder names.
func (c *conversion) define(e *entity) {
	if e.target != "api" {
		return
	}
	v := e.spec.take("definition")
	if isEmpty(v) {
		return
	}
	if d, ok := directiveOf(v); ok {
		if !hasScheme.MatchString(d.target) {
			e.keep(v, "spec", "definition") // reader.define has said why it cannot be read
			return
		}
		c.report.note(NotFetched, e.file, e.line, e.ref(), "spec.definition: %s %s", d.key, d.target)
		if c.place(e, "definition", d.target, v, "spec", "definition") {
			e.directives.set("spec.definition", v)
		}
		return
	}
	content, ok := v.(string)
	if !ok {
		c.unfit(e, v, "must be text, or a placeholder such as $text", "spec", "definition")
		return
	}
	typ, _ := e.out["type"].(string)
	e.definition = content
	e.out["definition"] = definitionName(strings.ToLower(typ), content)
}

// definitionName returns the file name for a definition, by its type and by what
// it holds: YAML that the catalog would take for a descriptor is plain text.
func definitionName(typ, content string) string {
	switch typ {
	case "graphql":
		return "schema.graphql"
	case "grpc", "protobuf":
		return "service.proto"
	case "openapi", "asyncapi":
		return typ + extensionOf(content)
	}
	return "definition" + extensionOf(content)
}

func extensionOf(content string) string {
	head := content[:min(len(content), 4096)]
	for !utf8.ValidString(head) {
		head = head[:len(head)-1]
	}
	switch start := strings.TrimSpace(head); {
	case strings.HasPrefix(start, "{") || strings.HasPrefix(start, "["):
		return ".json"
	case strings.HasPrefix(start, "<"):
		return ".xml"
	case specification.MatchString(head) && !descriptorKey.MatchString(head):
		return ".yaml"
	}
	return ".txt"
}
