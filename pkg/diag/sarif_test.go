package diag

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func parseSARIF(t *testing.T, r Report) sarifRun {
	t.Helper()
	dec := json.NewDecoder(strings.NewReader(printed(t, "sarif", false, r)))
	dec.DisallowUnknownFields()
	var log sarifLog
	if err := dec.Decode(&log); err != nil {
		t.Fatal(err)
	}
	if log.Version != "2.1.0" || len(log.Runs) != 1 {
		t.Fatalf("got version %q and %d runs", log.Version, len(log.Runs))
	}
	return log.Runs[0]
}

// What the standard asks for beyond types: results point to their rule, rules
// have one id each, and regions are not turned round.
func TestSARIFIsConsistent(t *testing.T) {
	run := parseSARIF(t, sample())
	rules := run.Tool.Driver.Rules
	var ids []string
	for _, rule := range rules {
		ids = append(ids, rule.ID)
	}
	if !slices.IsSorted(ids) || len(slices.Compact(slices.Clone(ids))) != len(ids) {
		t.Errorf("rules are not sorted and unique: %v", ids)
	}
	if len(run.Results) != len(sample().Diagnostics) {
		t.Errorf("got %d results, want %d", len(run.Results), len(sample().Diagnostics))
	}
	for _, res := range run.Results {
		if rules[res.RuleIndex].ID != res.RuleID {
			t.Errorf("result of %s points to rule %s", res.RuleID, rules[res.RuleIndex].ID)
		}
		for _, l := range slices.Concat(res.Locations, res.Related) {
			r := l.Physical.Region
			if r.StartLine < 1 || r.EndLine != 0 && (Pos{r.EndLine, r.EndColumn}).Before(Pos{r.StartLine, r.StartColumn}) {
				t.Errorf("%s has the region %+v", res.RuleID, r)
			}
		}
	}
}

func TestSARIFArtifact(t *testing.T) {
	tests := []struct{ file, want string }{
		{"services/ledger/service.yaml", "services/ledger/service.yaml"},
		{"a b/100%/#1?.md", "a%20b/100%25/%231%3F.md"},
		{"straße/日本.md", "stra%C3%9Fe/%E6%97%A5%E6%9C%AC.md"},
		{"javascript:alert(1)", "./javascript:alert%281%29"},
		{"a\nb\x1b\xff", "a%0Ab%1B%FF"},
	}
	for _, tt := range tests {
		want := sarifArtifact{tt.want, "%SRCROOT%"}
		if diff := cmp.Diff(want, artifact(tt.file)); diff != "" {
			t.Errorf("%q: %s", tt.file, diff)
		}
	}
}

func prints(t *testing.T, r Report) []string {
	var out []string
	for _, res := range parseSARIF(t, r).Results {
		out = append(out, res.Fingerprints[sarifFingerprint])
	}
	return out
}

// A service must know a finding again when lines were added above it or its line
// was indented, and must tell two equal lines apart.
func TestFingerprintsFollowTheLine(t *testing.T) {
	report := func(source string, lines ...int) Report {
		r := Report{Source: func(string) []byte { return []byte(source) }}
		for _, n := range lines {
			r.Diagnostics = append(r.Diagnostics, Diagnostic{
				Span: Span{"f.yaml", Pos{n, 1}, Pos{n, 2}}, Severity: Error, Code: "c", Message: "m",
			})
		}
		return r
	}
	before := prints(t, report("owner: x\nowner: x\nname: y\n", 1, 2, 3))
	after := prints(t, report("# new\n\n  owner: x\nowner: x\nname: y\n", 3, 4, 5))
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("fingerprints changed with a line shift:\n%s", diff)
	}
	sorted := slices.Sorted(slices.Values(before))
	if len(slices.Compact(sorted)) != 3 {
		t.Errorf("fingerprints are not told apart: %v", before)
	}
	if other := prints(t, report("owner: other\n", 1)); other[0] == before[0] {
		t.Error("another line has the same fingerprint")
	}
}
