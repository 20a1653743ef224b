package check

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/docs"
)

// decisionExists finds decisions that front matter names and that are not there. Links in
// the text are checked as links.
func decisionExists(p *pass) {
	for _, d := range p.Documents {
		if d.Decision == nil {
			continue
		}
		for _, c := range slices.Concat(d.Decision.Supersedes, d.Decision.SupersededBy) {
			if c.To == nil {
				p.at(c.Span, "name it by its number, or by the path of its file from here",
					fmt.Sprintf("the decision %q is not among those here", c.Text))
			}
		}
	}
}

// decisionOneSided finds decisions that others say they replace, or are replaced by, and
// that do not say so themselves.
func decisionOneSided(p *pass) {
	for _, d := range p.Documents {
		if d.Decision == nil {
			continue
		}
		for _, c := range d.Decision.SupersededBy {
			if c.To != nil && c.To != d && !names(c.To.Decision.Supersedes, d) {
				p.oneSided(c.To, d, c.Span, "supersedes", "Supersedes", "replaces")
			}
		}
		for _, c := range d.Decision.Supersedes {
			if c.To != nil && c.To != d && !names(c.To.Decision.SupersededBy, d) {
				p.oneSided(c.To, d, c.Span, "supersededBy", "Superseded by", "is replaced by")
			}
		}
		if status := d.Decision.Status; len(d.Decision.SupersededBy) > 0 && status != "" && status != d.Status() {
			p.at(placeIn(d, "status"), "write `status: superseded`", fmt.Sprintf("the status is still %q, although another decision replaces this one", status))
		}
	}
}

func names(cited []docs.Citation, d *docs.Document) bool {
	return slices.ContainsFunc(cited, func(c docs.Citation) bool { return c.To == d })
}

// oneSided reports that a decision does not say what another says of it, at the one to mend
// and with the line that mends it.
func (p *pass) oneSided(silent, says *docs.Document, where diag.Span, key, words, verb string) {
	hint := fmt.Sprintf("under \"## Status\", write: %s [%s](%s)", words, says.Title, pathFrom(silent, says))
	if silent.Front != nil {
		hint = fmt.Sprintf("in its front matter, write `%s: %s`", key, nameFor(silent, says))
	}
	p.report(diag.Diagnostic{
		Span: placeIn(silent, key), Hint: hint,
		Message: fmt.Sprintf("this decision %s %q, and does not say so", verb, says.Title),
		Related: []diag.Related{{Span: where, Message: "says so"}},
	})
}

// placeIn is the place of a key in front matter, or that of the document if it has no such
// key.
func placeIn(d *docs.Document, key string) diag.Span {
	if n := d.Front.Field(key); n != nil {
		return n.KeySpan()
	}
	if n := d.Front.Field("status"); n != nil {
		return n.KeySpan()
	}
	return diag.Span{File: d.Name}
}

// nameFor names a decision as the front matter of another does.
func nameFor(from, to *docs.Document) string {
	if to.Decision.Number >= 0 && path.Dir(from.Name) == path.Dir(to.Name) {
		return strconv.Itoa(to.Decision.Number)
	}
	return pathFrom(from, to)
}

// pathFrom returns the relative path from one document to another.
func pathFrom(from, to *docs.Document) string {
	dir, up := path.Dir(from.Name), ""
	for dir != "." && !strings.HasPrefix(to.Name, dir+"/") {
		dir, up = path.Dir(dir), up+"../"
	}
	return up + strings.TrimPrefix(strings.TrimPrefix(to.Name, dir), "/")
}
