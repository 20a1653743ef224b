package source

import (
	"strconv"
	"strings"
)

// resolve says what a plain scalar without a tag is, by the core schema of YAML
// 1.2, in which yes, no, on and off are text. Dates are text too.
func resolve(text string) Kind {
	if text == "" {
		return Null
	}
	switch c := text[0]; {
	case c >= '0' && c <= '9', c == '+', c == '-', c == '.':
		if _, form := parseNumber(text); form != notNumber {
			return Number
		}
	case strings.IndexByte("~nN", c) >= 0:
		if isNull(text) {
			return Null
		}
	case strings.IndexByte("tTfF", c) >= 0:
		if isBool(text) {
			return Bool
		}
	}
	return String
}

func isNull(text string) bool {
	return text == "" || text == "~" || text == "null" || text == "Null" || text == "NULL"
}

func isBool(text string) bool {
	switch text {
	case "true", "True", "TRUE", "false", "False", "FALSE":
		return true
	}
	return false
}

// form is how a number is written.
type form uint8

const (
	notNumber    form = iota
	integer           // also hexadecimal, 0o octal and 0b binary
	leadingZero       // 0644: eight-based for some readers, ten-based for others
	fraction          // with a point or an exponent
	notFinite         // .inf, .nan
	unmanageable      // so long or so large that nobody can compute with it
)

const (
	// longestNumber is more characters than a float64 written out in full needs.
	longestNumber = 400
	// largestExponent is that of float64. 1e999999999 is ten characters here, and
	// a gigabyte for whoever computes with it exactly.
	largestExponent = 308
)

// parseNumber reads a number in any of the spellings of YAML and returns it as
// JSON writes it.
func parseNumber(text string) (string, form) {
	sign, digits := "", text
	if digits != "" && (digits[0] == '-' || digits[0] == '+') {
		if digits[0] == '-' {
			sign = "-"
		}
		digits = digits[1:]
	}
	switch {
	case digits == "" || digits[0] != '.' && !isDigit(digits[0]):
		return "", notNumber
	case isNotFinite(digits) && (sign == "" || !strings.EqualFold(digits, ".nan")):
		return "", notFinite
	}
	if strings.IndexByte(digits, '_') >= 0 {
		var ok bool
		if digits, ok = ungroup(digits); !ok {
			return "", notNumber
		}
	}
	if base := baseOf(digits); base != 10 {
		return parseBased(sign, digits[2:], base)
	}
	return parseDecimal(sign, digits)
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isNotFinite(digits string) bool {
	switch digits {
	case ".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN":
		return true
	}
	return false
}

// ungroup drops the underscores of 1_000. They may stand between digits only.
func ungroup(s string) (string, bool) {
	if strings.HasSuffix(s, "_") || strings.Contains(s, "__") {
		return "", false
	}
	return strings.ReplaceAll(s, "_", ""), true
}

func baseOf(digits string) int {
	if len(digits) > 2 && digits[0] == '0' {
		switch digits[1] {
		case 'x':
			return 16
		case 'o':
			return 8
		case 'b':
			return 2
		}
	}
	return 10
}

func parseBased(sign, digits string, base int) (string, form) {
	n, err := strconv.ParseUint(digits, base, 64)
	switch {
	case err == nil:
		return sign + strconv.FormatUint(n, 10), integer
	case err.(*strconv.NumError).Err == strconv.ErrRange:
		return "", unmanageable
	default:
		return "", notNumber
	}
}

// parseDecimal reads digits, point, digits, exponent; each part may be missing,
// but not all digits.
func parseDecimal(sign, s string) (string, form) {
	whole, rest := cutDigits(s)
	var decimals, exponent string
	if strings.HasPrefix(rest, ".") {
		decimals, rest = cutDigits(rest[1:])
	}
	if whole == "" && decimals == "" {
		return "", notNumber
	}
	if rest != "" && (rest[0] == 'e' || rest[0] == 'E') {
		exponent, rest = cutExponent(rest[1:])
		if exponent == "" {
			return "", notNumber
		}
	}
	switch {
	case rest != "":
		return "", notNumber
	case len(s) > longestNumber || tooLarge(whole, exponent):
		return "", unmanageable
	case len(whole) == len(s) && len(s) > 1 && s[0] == '0':
		return sign + fromLeadingZero(whole), leadingZero
	case len(whole) == len(s):
		return sign + whole, integer
	}
	out := sign + trimZeros(whole)
	if decimals != "" {
		out += "." + decimals
	}
	if exponent != "" {
		out += "e" + exponent
	}
	return out, fraction
}

// cutExponent cuts the sign and digits that follow an "e".
func cutExponent(s string) (exponent, rest string) {
	sign := ""
	if s != "" && (s[0] == '-' || s[0] == '+') {
		sign, s = strings.TrimPrefix(s[:1], "+"), s[1:]
	}
	digits, rest := cutDigits(s)
	if digits == "" {
		return "", rest
	}
	return sign + trimZeros(digits), rest
}

func cutDigits(s string) (digits, rest string) {
	i := 0
	for i < len(s) && isDigit(s[i]) {
		i++
	}
	return s[:i], s[i:]
}

func trimZeros(digits string) string {
	if digits = strings.TrimLeft(digits, "0"); digits == "" {
		return "0"
	}
	return digits
}

func tooLarge(whole, exponent string) bool {
	e := 0
	if exponent != "" {
		var err error
		if e, err = strconv.Atoi(exponent); err != nil || e < -largestExponent-16 {
			return true
		}
	}
	return len(strings.TrimLeft(whole, "0"))+e > largestExponent+1
}

// fromLeadingZero reads 0644 as most tools do, by YAML 1.1: eight-based if it
// can be, else ten-based.
func fromLeadingZero(digits string) string {
	if n, err := strconv.ParseUint(digits, 8, 64); err == nil {
		return strconv.FormatUint(n, 10)
	}
	return trimZeros(digits)
}
