package mermaid

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
)

var update = flag.Bool("update", false, "rewrite the golden drawings")

// TestGolden holds drawings, and what is said of them in words, against those in testdata.
func TestGolden(t *testing.T) {
	sources, err := filepath.Glob("testdata/*.mmd")
	if err != nil || len(sources) == 0 {
		t.Fatal("there are no diagrams", err)
	}
	for _, file := range sources {
		t.Run(filepath.Base(file), func(t *testing.T) {
			code, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			d, err := Parse(string(code))
			if err != nil {
				t.Fatal(err)
			}
			words := "\n"
			for _, w := range d.Words() {
				words += strings.Repeat("  ", w.Depth) + w.Text + "\n"
			}
			svg := string(d.SVG())
			if again := string(d.SVG()); again != svg {
				t.Error("drawn twice, it is not the same")
			}
			got := strings.ReplaceAll(svg, "><", ">\n<") + words
			golden := strings.TrimSuffix(file, ".mmd") + ".svg"
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
				t.Errorf("%s (-want +got); run the test with -update if it should be so:\n%s", golden, diff)
			}
		})
	}
}

// wordsOf reads a diagram and returns what it says, line by line.
func wordsOf(t *testing.T, code string) string {
	t.Helper()
	d, err := Parse(code)
	if err != nil {
		t.Errorf("%s: %v", code, err)
		return ""
	}
	var words []string
	for _, w := range d.Words() {
		words = append(words, w.Text)
	}
	return strings.Join(words, "; ")
}

func TestReading(t *testing.T) {
	for code, want := range map[string]string{
		"graph TD; A-->B":                                       "A → B",
		"graph TD;A-->B;":                                       "A → B",
		"graph\nA":                                              "A",
		"flowchart LR\nA & B --> C & D":                         "A → C; A → D; B → C; B → D",
		"flowchart LR\nA -->\nB -->\n\nC":                       "A → B; B → C",
		"flowchart LR\nA-->|x|B\nA-- y -->B":                    "A → B: x; A → B: y",
		"flowchart LR\nA ---|x| B":                              "A — B: x",
		"flowchart LR\nA <--> B\nC x--x D":                      "A ↔ B; C ↔ D",
		"flowchart LR\nA-.->B-.-C":                              "A → B; B — C",
		"flowchart LR\nA-. x .->B":                              "A → B: x",
		"flowchart LR\nA== x ==>B":                              "A → B: x",
		"flowchart LR\nA --- oB":                                "A — oB",
		"flowchart LR\nr::base --> r-x.y/z":                     "r::base → r-x.y/z",
		"flowchart LR\nA:::c --> B[b]:::c":                      "A → b",
		"flowchart LR\nA e1@--> B":                              "A → B",
		"flowchart LR\nA[\"a (b) [c]\"] --> B":                  "a (b) [c] → B",
		"flowchart LR\nA[\"`**bold** _x_`\"]":                   "bold x",
		"flowchart LR\nA[fa:fa-car a car]":                      "a car",
		"flowchart LR\nA[one<br>two]":                           "one two",
		"flowchart LR\nA[a #amp; b #35;1 &lt;]":                 "a & b #1 <",
		"flowchart LR\nA[<i>x</i> a < b]":                       "x a < b",
		"flowchart LR\nA --> S\nsubgraph S\nB\nend":             "A → S; S holds B",
		"flowchart LR\nsubgraph S [The title]\nB\nend\nS --> C": "The title → C; The title holds B",
		"flowchart LR\nsubgraph My group\nB\nend":               "My group holds B",
		"flowchart LR\nA e1@--> B\ne1@{ animate: true }":        "A → B",
		"flowchart LR\nA[\"`**b** _i_ snake_case_x`\"]":         "b i snake_case_x",
		"sequenceDiagram\nparticipant A@{ \"type\": \"database\", \"alias\": \"DB\" }\nA->>B: x": "DB → B: x",
		"flowchart LR\nEnd --> ending":                           "End → ending",
		"%%{init: {\"theme\": \"dark\"}}%%\nflowchart LR\nA-->B": "A → B",
		"flowchart LR\r\nA-->B\r\n":                              "A → B",
		"flowchart LR\nÄpfel --> 東京":                             "Äpfel → 東京",

		"sequenceDiagram\nA->>B: hi":                                       "A → B: hi",
		"sequenceDiagram\nparticipant A as Alice<br/>X\nA-->>A: self":      "Alice X → Alice X: self",
		"sequenceDiagram\nparticipant auth-xyz\nauth-xyz->>B: hi":          "auth-xyz → B: hi",
		"sequenceDiagram\nThe user->>My API: a: b":                         "The user → My API: a: b",
		"sequenceDiagram\nloop every\nA->>B: x\nend":                       "Repeated: every; A → B: x",
		"sequenceDiagram\nalt yes\nA->>B: x\nelse no\nB->>A: y\nend":       "Either: yes; A → B: x; Or: no; B → A: y",
		"sequenceDiagram\nautonumber\nA->>B: x\nB->>A: y":                  "1. A → B: x; 2. B → A: y",
		"sequenceDiagram\nautonumber 10 5\nA->>B: x\nB->>A: y":             "10. A → B: x; 15. B → A: y",
		"sequenceDiagram\nNote over A,B: both":                             "Note on A and B: both",
		"sequenceDiagram\nA->>+B: x\nB-->>-A: y":                           "A → B: x; B → A: y",
		"sequenceDiagram\nrect rgb(1,2,3)\nA->>B: x\nend":                  "A → B: x",
		"sequenceDiagram\nA<<->>B: x":                                      "A ↔ B: x",
		"sequenceDiagram\nbox Aqua Ours\nparticipant A\nend\nA->>B: x":     "A → B: x",
		"stateDiagram-v2\n[*] --> A\nA --> [*] : done":                     "start → A; A → end: done",
		"stateDiagram\nstate \"A long text\" as a\na --> b":                "A long text → b",
		"stateDiagram-v2\na : text\na --> b":                               "text → b",
		"stateDiagram-v2\nstate A {\nx --> y\n}\nA --> b":                  "x → y; A → b; A holds x, y",
		"stateDiagram-v2\nstate f <<fork>>\na --> f":                       "a → a fork",
		"stateDiagram-v2\nnote left of a : hello\na-->b":                   "hello — a; a → b",
		"stateDiagram-v2\nstate A {\nx\n--\ny\n--\nz\n}":                   "A holds a group, a group, a group; a group holds x; a group holds y; a group holds z",
		"sequenceDiagram\nA->>B: x;\nactivate B\ndeactivate B\nopt\nend\n": "A → B: x; Perhaps:",
	} {
		if got := wordsOf(t, code); got != want {
			t.Errorf("%q\n says %s\n want %s", code, got, want)
		}
	}
}

