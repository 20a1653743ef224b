package docs

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/source"
)

// Decision is what a decision record says of itself, in front matter (ours, or that of
// MADR 3 and 4) or in its text as the templates of Nygard and MADR 2 write it, and which
// decisions replace each other. Front matter comes first where both say something.
//
// See https://cognitect.com/blog/2011/11/15/documenting-architecture-decisions and
// https://adr.github.io/madr/.
type Decision struct {
	Number   int    // -1 if it has none
	Status   string // "accepted"; empty if it does not say
	Date     string // YYYY-MM-DD, or whatever its front matter has; empty if it does not say
	Deciders []string

	StatusSpan diag.Span // of what says the status; only the file if nothing does
	Nameless   bool      // it says that it is superseded, and not by what

	Supersedes, SupersededBy []Citation // as it says itself

	Replaces, ReplacedBy []*Document // whichever of the two says so; by file
}

// Citation is another decision as one names it.
type Citation struct {
	Text string // a number, a file name, or where a link in the text leads
	Span diag.Span
	To   *Document // nil if there is no such decision

	link bool // it is a link, whose target is checked as that of all links
}

// Linked reports whether the citation is a link in the text.
func (c Citation) Linked() bool { return c.link }

// superseded is the status of a decision that another has replaced.
const superseded = "superseded"

// Status says where a document stands. A decision that another replaces is superseded,
// whichever of the two says so.
func (d *Document) Status() string {
	if d.Decision == nil {
		return d.Front.Field("status").Text()
	}
	if len(d.Decision.ReplacedBy) > 0 {
		return superseded
	}
	return d.Decision.Status
}

// Date returns the day of a decision or an incident as the document writes it, or "".
func (d *Document) Date() string {
	if d.Decision != nil {
		return d.Decision.Date
	}
	return d.Front.Field("date").Text()
}

// BareTitle returns the title without the number of a decision in front: lists have a
// column for it.
func (d *Document) BareTitle() string {
	if d.Decision == nil || d.Decision.Number < 0 || numberOf(d.Title) != d.Decision.Number {
		return d.Title
	}
	if bare := withoutNumber(d.Title); bare != "" {
		return bare
	}
	return d.Title
}

// decide puts together what front matter and text say.
func (d *Document) decide() *Decision {
	if d.Kind != ADR {
		return nil
	}
	front, said := d.Front, d.record
	v := &Decision{Number: numberOf(d.Title), Status: said.status, Date: said.date, Deciders: said.deciders, StatusSpan: said.at}
	v.StatusSpan.File = d.Name
	v.Supersedes, v.SupersededBy = slices.Clone(said.supersedes), slices.Clone(said.supersededBy)
	if v.Number < 0 {
		v.Number = numberOfFile(d.File)
	}
	if n, err := strconv.Atoi(front.Field("number").Text()); err == nil {
		v.Number = n
	}
	if date := front.Field("date").Text(); date != "" {
		v.Date = date
	}
	for _, key := range []string{"decision-makers", "deciders"} { // the first is what MADR 4 says
		if names := names(front.Field(key)); len(names) > 0 {
			v.Deciders = names
		}
	}
	v.Supersedes = append(v.Supersedes, citations(front.Field("supersedes"))...)
	v.SupersededBy = append(v.SupersededBy, citations(front.Field("supersededBy"))...)
	if status := front.Field("status"); status.Text() != "" {
		var of record
		of.state(sentence{text: status.Text()}.withLinks(status.Span()), 0)
		v.Status, v.StatusSpan = of.status, status.Span()
		v.Supersedes = append(v.Supersedes, of.supersedes...)
		v.SupersededBy = append(v.SupersededBy, of.supersededBy...)
	}
	v.Nameless = v.Status == superseded && len(v.SupersededBy) == 0
	return v
}

// names are the items of a list, or the parts of a text between commas.
func names(n *source.Node) []string {
	if n.Kind() == source.String {
		return commas(n.Text())
	}
	var all []string
	for _, c := range n.Children() {
		all = append(all, c.Text())
	}
	return all
}

func commas(text string) []string {
	var all []string
	for name := range strings.SplitSeq(text, ",") {
		if name = strings.TrimSpace(name); name != "" {
			all = append(all, name)
		}
	}
	return all
}

