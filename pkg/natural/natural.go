// Package natural orders names as people read them: dep2 before dep10, ignoring case.
package natural

import (
	"cmp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Compare compares two names. Digits in a row count as one number. Names that differ
// in case or in leading zeros only are told apart, so that every order is the same.
func Compare(a, b string) int {
	restA, restB := a, b
	for restA != "" && restB != "" {
		if isDigit(restA[0]) && isDigit(restB[0]) {
			numberA, numberB := digits(restA), digits(restB)
			if c := compareNumbers(numberA, numberB); c != 0 {
				return c
			}
			restA, restB = restA[len(numberA):], restB[len(numberB):]
			continue
		}
		letterA, sizeA := utf8.DecodeRuneInString(restA)
		letterB, sizeB := utf8.DecodeRuneInString(restB)
		if c := cmp.Compare(unicode.ToLower(letterA), unicode.ToLower(letterB)); c != 0 {
			return c
		}
		restA, restB = restA[sizeA:], restB[sizeB:]
	}
	return cmp.Or(cmp.Compare(len(restA), len(restB)), strings.Compare(a, b))
}

// digits returns the digits that a text begins with.
func digits(text string) string {
	n := 0
	for n < len(text) && isDigit(text[n]) {
		n++
	}
	return text[:n]
}

// compareNumbers compares numbers of any length by their digits.
func compareNumbers(a, b string) int {
	a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b))
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
