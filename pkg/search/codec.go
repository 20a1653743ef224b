package search

import (
	"cmp"
	"errors"
	"slices"
	"strings"
)

// The index writes numbers as text: every character of digits is worth six bits,
// none needs escaping in a script, and a web server's gzip takes back what is lost.
const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_"

var digitValues = func() (values [256]int8) {
	for i := range values {
		values[i] = -1
	}
	for i := range len(digits) {
		values[digits[i]] = int8(i)
	}
	return values
}()

var errDamaged = errors.New("the search index is damaged: build the site again")

// appendNumber writes n ≥ 0 in groups of five bits, lowest first; the sixth bit says
// that another group follows.
func appendNumber(b []byte, n int) []byte {
	for ; n >= 32; n >>= 5 {
		b = append(b, digits[32|n&31])
	}
	return append(b, digits[n])
}

// numbers reads what appendNumber wrote. The first error sticks.
type numbers struct {
	text string
	at   int
	err  error
}

func (r *numbers) more() bool { return r.err == nil && r.at < len(r.text) }

func (r *numbers) next() int {
	n := 0
	if r.err != nil {
		return 0
	}
	for shift := 0; shift < 30; shift += 5 {
		if r.at >= len(r.text) || digitValues[r.text[r.at]] < 0 {
			break
		}
		d := int(digitValues[r.text[r.at]])
		r.at++
		n |= d & 31 << shift
		if d < 32 {
			return n
		}
	}
	r.err = errDamaged
	return 0
}

// digit reads one character.
func (r *numbers) digit() int {
	if r.err != nil || r.at >= len(r.text) || digitValues[r.text[r.at]] < 0 {
		r.err = errDamaged
		return 0
	}
	r.at++
	return int(digitValues[r.text[r.at-1]])
}

// zigzag makes small numbers of small negative ones.
func zigzag(n int) int {
	if n < 0 {
		return -2*n - 1
	}
	return 2 * n
}

func unzigzag(n int) int {
	if n&1 == 1 {
		return -(n + 1) / 2
	}
	return n / 2
}

// column is one value per row: a dictionary, and a code of Width characters per row.
// Value 0 is the empty string. Where another column decides most of the values (an
// owner has one rotation), Given names it: code 0 then means the value that Usual
// has for the other column's value, and code n+1 means value n.
type column struct {
	Values []string `json:"v"`
	Width  int      `json:"w"`
	Codes  string   `json:"c"`
	Given  string   `json:"g,omitempty"`
	Usual  string   `json:"u,omitempty"`
}

// newColumn codes one value per row. given may be nil.
func newColumn(rows []string, givenName string, given []int) column {
	values, codes := dictionary(rows)
	c := column{Values: values, Width: width(len(values) + 1)}
	if given == nil {
		c.Codes = fixed(codes, c.Width)
		return c
	}
	usual := usualCodes(codes, given)
	for i, code := range codes {
		if usual[given[i]] == code {
			codes[i] = 0
		} else {
			codes[i] = code + 1
		}
	}
	c.Given, c.Usual, c.Codes = givenName, fixed(usual, c.Width), fixed(codes, c.Width)
	return c
}

// usualCodes returns for each value of the given column the code that most often
// goes with it, the lowest of equals.
func usualCodes(codes, given []int) []int {
	most := 0
	counts := map[[2]int]int{}
	for i, code := range codes {
		counts[[2]int{given[i], code}]++
		most = max(most, given[i])
	}
	usual, best := make([]int, most+1), make([]int, most+1)
	for pair, n := range counts {
		g, code := pair[0], pair[1]
		if n > best[g] || n == best[g] && code < usual[g] {
			usual[g], best[g] = code, n
		}
	}
	return usual
}

// decode returns the code of each row and the values.
func (c *column) decode(given []int) ([]int, error) {
	codes, err := unfixed(c.Codes, c.Width)
	if err != nil || c.Given == "" {
		return codes, err
	}
	usual, err := unfixed(c.Usual, c.Width)
	if err != nil {
		return nil, err
	}
	if len(given) != len(codes) {
		return nil, errDamaged
	}
	for i, code := range codes {
		switch {
		case code > 0:
			codes[i] = code - 1
		case given[i] < len(usual):
			codes[i] = usual[given[i]]
		default:
			return nil, errDamaged
		}
	}
	return codes, nil
}

// dictionary returns the distinct values, the empty one first and then the most
// frequent first, and the place of each row's value among them.
func dictionary(rows []string) (values []string, codes []int) {
	count := map[string]int{"": 0}
	for _, v := range rows {
		count[v]++
	}
	values = make([]string, 0, len(count))
	for v := range count {
		values = append(values, v)
	}
	slices.SortFunc(values, func(a, b string) int {
		if (a == "") != (b == "") {
			return cmp.Compare(len(a), len(b))
		}
		return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a, b))
	})
	place := make(map[string]int, len(values))
	for i, v := range values {
		place[v] = i
	}
	codes = make([]int, len(rows))
	for i, v := range rows {
		codes[i] = place[v]
	}
	return values, codes
}

// width is how many digits hold every number below n.
func width(n int) int {
	w := 1
	for limit := 64; n > limit; limit *= 64 {
		w++
	}
	return w
}