// citations are the decisions that a key of front matter names.
func citations(n *source.Node) []Citation {
	nodes := n.Children()
	if n.Kind() != source.List {
		nodes = []*source.Node{n}
	}
	var all []Citation
	for _, c := range nodes {
		if text := strings.TrimSpace(c.Text()); text != "" {
			all = append(all, Citation{Text: text, Span: c.Span()})
		}
	}
	return all
}

var (
	numberedTitle = regexp.MustCompile(`^(?i:adr[ -]*(\d{1,6})\b|(\d{1,6})(?:[.:)]|\s+[-–—]\s))`)
	numberedFile  = regexp.MustCompile(`^(?i:adr[-_ ]?)?(\d{1,6})(?:[-_. ]|$)`)
	citedNumber   = regexp.MustCompile(`^(?i:adr)?[ #-]*(\d{1,6})$`)
)

// numberOf returns the number at the start of the title of a decision, or -1.
func numberOf(title string) int {
	found := numberedTitle.FindStringSubmatch(title)
	if found == nil {
		return -1
	}
	return parseNumber(found[1] + found[2])
}

func numberOfFile(file string) int {
	found := numberedFile.FindStringSubmatch(file[strings.LastIndexByte(file, '/')+1:])
	if found == nil {
		return -1
	}
	return parseNumber(found[1])
}

func parseNumber(digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil {
		return -1
	}
	return n
}

// record is what the text of a decision says of itself.
type record struct {
	status, date             string
	at                       diag.Span // of the status
	deciders                 []string
	supersedes, supersededBy []Citation
}

// Statuses are the words for where a decision stands that begin a statement of more.
var Statuses = []string{"proposed", "draft", "accepted", "approved", "rejected", "deprecated", superseded, "implemented"}

// relations between decisions, in the words of the templates. The misspelling is that of
// adr-tools, which wrote it into many thousands of records.
var relation = regexp.MustCompile(`(?i)\b(super[sc]eded|replaced by|super[sc]edes|replaces)\b`)

// state takes in one line that says where the decision stands, from an offset on.
func (r *record) state(line sentence, from int) {
	text := strings.TrimSpace(line.text[from:])
	for _, at := range relation.FindAllStringIndex(line.text[from:], -1) {
		word := strings.ToLower(line.text[from+at[0] : from+at[1]])
		cited := line.cited(from + at[1])
		if strings.HasSuffix(word, "s") { // supersedes, replaces
			r.supersedes = append(r.supersedes, cited...)
			continue
		}
		r.status, r.at = superseded, line.span
		r.supersededBy = append(r.supersededBy, cited...)
	}
	if r.status != "" || relation.FindStringIndex(text) != nil && relation.FindStringIndex(text)[0] == 0 {
		return
	}
	if r.status = statusWord(text); r.status != "" {
		r.at = line.span
	}
}

// statusWord returns the word for where a decision stands, or all that is written if that
// is short and begins with none that is known: "on hold".
func statusWord(text string) string {
	const most = 40
	lower := strings.ToLower(text)
	for _, word := range Statuses {
		if rest, ok := strings.CutPrefix(lower, word); ok && (rest == "" || rest[0] < 'a' || rest[0] > 'z') {
			return word
		}
	}
	if len(text) > most {
		return ""
	}
	return strings.TrimRight(text, ".")
}

// head takes in one line of what stands before the first part of a record:
// "Date: 2026-04-02", "* Deciders: Ines, Amara", "Superseded by …".
func (r *record) head(line sentence) {
	if at := relation.FindStringIndex(line.text); at != nil && at[0] == 0 {
		r.state(line, 0)
		return
	}
	key, value, ok := strings.Cut(line.text, ":")
	if !ok {
		return
	}
	switch strings.ToLower(strings.TrimSpace(key)) {
	case "status":
		r.state(line, len(key)+1)
	case "date":
		if day := dayIn(value); day != "" {
			r.date = day
		}
	case "deciders", "decision-makers", "decision makers":
		r.deciders = commas(value)
	}
}

// dayIn returns the day with which a text begins, or "".
func dayIn(text string) string {
	text = strings.TrimSpace(text)
	if len(text) < len(time.DateOnly) {
		return ""
	}
	if _, err := time.Parse(time.DateOnly, text[:len(time.DateOnly)]); err != nil {
		return ""
	}
	return text[:len(time.DateOnly)]
}
