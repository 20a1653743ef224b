package docs

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// brief is what the tests compare of a step.
type brief struct {
	Number    int
	Title, ID string
	Text      string
	Code      []string
}

func stepsOf(t *testing.T, text string) ([]brief, string) {
	t.Helper()
	_, parsed, _ := load(t, "-- runbooks/r.md --\n"+text)
	var all []brief
	for _, s := range parsed[0].Steps() {
		b := brief{s.Number, s.Title, s.ID, s.Text, nil}
		for _, c := range s.Code {
			b.Code = append(b.Code, fmt.Sprintf("%s:%d:%s", c.Language, c.Span.Start.Line, strings.TrimSpace(c.Text)))
		}
		all = append(all, b)
	}
	html, err := parsed[0].Render(Site{})
	if err != nil {
		t.Fatal(err)
	}
	return all, string(html)
}

func TestStepsOfHeadings(t *testing.T) {
	got, html := stepsOf(t, "# R\n\nUse it.\n\n1. not a step\n\n> ## 9. Quoted\n\n## 1. Look\n\nRun:\n\n```bash\nlook\n```\n\n### Detail\n\n- [ ] a\n\n    indented\n\n## Step 2: Act\n\nNow **act**.\n\n## After\n\n```sh\nrest\n```\n")
	want := []brief{
		{1, "Look", "", "Run:\nlook\nDetail\na\nindented", []string{"bash:14:look"}},
		{2, "Act", "", "Now act.", nil},
	}
	for i := range want { // the form of ids is that of pageID
		if i < len(got) {
			want[i].ID = got[i].ID
			if !strings.Contains(html, `id="`+got[i].ID+`"`) {
				t.Errorf("no element has the id %q", got[i].ID)
			}
		}
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestStepsOfLists(t *testing.T) {
	got, html := stepsOf(t, "# R\n\n1. Look at it\n   ```bash\n   look\n   ```\n2. Act.\n   1. Not by itself.\n\nThen:\n\n3. Go home.\n\n- no step\n")
	want := []brief{
		{1, "Look at it", "step:1", "Look at it\nlook", []string{"bash:5:look"}},
		{2, "Act.", "step:2", "Act.\nNot by itself.", nil},
		{3, "Go home.", "step:3", "Go home.", nil},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	for _, s := range want {
		if n := strings.Count(html, `<li id="`+s.ID+`">`); n != 1 {
			t.Errorf("%d elements have the id %s in\n%s", n, s.ID, html)
		}
	}
}

// Only runbooks have steps: a numbered list elsewhere is a list.
func TestGuidesHaveNoSteps(t *testing.T) {
	_, parsed, _ := load(t, "-- guides/g.md --\n# G\n\n1. One\n2. Two\n")
	if steps := parsed[0].Steps(); steps != nil {
		t.Errorf("steps %v", steps)
	}
}
