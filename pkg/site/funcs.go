package site

import (
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"maps"
	"reflect"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/signpost-dev/signpost/pkg/htmlexec"
	"github.com/signpost-dev/signpost/pkg/safehtml"
)

// funcs are what templates may call. All are pure.
var funcs = template.FuncMap{
	"choice":             func(key string, v FacetValue) facetChoice { return facetChoice{key, v} },
	"clock":              clock,
	"columns":            func(cs []Column) int { return len(cs) + 1 }, // with that of the name
	"count":              count,
	"date":               func(t time.Time) string { return t.UTC().Format("Mon 2 Jan 2006") },
	"day":                func(t time.Time) string { return t.Format("2 Jan 2006") },
	"isoDay":             func(t time.Time) string { return t.Format(time.DateOnly) },
	"iso":                func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
	"environmentColumns": environmentColumns,

	"drawn":    notDrawn, // draws a part that many pages share; see drawnParts
	"heading":  heading,
	"hour":     func(t time.Time) string { return t.UTC().Format("15:04") },
	"instant":  instant,
	"isolated": safehtml.Isolated, // keeps the direction of a text to itself
	"link":     func(l Link) template.HTML { return safehtml.Link(l.Text, l.Href) },
	"linkable": safehtml.Linkable,
	"links":    links,
	"outside":  safehtml.Outside,
	"rel":      safehtml.Rel,
	"shifts":   shiftsJSON,
	"strip":    strip,
	"ticked":   ticked,
	"lower":    strings.ToLower,
}

// compiled are functions in a form that is called without reflection.
var compiled = template.FuncMap{
	"link": htmlexec.Writer(func(out []byte, link reflect.Value) ([]byte, error) {
		if link.Kind() == reflect.Interface {
			link = link.Elem()
		}
		if link.Kind() != reflect.Struct || link.Type() != linkType {
			return out, errors.New("link wants a link")
		}
		return safehtml.AppendLink(out, link.Field(0).String(), link.Field(1).String()), nil
	}),
	"links": htmlexec.Func1(links),
}

var linkType = reflect.TypeFor[Link]()

// compilable returns the functions of templates for htmlexec.
func compilable(drawn func(string, any) (template.HTML, error)) template.FuncMap {
	all := maps.Clone(funcs)
	maps.Copy(all, compiled)
	all["drawn"] = htmlexec.Func(func(args []reflect.Value) (reflect.Value, error) {
		if len(args) != 2 || args[0].Kind() != reflect.String || !args[1].IsValid() {
			return reflect.Value{}, errors.New("drawn wants the name of a template and its data")
		}
		html, err := drawn(args[0].String(), args[1].Interface())
		return reflect.ValueOf(html), err
	})
	return all
}

// notDrawn stands for the function that each page's templates get in its place.
func notDrawn(string, any) (template.HTML, error) {
	return "", errors.New("drawn may be called from templates of pages only")
}

// facetChoice is one value of a facet, with the facet's key.
type facetChoice struct {
	Key   string
	Value FacetValue
}

// heading returns the title of a column; none for a cell beyond the last.
func heading(columns []Column, i int) string {
	if i >= len(columns) {
		return ""
	}
	return columns[i].Title
}

// environmentTable says which columns of the table of environments hold anything.
type environmentTable struct{ Address, Delivery, Links bool }

func environmentColumns(all []Environment) environmentTable {
	var has environmentTable
	for _, e := range all {
		has.Address = has.Address || e.URL.Text != ""
		has.Delivery = has.Delivery || len(e.Facts) > 0
		has.Links = has.Links || len(e.Links) > 0
	}
	return has
}

// clock returns an instant as people say it, in the zone that it carries.
func clock(t time.Time) string { return t.Format("Mon 2 Jan, 15:04 MST") }

// count returns a number with its noun: "1 error", "3 errors".
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// links are several of them, with commas.
func links(all []Link) template.HTML {
	return safehtml.Links(len(all), func(i int) (text, href string) { return all[i].Text, all[i].Href })
}

// ShiftData is a rotation as the browser reads it: people once, each with a link
// that may be empty, then one [from, to, person] for each shift, in seconds since 1970.
type ShiftData struct {
	People [][2]string `json:"p"`
	Shifts [][3]int64  `json:"s"`
	Alone  bool        `json:"a,omitempty"` // one person takes every turn
}

