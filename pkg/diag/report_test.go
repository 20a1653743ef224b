package diag

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the expected reports in testdata")

// files are the sources of the sample report; the hostile one has terminal
// escapes, text that runs backwards, wide characters and a very long line.
var files = map[string]string{
	"catalog/services/ledger/service.yaml": "apiVersion: signpost.dev/v1\nkind: service\nname: ledger\nowner: team:ledgerr\ntags:\n\t- 日本語 [go]\n",
	"catalog/a b,c:100%/hostile.yaml":      "title: \"\x1b[31mred\x1b[0m \u202egnp.exe \x9b\u009b\"\r\nx: " + strings.Repeat("é", 300) + "HERE" + strings.Repeat("z", 300) + "\n",
}

func sample() Report {
	at := func(file string, line, col, endLine, endCol int) Span {
		return Span{file, Pos{line, col}, Pos{endLine, endCol}}
	}
	ledger, hostile := "catalog/services/ledger/service.yaml", "catalog/a b,c:100%/hostile.yaml"
	return Report{
		Diagnostics: []Diagnostic{
			{
				Span: at(ledger, 6, 9, 6, 13), Severity: Info, Code: "tag-spelling",
				Message: "tag [go](https://evil.example) is unusual",
			},
			{
				Span: at(ledger, 4, 8, 4, 20), Severity: Error, Code: "owner-exists",
				Message: `owner "team:ledgerr" does not exist`, Hint: `did you mean "team:ledger"?`,
				Related: []Related{{at("catalog/teams/ledger.yaml", 3, 7, 3, 13), "the team is declared here"}},
				Fix: []Edit{
					{at(ledger, 4, 8, 4, 20), "team:ledger"},
					{at(ledger, 5, 1, 5, 1), "tier: 1\n"},
				},
			},
			{
				Span: at(hostile, 2, 304, 2, 308), Severity: Warning, Code: "long",
				Message: "far to the right", Hint: "break the line",
			},
			{
				Span: at(hostile, 1, 8, 1, 40), Severity: Error, Code: "source-hidden-character",
				Message: "bad\n::error file=x::%0A,: \x1b]0;owned\a \u2066 ]]> <b>&\" \x00\xff\U000e0041",
				Hint:    "remove\r\nit",
			},
			{
				Span: at(hostile, 1, 1, 2, 3), Severity: Warning, Code: "spread",
				Message: "two lines long",
			},
			{
				Span: Span{File: "signpost.yaml"}, Severity: Error, Code: "source-unreadable",
				Message: "permission denied", Hint: "make the file readable",
			},
			{Severity: Warning, Code: "empty-catalog", Message: "there is no entity at all"},
		},
		Summary: Summary{Entities: 45, Documents: 12, Files: 60, Errors: 3, Warnings: 3, Infos: 1, Silenced: 2},
		Rules: []Rule{
			{Code: "tag-spelling", Title: "Tags are spelled alike", Doc: "One thing has one tag.", Severity: Info},
			{Code: "owner-exists", Title: "Owners exist", Doc: "An entity's owner must be a team in the catalog.", Severity: Error},
			{Code: "doc-orphan", Title: "Documents belong to something", Doc: "A document needs an entity.", Severity: Off},
		},
		Source:  func(file string) []byte { return []byte(files[file]) },
		Version: "1.2.3",
	}
}

func printed(t *testing.T, format string, color bool, r Report) string {
	t.Helper()
	var out bytes.Buffer
	if err := Write(&out, format, color, r); err != nil {
		t.Fatalf("Write(%s): %v", format, err)
	}
	return out.String()
}

func TestWrite(t *testing.T) {
	tests := []struct {
		file, format string
		color        bool
		report       Report
	}{
		{"sample.txt", "text", false, sample()},
		{"sample-color.txt", "text", true, sample()},
		{"sample.json", "json", false, sample()},
		{"sample.sarif", "sarif", false, sample()},
		{"sample.github", "github", false, sample()},
		{"sample.junit.xml", "junit", false, sample()},
		{"empty.txt", "text", false, Report{}},
		{"empty.json", "json", false, Report{}},
		{"empty.sarif", "sarif", false, Report{}},
		{"empty.github", "github", false, Report{}},
		{"empty.junit.xml", "junit", false, Report{}},
		{"passed.junit.xml", "junit", false, Report{Rules: sample().Rules}},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			got := printed(t, tt.format, tt.color, tt.report)
			golden := filepath.Join("testdata", tt.file)
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("differs from %s (-want +got):\n%s", golden, diff)
			}
		})
	}
}

