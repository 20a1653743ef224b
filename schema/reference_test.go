package schema

import (
	"regexp"
	"strings"
	"testing"
)

func TestReferenceNamesEverythingAndLinksLead(t *testing.T) {
	var b strings.Builder
	if err := Reference(&b); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	anchors := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^#+ (.*)$`).FindAllStringSubmatch(text, -1) {
		if anchors[slug(m[1])] {
			t.Errorf("two sections are called %q", m[1])
		}
		anchors[slug(m[1])] = true
	}
	for _, m := range regexp.MustCompile(`\]\(#([^)]*)\)`).FindAllStringSubmatch(text, -1) {
		if !anchors[m[1]] {
			t.Errorf("a link leads to #%s, which is not there", m[1])
		}
	}
	fields := 0
	for _, name := range []string{"service", "resource", "api", "system", "domain", "team", "person", "portal", "document"} {
		walk(bundle(name), "", func(_ string, s object) {
			for field := range childMap(s, "properties") {
				fields++
				if !strings.Contains(text, "| `"+field+"`") {
					t.Errorf("%s: the field %q is missing", name, field)
				}
			}
		})
	}
	for i, line := range strings.Split(text, "\n") {
		if strings.HasPrefix(line, "|") && strings.Count(strings.ReplaceAll(line, `\|`, ""), "|") != 5 {
			t.Errorf("line %d is no row of four cells: %s", i+1, line)
		}
		if strings.Contains(line, "anything") {
			t.Errorf("line %d does not say what type: %s", i+1, line)
		}
	}
	if fields < 200 {
		t.Errorf("looked at %d fields only", fields)
	}
	var again strings.Builder
	if err := Reference(&again); err != nil || again.String() != text {
		t.Errorf("a second run differs (%v)", err)
	}
}
