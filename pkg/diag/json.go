package diag

import (
	"bufio"
	"bytes"
	"encoding/json"
)

// The JSON format is a contract: keys are added, never renamed or reordered.
// Lines and columns count from 1, columns in characters; 0 means the whole file.
type (
	jsonReport struct {
		Diagnostics []jsonDiagnostic `json:"diagnostics"`
		Summary     jsonSummary      `json:"summary"`
	}

	jsonPlace struct {
		File      string `json:"file"`
		Line      int    `json:"line"`
		Column    int    `json:"column"`
		EndLine   int    `json:"endLine"`
		EndColumn int    `json:"endColumn"`
	}

	jsonDiagnostic struct {
		jsonPlace
		Severity string        `json:"severity"`
		Code     string        `json:"code"`
		Message  string        `json:"message"`
		Hint     string        `json:"hint,omitempty"`
		Related  []jsonRelated `json:"related,omitempty"`
		Fix      []jsonEdit    `json:"fix,omitempty"`
	}

	jsonRelated struct {
		jsonPlace
		Message string `json:"message"`
	}

	// jsonEdit replaces the text of its place by New.
	jsonEdit struct {
		jsonPlace
		New string `json:"new"`
	}

	jsonSummary struct {
		Entities  int `json:"entities"`
		Documents int `json:"documents"`
		Files     int `json:"files"`
		Errors    int `json:"errors"`
		Warnings  int `json:"warnings"`
		Infos     int `json:"infos"`
		Silenced  int `json:"silenced"`
	}
)

func writeJSON(w *bufio.Writer, r Report) error {
	out := jsonReport{Diagnostics: []jsonDiagnostic{}, Summary: jsonSummary(r.Summary)}
	for _, d := range r.Diagnostics {
		out.Diagnostics = append(out.Diagnostics, toJSON(d))
	}
	return encode(w, out)
}

func toJSON(d Diagnostic) jsonDiagnostic {
	out := jsonDiagnostic{
		jsonPlace: place(d.Span),
		Severity:  d.Severity.String(),
		Code:      d.Code,
		Message:   d.Message,
		Hint:      d.Hint,
	}
	for _, r := range d.Related {
		out.Related = append(out.Related, jsonRelated{place(r.Span), r.Message})
	}
	for _, e := range d.Fix {
		out.Fix = append(out.Fix, jsonEdit{place(e.Span), e.New})
	}
	return out
}

func place(s Span) jsonPlace {
	return jsonPlace{File: s.File, Line: s.Start.Line, Column: s.Start.Col, EndLine: s.End.Line, EndColumn: s.End.Col}
}

// encode writes v as indented JSON that is safe to print.
func encode(w *bufio.Writer, v any) error {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return err
	}
	_, err := w.Write(escapeJSON(buf.Bytes()))
	return err
}