// Whatever stands in a message or a file, a report holds no character that could
// steer a terminal, except the colours asked for.
func TestWriteIsSafeToPrint(t *testing.T) {
	for _, format := range Formats {
		got := printed(t, format, false, sample())
		for i, r := range got {
			if r == unicode.ReplacementChar && format == "text" {
				t.Errorf("%s: broken text at byte %d", format, i)
			}
			if r != '\n' && hidden(r) {
				t.Errorf("%s: %U at byte %d: …%q", format, r, i, got[max(i-30, 0):i])
			}
		}
	}
}

func TestWriteSortsAndKeepsTheReport(t *testing.T) {
	r, turned := sample(), sample()
	n := len(r.Diagnostics)
	for i, d := range r.Diagnostics {
		turned.Diagnostics[n-1-i] = d
	}
	for _, format := range Formats {
		if diff := cmp.Diff(printed(t, format, false, r), printed(t, format, false, turned)); diff != "" {
			t.Errorf("%s depends on the order of findings:\n%s", format, diff)
		}
	}
	if diff := cmp.Diff(sample().Diagnostics, r.Diagnostics); diff != "" {
		t.Errorf("Write changed its argument:\n%s", diff)
	}
}

func TestWriteFailures(t *testing.T) {
	err := Write(io.Discard, "xml", false, Report{})
	if want := `unknown report format "xml"; the formats are text, json, sarif, github, junit`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	full := errors.New("disk full")
	for _, format := range Formats {
		if err := Write(failing{full}, format, false, sample()); !errors.Is(err, full) {
			t.Errorf("%s to a full disk: got %v", format, err)
		}
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

// The text format without sources still shows the hints.
func TestTextWithoutSource(t *testing.T) {
	r := sample()
	r.Source = nil
	r.Diagnostics = r.Diagnostics[1:2]
	want := `catalog/services/ledger/service.yaml:4:8: error: owner "team:ledgerr" does not exist [owner-exists]
    hint: did you mean "team:ledger"?
    catalog/teams/ledger.yaml:3:7: the team is declared here
`
	if diff := cmp.Diff(want, printed(t, "text", false, r)); diff != "" {
		t.Error(diff)
	}
}

func TestJSONKeepsTheData(t *testing.T) {
	var got jsonReport
	if err := json.Unmarshal([]byte(printed(t, "json", false, sample())), &got); err != nil {
		t.Fatal(err)
	}
	want := jsonReport{Summary: jsonSummary(sample().Summary)}
	for _, d := range Sort(sample().Diagnostics) {
		d.Message = strings.ToValidUTF8(d.Message, "\ufffd")
		want.Diagnostics = append(want.Diagnostics, toJSON(d))
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(jsonDiagnostic{}, jsonRelated{}, jsonEdit{})); diff != "" {
		t.Error(diff)
	}
}

func TestJUnitIsXML(t *testing.T) {
	var got junitSuites
	if err := xml.Unmarshal([]byte(printed(t, "junit", false, sample())), &got); err != nil {
		t.Fatal(err)
	}
	if got.Suite.Tests != 7 || got.Suite.Failures != 6 || len(got.Suite.Cases) != 7 {
		t.Errorf("got %d tests, %d failures, %d cases, want 7, 6, 7", got.Suite.Tests, got.Suite.Failures, len(got.Suite.Cases))
	}
}

func TestSummary(t *testing.T) {
	tests := []struct {
		summary Summary
		want    string
	}{
		{Summary{Entities: 45, Errors: 2, Warnings: 1}, "45 entities checked: 2 errors, 1 warning"},
		{Summary{Entities: 1, Documents: 1, Errors: 1, Warnings: 2, Infos: 1}, "1 entity and 1 document checked: 1 error, 2 warnings, 1 info"},
		{Summary{Documents: 3, Files: 3, Silenced: 1}, "3 documents checked: no findings, 1 silenced"},
		{Summary{Files: 2, Errors: 1}, "2 files checked: 1 error"},
		{Summary{}, "0 entities checked: no findings"},
	}
	for _, tt := range tests {
		if got := tt.summary.String(); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}