func fixed(codes []int, width int) string {
	b := make([]byte, 0, len(codes)*width)
	for _, n := range codes {
		for shift := 6 * (width - 1); shift >= 0; shift -= 6 {
			b = append(b, digits[n>>shift&63])
		}
	}
	return string(b)
}

func unfixed(text string, width int) ([]int, error) {
	if width < 1 || width > 5 || len(text)%width != 0 {
		return nil, errDamaged
	}
	codes := make([]int, len(text)/width)
	for i := range len(text) {
		d := digitValues[text[i]]
		if d < 0 {
			return nil, errDamaged
		}
		codes[i/width] = codes[i/width]<<6 | int(d)
	}
	return codes, nil
}

// setColumn is any number of values per row: their count, then their codes. If no row
// has more than one, it is an ordinary column instead.
type setColumn struct {
	Values []string `json:"v,omitempty"`
	Codes  string   `json:"c,omitempty"`
	One    *column  `json:"o,omitempty"`
}

// newField returns a column of at most one value per row where rows allow it. Of the
// columns that may decide it, by name, the one that leaves the fewest exceptions does:
// a cost centre mostly follows from the owner.
func newField(rows [][]string, deciders []string, codes map[string][]int) setColumn {
	single := make([]string, len(rows))
	for i, row := range rows {
		if len(row) > 1 {
			return newSetColumn(rows)
		}
		if len(row) == 1 {
			single[i] = row[0]
		}
	}
	best := newColumn(single, "", nil)
	fewest := exceptions(best.Codes)
	for _, name := range deciders {
		c := newColumn(single, name, codes[name])
		if n := exceptions(c.Codes); n < fewest {
			best, fewest = c, n
		}
	}
	return setColumn{One: &best}
}

func exceptions(codes string) int { return len(codes) - strings.Count(codes, digits[:1]) }

func newSetColumn(rows [][]string) setColumn {
	var all []string
	for _, row := range rows {
		all = append(all, row...)
	}
	values, codes := dictionary(all)
	var b []byte
	for _, row := range rows {
		b = appendNumber(b, len(row))
		for range row {
			b = appendNumber(b, codes[0])
			codes = codes[1:]
		}
	}
	return setColumn{Values: values, Codes: string(b)}
}

// decode returns the codes of each row and the values.
func (c *setColumn) decode(rows int, given map[string][]int) ([][]int, []string, error) {
	if c.One != nil {
		sets, err := c.One.decodeSets(rows, given[c.One.Given])
		return sets, c.One.Values, err
	}
	r := numbers{text: c.Codes}
	out := make([][]int, rows)
	for i := range out {
		for range r.next() {
			code := r.next()
			if r.err != nil || code >= len(c.Values) {
				return nil, nil, errDamaged
			}
			out[i] = append(out[i], code)
		}
	}
	return out, c.Values, r.err
}

// decodeSets decodes a column as sets of one value or none.
func (c *column) decodeSets(rows int, given []int) ([][]int, error) {
	codes, err := c.decode(given)
	if err != nil || len(codes) != rows || slices.ContainsFunc(codes, outside(c.Values)) {
		return nil, errDamaged
	}
	out := make([][]int, rows)
	for i, code := range codes {
		if code > 0 {
			out[i] = []int{code}
		}
	}
	return out, nil
}

// sparse holds texts that few rows have: for each such row the distance from the one
// before, the number of texts, and the texts in order.
type sparse struct {
	Rows  string   `json:"r"`
	Texts []string `json:"v"`
}

func newSparse(rows [][]string) sparse {
	s := sparse{Texts: []string{}}
	var b []byte
	last := 0
	for i, texts := range rows {
		if len(texts) == 0 {
			continue
		}
		b = appendNumber(appendNumber(b, i-last), len(texts))
		last = i
		s.Texts = append(s.Texts, texts...)
	}
	s.Rows = string(b)
	return s
}

func (s *sparse) decode(rows int) ([][]string, error) {
	out := make([][]string, rows)
	r, row, at := numbers{text: s.Rows}, 0, 0
	for r.more() {
		row += r.next()
		n := r.next()
		if r.err != nil || row >= rows || at+n > len(s.Texts) {
			return nil, errDamaged
		}
		out[row] = s.Texts[at : at+n]
		at += n
	}
	return out, r.err
}

// frontCode writes sorted words that hold no space: each as a digit for how many
// letters it shares with the one before, and the rest.
func frontCode(sorted []string) string {
	var b strings.Builder
	var last []rune
	for i, w := range sorted {
		letters := []rune(w)
		n := 0
		for n < len(letters) && n < len(last) && n < 63 && letters[n] == last[n] {
			n++
		}
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteByte(digits[n])
		b.WriteString(string(letters[n:]))
		last = letters
	}
	return b.String()
}

func unfrontCode(text string) ([]string, error) {
	if text == "" {
		return nil, nil
	}
	out := strings.Split(text, " ")
	var last []rune
	for i, w := range out {
		if w == "" || digitValues[w[0]] < 0 || int(digitValues[w[0]]) > len(last) {
			return nil, errDamaged
		}
		last = append(last[:digitValues[w[0]]], []rune(w[1:])...)
		out[i] = string(last)
	}
	return out, nil
}
