package diag

import "strings"

// longestWord bounds what Nearest compares, in characters: the work grows with
// the product of the lengths, and nobody mistypes a name this long.
const longestWord = 200

// Nearest returns the candidate that word was most likely meant to be, for
// "did you mean". Letter case is ignored, two swapped neighbours count as one
// mistake, and a longer word may hold more mistakes than a short one. Of several
// equally near candidates the alphabetically first is taken. It reports false if
// none is near enough to be worth saying.
func Nearest(word string, candidates []string) (string, bool) {
	typed := []rune(strings.ToLower(word))
	if len(typed) == 0 || len(typed) > longestWord {
		return "", false
	}
	best, found := "", false
	limit := tolerance(len(typed))
	for _, c := range candidates {
		meant := []rune(strings.ToLower(c))
		// Every character of the difference in length is a mistake of its own.
		tooLong, tooShort := len(meant)-len(typed) > limit, len(typed)-len(meant) > limit
		if len(meant) == 0 || c == word || tooLong || tooShort {
			continue
		}
		d := distance(typed, meant)
		if d < limit || d == limit && (!found || c < best) {
			best, found, limit = c, true, d
		}
	}
	return best, found
}

// SameLetters reports whether two words differ in letter case, hyphens,
// underscores and spaces alone, so that there is no doubt that one was meant for
// the other.
func SameLetters(a, b string) bool { return lettersOf(a) == lettersOf(b) }

func lettersOf(word string) string {
	return strings.NewReplacer("-", "", "_", "", " ", "").Replace(strings.ToLower(word))
}

// shortestSlip is how many characters a word must have for one slip to leave it
// recognisable: of three letters one is too much ("rpo" and "rto").
const shortestSlip = 4

// IsSlip reports whether a word is another with one slip of the fingers: a
// character too many, missing or wrong, or two neighbours swapped.
func IsSlip(word, meant string) bool {
	typed, want := []rune(strings.ToLower(word)), []rune(strings.ToLower(meant))
	if d := len(typed) - len(want); len(want) < shortestSlip || len(want) > longestWord || d > 1 || d < -1 {
		return false // whatever the characters are
	}
	return distance(typed, want) <= 1
}

// tolerance is how many mistakes a word of n characters may hold and still be
// recognised. One in three keeps "db" from becoming "os", yet finds "yxaml".
func tolerance(n int) int {
	switch {
	case n <= 2:
		return min(n-1, 1)
	case n <= 5:
		return 1
	default:
		return min(n/3, 5)
	}
}

// distance counts the insertions, deletions, replacements and swaps of
// neighbours that turn a into b, where no character is touched twice.
func distance(a, b []rune) int {
	before, above, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range above {
		above[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			replace := above[j-1]
			if a[i-1] != b[j-1] {
				replace++
			}
			row[j] = min(above[j]+1, row[j-1]+1, replace)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, above, row = above, row, before
	}
	return above[len(b)]
}