// ShiftsOf returns the shifts of a rotation in the form that scripts read, in blades
// and, by the rotation's name, in the data file "oncall".
func ShiftsOf(o *OnCall) ShiftData {
	out := ShiftData{People: [][2]string{}, Shifts: [][3]int64{}, Alone: o.Alone}
	index := map[Link]int64{}
	for _, s := range o.Shifts {
		i, ok := index[s.Person]
		if !ok {
			i = int64(len(out.People))
			index[s.Person] = i
			href := s.Person.Href
			if !safehtml.Linkable(href) {
				href = ""
			}
			out.People = append(out.People, [2]string{s.Person.Text, href})
		}
		out.Shifts = append(out.Shifts, [3]int64{s.From.Unix(), s.To.Unix(), i})
	}
	return out
}

func shiftsJSON(o *OnCall) (string, error) {
	text, err := json.Marshal(ShiftsOf(o))
	return string(text), err
}

// bar is a shift on the strip of days to come, in percent of its width.
type bar struct {
	Shift Shift
	Text  string // the person's name, as much of it as there is room for
	Short string // the same where the strip is narrow, if that has less room
	X, W  string
	Odd   bool // neighbours differ in tone
}

// tick is the beginning of a day on the strip.
type tick struct {
	X    string
	Text string // "Tue 24"; empty where there is no room for it
}

// timeline is the strip: what is on it, from when to when.
type timeline struct {
	From, To time.Time
	Bars     []bar
	Ticks    []tick
}

// strip lays the shifts of a rotation out on a line from the first to the last.
func strip(o *OnCall) timeline {
	if len(o.Shifts) == 0 {
		return timeline{}
	}
	t := timeline{From: o.Shifts[0].From, To: o.Shifts[len(o.Shifts)-1].To}
	whole := t.To.Sub(t.From)
	if whole <= 0 {
		return timeline{}
	}
	percent := func(d time.Duration) float64 { return 100 * d.Seconds() / whole.Seconds() }
	for i, s := range o.Shifts {
		share := percent(s.To.Sub(s.From))
		b := bar{
			Shift: s, Odd: i%2 == 1, Text: shortName(s.Person.Text, share, stripLetters), Short: shortName(s.Person.Text, share, phoneLetters),
			X: fmt.Sprintf("%.2f%%", percent(s.From.Sub(t.From))),
			W: fmt.Sprintf("%.2f%%", share),
		}
		if b.Short == b.Text {
			b.Short = ""
		}
		t.Bars = append(t.Bars, b)
	}
	days := int(whole.Hours()/24) + 1
	every := (days + 5) / 6 // five or six labels fit on a phone
	y, m, d := t.From.Date()
	for i := 1; i <= days; i++ {
		midnight := time.Date(y, m, d+i, 0, 0, 0, 0, t.From.Location())
		if !midnight.Before(t.To) {
			break
		}
		x := percent(midnight.Sub(t.From))
		mark := tick{X: fmt.Sprintf("%.2f%%", x)}
		if (i-1)%every == 0 && x < 94 {
			mark.Text = midnight.Format("Mon 2")
		}
		t.Ticks = append(t.Ticks, mark)
	}
	return t
}

// How many letters of a name the whole strip has room for, about.
const (
	stripLetters = 90
	phoneLetters = 42
)

// shortName fits a name into a part of a strip that is so many letters wide: the whole
// name, the first name, or initials.
func shortName(name string, percent float64, letters int) string {
	words := strings.Fields(name)
	room := int(percent*float64(letters)/100) - 1 // and a margin on each side
	switch {
	case len(words) == 0 || utf8.RuneCountInString(name) <= room:
		return name
	case utf8.RuneCountInString(words[0]) <= room:
		return words[0]
	case room < 0:
		return ""
	}
	var initials []rune
	for _, w := range words[:min(len(words), 2)] {
		initials = append(initials, []rune(w)[0])
	}
	return string(initials)
}

// piece is a part of a text: plain, or code.
type piece struct {
	Text string
	Code bool
}

// ticked takes a text apart at its backticks, as messages and rules use them. One
// without a partner stays as it is.
func ticked(text string) []piece {
	var pieces []piece
	for {
		before, rest, found := strings.Cut(text, "`")
		code, after, closed := strings.Cut(rest, "`")
		if !found || !closed {
			return append(pieces, piece{Text: text})
		}
		pieces = append(pieces, piece{Text: before}, piece{Text: code, Code: true})
		text = after
	}
}

// paragraphs splits a text at its blank lines.
func paragraphs(text string) []string {
	var out []string
	for p := range strings.SplitSeq(text, "\n\n") {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}