func TestMistakes(t *testing.T) {
	for code, want := range map[string]string{
		"":                            "1:1: the diagram is empty",
		"%% only\n":                   "2:1: the diagram is empty",
		"flowchrt LR":                 `1:1: there is no kind of diagram called "flowchrt" (did you mean "flowchart"?)`,
		"-->":                         "1:1: the diagram does not begin with its kind (begin it with flowchart, sequenceDiagram or stateDiagram-v2)",
		"flowchart UP\n":              `1:11: there is no direction "UP" (write TB, BT, LR or RL)`,
		"flowchart LR\n  ä --> ":      "2:9: the name of a box was to come, not the end of the diagram",
		"flowchart LR\n  A[x":         "2:4: the text that begins with [ has no end (close it with ])",
		"flowchart LR\n  A[a (b)]":    `2:7: "(" cannot stand in a text without quotes (put the text in quotes: ["…"])`,
		"flowchart LR\nA B":           `2:3: "B" cannot stand here: a line or the end of the statement was to come`,
		"flowchart LR\nA -- x":        "2:3: the line with a text has no end (end it with -->)",
		"flowchart LR\nA -->|x B":     "2:6: the text of the line has no end (close it with |)",
		"flowchart LR\nsubgraph x\nA": `2:1: the subgraph has no end (write "end" behind its last line)`,
		"flowchart LR\nend":           `2:1: "end" stands outside of a subgraph (if it is the name of a box, write "End")`,
		"flowchart LR\nA --> end":     `2:7: a box cannot be called "end" (write "End")`,
		"flowchart LR\nsubgraph S\nA\nend\nS-->A": "5:2: the line leads from a subgraph to what stands in it",
		"sequenceDiagram\nA->>B":                  "2:6: the message has no text (write a colon and the text)",
		"sequenceDiagram\nfoo bar":                `2:1: "foo" begins no statement, and there is no arrow in the line`,
		"sequenceDiagram\nloop x\nA->>B: y":       `2:1: "loop" has no end (write "end" behind its last line)`,
		"sequenceDiagram\nelse x":                 `2:1: "else" stands outside of "alt"`,
		"sequenceDiagram\nend":                    `2:1: "end" ends nothing`,
		"sequenceDiagram\nactivate X":             `2:11: there is no participant "X"`,
		"sequenceDiagram\nNote above A: x":        "2:6: the side of the note was to come (write left of, right of or over)",
		"stateDiagram-v2\nstate A {\nx":           "2:1: the state has no end (close it with })",
		"stateDiagram-v2\n}":                      "2:1: } closes nothing",
		"stateDiagram-v2\na --> ":                 `2:7: "" cannot stand here: the name of a state was to come`,
		"stateDiagram-v2\nstate c <<chance>>":     `2:11: there is no kind of state called "chance" (write choice, fork or join)`,
	} {
		_, err := Parse(code)
		var e *Error
		if !errors.As(err, &e) {
			t.Errorf("%q: got %v, want %s", code, err, want)
			continue
		}
		got := e.Error()
		if e.Hint != "" {
			got += " (" + e.Hint + ")"
		}
		if got != want {
			t.Errorf("%q\n got %s\nwant %s", code, got, want)
		}
	}
}

