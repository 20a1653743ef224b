package check

import (
	"fmt"
	"path"
	"strings"

	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/pkg/diag"
)

// documentOrphan finds documents that belong to nothing.
func documentOrphan(p *pass) {
	for _, d := range p.Documents {
		if len(d.About) == 0 && d.Front.Field("about") == nil { // an `about` that names nothing is found by those who read
			p.at(diag.Span{File: d.Name}, "move it into the folder of an entity, or name one under `about` in its front matter",
				"this document belongs to nothing")
		}
	}
}

// missingFiles finds files that descriptors name and that are not there. Broken
// links in documents are found by those who read documents.
func missingFiles(p *pass) {
	for _, e := range p.Catalog.Entities {
		for field, v := range map[string]catalog.Value{"runbook": e.Runbook, "definition": e.Definition} {
			if !v.Written() || strings.Contains(v.Text, "://") {
				continue
			}
			file, _, _ := strings.Cut(v.Text, "#")
			target := path.Join(path.Dir(e.Path), file)
			if !p.Exists(target) {
				p.at(v.Span, "the path is relative to the descriptor", fmt.Sprintf("%s %q does not exist", field, v.Text))
			}
		}
	}
}
