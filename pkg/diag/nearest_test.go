package diag

import (
	"strings"
	"testing"
)

func TestNearest(t *testing.T) {
	kinds := []string{"service", "team", "person", "API", "document", "rotation", "owner"}
	tests := []struct {
		name, word string
		candidates []string
		want       string // empty: nothing is near enough
	}{
		{"one letter wrong", "servise", kinds, "service"},
		{"two letters missing", "srvce", []string{"service"}, ""},
		{"two mistakes in a longer word", "roattoin", kinds, "rotation"},
		{"neighbours swapped count once", "taem", kinds, "team"},
		{"case is ignored", "api", kinds, "API"},
		{"plural", "services", kinds, "service"},
		{"nothing near", "kubernetes", kinds, ""},
		{"a short word is not turned into another", "db", []string{"os", "ai"}, ""},
		{"a short word with one mistake", "id", []string{"ip", "sla"}, "ip"},
		{"one letter has no neighbour", "a", []string{"b"}, ""},
		{"ties go to the alphabetically first", "cat", []string{"rat", "hat", "bat"}, "bat"},
		{"the nearer wins over the earlier", "owners", []string{"onwerx", "owner"}, "owner"},
		{"the word itself is no advice", "team", []string{"team"}, ""},
		{"characters, not bytes", "größe", []string{"grosse", "größer"}, "größer"},
		{"empty word", "", kinds, ""},
		{"empty candidates", "team", []string{"", ""}, ""},
		{"absurdly long word", strings.Repeat("a", 5000), []string{strings.Repeat("a", 4999)}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := Nearest(tt.word, tt.candidates)
			if got != tt.want || ok != (tt.want != "") {
				t.Errorf("Nearest(%q) = %q, %v, want %q", tt.word, got, ok, tt.want)
			}
		})
	}
}

func TestNearestLeavesCandidatesAlone(t *testing.T) {
	candidates := []string{"team", "service", "person"}
	Nearest("persom", candidates)
	if strings.Join(candidates, " ") != "team service person" {
		t.Errorf("candidates were reordered: %v", candidates)
	}
}

func TestSameLettersAndSlips(t *testing.T) {
	for _, c := range []struct {
		word, meant string
		same, slip  bool
	}{
		{"In Progress", "in-progress", true, true},
		{"dataResidency", "data_residency", true, true},
		{"us", "uk", false, false},
		{"rpo", "rto", false, false}, // too short to tell
		{"teir", "tier", false, true},
		{"ownr", "owner", false, true},
		{"lifecyycle", "lifecycle", false, true},
		{"lifecicel", "lifecycle", false, false},
		{strings.Repeat("a", 1<<20), "production", false, false},
	} {
		if got := SameLetters(c.word, c.meant); got != c.same {
			t.Errorf("SameLetters(%.20q, %q) = %t, want %t", c.word, c.meant, got, c.same)
		}
		if got := IsSlip(c.word, c.meant); got != c.slip {
			t.Errorf("IsSlip(%.20q, %q) = %t, want %t", c.word, c.meant, got, c.slip)
		}
	}
}
