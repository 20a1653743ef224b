package diagram

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Type sizes in CSS pixels. The stylesheet must not make the text larger.
const (
	labelSize = 13
	subSize   = 11
)

// ellipsis marks where a text was shortened.
const ellipsis = '…'

// boldness is how much wider the label of the focus may be for being bold.
const boldness = 1.16

// asciiWidths are advance widths of the characters from blank to tilde, in
// thousandths of an em. Which font system-ui is, only the reader's browser
// knows, so each is the larger of DejaVu Sans (the widest of the fonts in use)
// and Arial; Segoe UI, Roboto and San Francisco are narrower.
var asciiWidths = [...]int16{
	318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, // blank to /
	636, 636, 636, 636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 556, // 0 to ?
	1015, 684, 686, 722, 770, 667, 611, 778, 752, 295, 500, 667, 557, 863, 748, 787, // @ to O
	667, 787, 722, 667, 611, 732, 684, 989, 685, 667, 685, 390, 337, 390, 838, 556, // P to _
	500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612, // ` to o
	635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838, // p to ~
}

// advance estimates the width of a character in thousandths of an em,
// generously: a label may end before its box does, never after.
func advance(r rune) int {
	switch {
	case ' ' <= r && r <= '~':
		return int(asciiWidths[r-' '])
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	case r < 0xC0: // signs and the middle dot
		return 640
	case r < 0x0590: // Latin, Greek and Cyrillic
		if unicode.IsUpper(r) {
			return 860
		}
		return 740
	case r < 0x0780: // Hebrew and Arabic
		return 800
	case 0x1F000 <= r && r < 0x20000: // pictures
		return 1400
	}
	return 1050 // the rest, Chinese, Japanese and Korean among it, is about 1 em
}

// width estimates the width of text in pixels at a type size.
func width(text string, size float64) float64 {
	sum := 0
	for _, r := range text {
		sum += advance(r)
	}
	return float64(sum) * size / 1000
}

// mostMarks is how many combining marks may sit on one character.
const mostMarks = 3

// clean makes one line of a text that may hold anything: blanks of any kind
// become single ones; control characters, those that turn the direction of
// writing, and marks piled on one another are left out.
func clean(text string) string {
	if plain(text) {
		return text
	}
	marks := 0
	text = strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Mn, unicode.Me) {
			marks++
		} else {
			marks = 0
		}
		switch {
		case unicode.IsSpace(r):
			return ' '
		case marks > mostMarks, unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r == 0xFEFF:
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
	return strings.Join(strings.Fields(text), " ")
}

// plain reports whether a text is printable ASCII with single blanks inside.
func plain(text string) bool {
	last := byte(' ')
	for i := range len(text) {
		c := text[i]
		if c < ' ' || c > '~' || c == ' ' && last == ' ' {
			return false
		}
		last = c
	}
	return last != ' ' || text == ""
}

// shorten returns text if it fits into limit pixels, else as much of its start
// and end as does with an ellipsis between: names that share a prefix and names
// that share a suffix both stay apart.
func shorten(text string, size, limit float64) string {
	if width(text, size) <= limit {
		return text
	}
	runes := []rune(text)
	room := int(limit*1000/size) - advance(ellipsis) // thousandths of an em
	head, tail := 0, len(runes)
	for front := room * 3 / 5; head < tail && advance(runes[head]) <= front; head++ {
		front -= advance(runes[head])
		room -= advance(runes[head])
	}
	for ; tail > head && advance(runes[tail-1]) <= room; tail-- {
		room -= advance(runes[tail-1])
	}
	for tail < len(runes) && advance(runes[tail]) == 0 { // marks whose character is gone
		tail++
	}
	return strings.TrimRight(string(runes[:head]), " ") + string(ellipsis) + strings.TrimLeft(string(runes[tail:]), " ")
}

// Clean makes one line of a text that may hold anything; see clean.
func Clean(text string) string { return clean(text) }

// TextWidth estimates, generously, how wide a text is at a type size, both in pixels.
func TextWidth(text string, size float64) float64 { return width(text, size) }

// Wrap breaks a text into lines of at most limit pixels at a type size, and at most most
// of them: between words, within a word only if it is too long by itself. What is left
// out is marked by an ellipsis. Line breaks in the text stay. Each line is clean.
func Wrap(text string, size, limit float64, most int) []string {
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		line = clean(line)
		if line == "" && len(lines) == 0 {
			continue
		}
		lines = append(lines, balanced(line, size, limit, most+1-len(lines))...)
		if len(lines) > most {
			lines = append(lines[:most-1], leftOff(lines[most-1], size, limit))
			break
		}
	}
	for len(lines) > 0 && lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}

// leftOff marks at the end of a line that there was more.
func leftOff(line string, size, limit float64) string {
	for line != "" && width(line+" "+string(ellipsis), size) > limit {
		_, n := utf8.DecodeLastRuneInString(line)
		line = strings.TrimRight(line[:len(line)-n], " ")
	}
	return line + " " + string(ellipsis)
}

// balanced breaks a clean text into as few lines as fit, which are about equally long.
func balanced(text string, size, limit float64, most int) []string {
	lines := wrapLine(text, size, limit, most)
	if n := len(lines); n > 1 && n < most {
		even := width(text, size) / float64(n)
		for k := 1.04; even*k < limit; k += 0.08 {
			if tight := wrapLine(text, size, even*k, n+1); len(tight) == n {
				return tight
			}
		}
	}
	return lines
}

// wrapLine breaks a clean text into lines, and stops after most.
func wrapLine(text string, size, limit float64, most int) []string {
	var lines []string
	for len(lines) < most {
		cut := fitting(text, size, limit)
		if cut == len(text) {
			return append(lines, text)
		}
		lines = append(lines, strings.TrimRight(text[:cut], " "))
		text = strings.TrimLeft(text[cut:], " ")
	}
	return lines
}

// fitting returns how many bytes of a text stand in one line.
func fitting(text string, size, limit float64) int {
	room := int(limit * 1000 / size)
	blank, sign := 0, 0 // after the last blank, and after the last sign at which a word may be broken
	for i, r := range text {
		if r == ' ' {
			blank = i + 1
		}
		if room -= advance(r); room < 0 && i > 0 && r != ' ' {
			switch {
			case blank > 0:
				return blank
			case sign > 0:
				return sign
			}
			return i
		}
		if strings.ContainsRune("/-_.,:;)", r) && i > 0 {
			sign = i + utf8.RuneLen(r)
		}
	}
	return len(text)
}