func TestOtherKinds(t *testing.T) {
	for _, code := range []string{"classDiagram\nA <|-- B", "erDiagram\n", "gantt\ntitle x", "pie title x", "mindmap\n", "gitGraph:\n", "C4Context\n"} {
		if _, err := Parse(code); !errors.Is(err, ErrNotDrawn) {
			t.Errorf("%q: got %v", code, err)
		}
	}
}

// What is hostile or huge is refused or stays small, and soon.
func TestLimits(t *testing.T) {
	for name, code := range map[string]string{
		"source":       "graph TD\n" + strings.Repeat("A-->B\n", 10_000),
		"boxes":        "graph TD\n" + names("b", 400),
		"lines":        "graph TD\n" + strings.Repeat("A-->B\n", 600),
		"all to all":   "graph TD\n" + strings.ReplaceAll(names("a", 30), "\n", "&") + "z-->" + strings.ReplaceAll(names("b", 30), "\n", "&") + "z",
		"nesting":      "graph TD\n" + strings.Repeat("subgraph x\n", 12),
		"text":         "graph TD\nA[" + strings.Repeat("x", 1_200) + "]",
		"participants": "sequenceDiagram\n" + strings.ReplaceAll("participant "+names("p", 60), "\np", "\nparticipant p"),
		"messages":     "sequenceDiagram\n" + strings.Repeat("A->>B: x\n", 1_100),
		"blocks":       "sequenceDiagram\n" + strings.Repeat("loop\n", 12),
		"states":       "stateDiagram\n" + names("s", 400),
		"deep states":  "stateDiagram\n" + strings.Repeat("state a {\n", 12),
	} {
		_, err := Parse(code)
		var e *Error
		if !errors.As(err, &e) || !strings.Contains(e.Message, "more than") {
			t.Errorf("%s: got %v, want a limit", name, err)
		}
	}
}

func names(prefix string, n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(prefix)
		b.WriteString(strings.Repeat("i", i/26))
		b.WriteByte(byte('a' + i%26))
		b.WriteByte('\n')
	}
	return b.String()
}

// FuzzParse holds for any source: it is refused with a place in it, or drawn soon, as SVG
// in which a browser's parser finds no other elements than ours, and no links.
func FuzzParse(f *testing.F) {
	sources, _ := filepath.Glob("testdata/*.mmd")
	for _, file := range sources {
		code, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(code))
	}
	f.Add("graph TD\nA[\"</svg><script>alert(1)</script>\"] --> B")
	f.Add("sequenceDiagram\nA->>B: <img src=x onerror=alert(1)>")
	f.Add("stateDiagram\nstate a {\n--\n--\n}\na-->a")
	f.Fuzz(func(t *testing.T, code string) {
		start := time.Now()
		d, err := Parse(code)
		var e *Error
		if errors.As(err, &e) && (e.Line < 1 || e.Line > strings.Count(code, "\n")+1 || e.Col < 1) {
			t.Fatalf("%q: the place %d:%d is not in it", code, e.Line, e.Col)
		}
		if err != nil {
			return
		}
		svg := string(d.SVG())
		if took := time.Since(start); took > 10*time.Second {
			t.Fatalf("takes %v", took)
		}
		if len(svg) > 4<<20 {
			t.Fatalf("becomes %d bytes", len(svg))
		}
		d.Words()
		root, err := html.Parse(strings.NewReader("<body>" + svg))
		if err != nil {
			t.Fatal(err)
		}
		for n := range root.Descendants() {
			switch n.Data {
			case "html", "head", "body", "svg", "g", "path", "rect", "circle", "text":
			default:
				if n.Type == html.ElementNode {
					t.Fatalf("%q makes a %s", code, n.Data)
				}
			}
			for _, a := range n.Attr {
				if a.Key == "href" || strings.HasPrefix(a.Key, "on") || a.Key == "style" {
					t.Fatalf("%q makes the attribute %s", code, a.Key)
				}
			}
		}
	})
}

func BenchmarkDraw(b *testing.B) {
	sources, _ := filepath.Glob("testdata/*.mmd")
	var codes []string
	for _, file := range sources {
		code, err := os.ReadFile(file)
		if err != nil {
			b.Fatal(err)
		}
		codes = append(codes, string(code))
	}
	for b.Loop() { // 1,000 diagrams
		for i := range 1_000 {
			d, err := Parse(codes[i%len(codes)])
			if err != nil {
				b.Fatal(err)
			}
			d.SVG()
			d.Words()
		}
	}
}
