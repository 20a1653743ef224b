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

// decisionStatus finds words for where a decision stands that were meant to be others.
func decisionStatus(p *pass) {
	for _, d := range p.Documents {
		if d.Decision == nil || slices.Contains(docs.Statuses, strings.ToLower(d.Decision.Status)) {
			continue
		}
		if meant := meantField(strings.ToLower(d.Decision.Status), docs.Statuses); meant != "" {
			p.at(statusPlace(d), didYouMean(meant, true), fmt.Sprintf("%q is no status that is known", d.Decision.Status))
		}
	}
}

// decisionNumber finds decisions of a folder that have the number of another one there.
func decisionNumber(p *pass) {
	type place struct {
		folder string
		number int
	}
	first := map[place]*docs.Document{}
	for _, d := range p.Documents {
		if d.Decision == nil || d.Decision.Number < 0 {
			continue
		}
		at := place{path.Dir(d.Name), d.Decision.Number}
		other := first[at]
		if other == nil {
			first[at] = d
			continue
		}
		span := diag.Span{File: d.Name}
		if n := d.Front.Field("number"); n != nil {
			span = n.Span()
		}
		p.report(diag.Diagnostic{
			Span: span, Hint: "give one of them the next number that is free",
			Message: fmt.Sprintf("%q has the number %d, as %q does", d.Title, at.number, other.Title),
			Related: []diag.Related{{Span: diag.Span{File: other.Name}, Message: "has the number"}},
		})
	}
}

// decisionOneSided finds decisions that others say they replace, or are replaced by, and
// that do not say so themselves; and those that say that they are replaced, and nobody says
// by what.
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
			p.at(statusPlace(d), "write `status: superseded`", fmt.Sprintf("the status is still %q, although another decision replaces this one", status))
		}
		if d.Decision.Nameless && len(d.Decision.ReplacedBy) == 0 {
			hint := "under \"## Status\", write: Superseded by, and a link to the decision that holds now"
			if d.Front != nil {
				hint = "name the decision that holds now under `supersededBy`"
			}
			p.at(statusPlace(d), hint, "this decision is superseded, and does not say by which")
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

// placeIn is the place of a key in front matter, or that of the status if it has no such
// key.
func placeIn(d *docs.Document, key string) diag.Span {
	if n := d.Front.Field(key); n != nil {
		return n.KeySpan()
	}
	return statusPlace(d)
}

// statusPlace is where a decision says where it stands: in front matter or in its text.
func statusPlace(d *docs.Document) diag.Span {
	if n := d.Front.Field("status"); n != nil {
		return n.Span()
	}
	return d.Decision.StatusSpan
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
