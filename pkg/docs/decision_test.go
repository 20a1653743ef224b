package docs

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// decision is what the tests compare of a record.
type decision struct {
	Number                 int
	Status, Date, Deciders string
	Replaces, ReplacedBy   string
}

func decisionsOf(set *Set) map[string]decision {
	all := map[string]decision{}
	for _, d := range set.Documents {
		if d.Decision == nil {
			continue
		}
		v := decision{d.Decision.Number, d.Status(), d.Date(), strings.Join(d.Decision.Deciders, "; "), named(d.Decision.Replaces), named(d.Decision.ReplacedBy)}
		all[filepath.Base(d.File)] = v
	}
	return all
}

func named(all []*Document) string {
	var names []string
	for _, d := range all {
		names = append(names, filepath.Base(d.File))
	}
	return strings.Join(names, " ")
}

// Every form in which the usual templates write a record says the same.
func TestDecisionLayouts(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want decision
	}{
		"nygard": {
			"# 1. Record decisions\n\nDate: 2026-01-02\n\n## Status\n\nAccepted\n\n## Context\n\nSuperseded by nothing. Date: 2020-01-01\n",
			decision{Number: 1, Status: "accepted", Date: "2026-01-02"},
		},
		"adr-tools, superseded": {
			"# 1. Record decisions\n\nDate: 2026-01-02\n\n## Status\n\nSuperceded by [5. Next](0005-next.md)\n\n## Context\n",
			decision{Number: 1, Status: "superseded", Date: "2026-01-02", ReplacedBy: "0005-next.md"},
		},
		"accepted first, superseded later": {
			"# ADR 0001: Record decisions\n\n## Status\n\nAccepted\n\nSuperseded by [5. Next][next]\n\n## More\n\n[next]: ./0005-next.md#decision\n",
			decision{Number: 1, Status: "superseded", ReplacedBy: "0005-next.md"},
		},
		"supersedes": {
			"# ADR-1 Record\n\n## Status:\n\nAccepted (2026-02-03). Supersedes [five](0005-next.md), which was [later](0007-not.md) than six.\n",
			decision{Number: 1, Status: "accepted", Replaces: "0005-next.md"},
		},
		"madr 2": {
			"# Record decisions\n\n* Status: accepted <!-- optional -->\n* Deciders: Ines Costa, Amara Okafor\n* Date: 2026-03-04\n\nTechnical Story: none\n\n## Context\n",
			decision{Number: 1, Status: "accepted", Date: "2026-03-04", Deciders: "Ines Costa; Amara Okafor"},
		},
		"madr 2, superseded": {
			"# Record decisions\n\n- Status: superseded by [ADR-0005](0005-next.md)\n- Date: 2026-03-04\n",
			decision{Number: 1, Status: "superseded", Date: "2026-03-04", ReplacedBy: "0005-next.md"},
		},
		"madr 3": {
			"---\nstatus: superseded by [ADR-0005](0005-next.md)\ndate: 2026-03-04\ndeciders: Ines Costa, Amara Okafor\n---\n# Record decisions\n",
			decision{Number: 1, Status: "superseded", Date: "2026-03-04", Deciders: "Ines Costa; Amara Okafor", ReplacedBy: "0005-next.md"},
		},
		"madr 4": {
			"---\nstatus: \"accepted\"\ndate: 2026-03-04\ndecision-makers: Ines Costa\n---\n# Record decisions\n",
			decision{Number: 1, Status: "accepted", Date: "2026-03-04", Deciders: "Ines Costa"},
		},
		"a number without a link": {
			"# Record decisions\n\nStatus: superseded by ADR-0005\n",
			decision{Number: 1, Status: "superseded", ReplacedBy: "0005-next.md"},
		},
		"ours": {
			"---\nnumber: 12\nstatus: accepted\ndate: 2026-03-04\ndeciders: [person:amara]\nsupersedes: [5]\n---\n# Record decisions\n",
			decision{Number: 12, Status: "accepted", Date: "2026-03-04", Deciders: "person:amara", Replaces: "0005-next.md"},
		},
		"ours, by file": {
			"---\nsupersededBy: 0005-next\n---\n# Record decisions\n",
			decision{Number: 1, Status: "superseded", ReplacedBy: "0005-next.md"},
		},
		"code is no statement": {
			"# Record decisions\n\n```\nStatus: rejected\n## Status\nrejected\n```\n\n## Status\n\nProposed\n\n```\nSuperseded by [5](0005-next.md)\n```\n",
			decision{Number: 1, Status: "proposed"},
		},
		"a status of one's own": {
			"# Record decisions\n\n## Status\n\nOn hold.\n",
			decision{Number: 1, Status: "On hold"},
		},
		"a number that counts things": {
			"# 3 ways to fail\n",
			decision{Number: 1},
		},
		"a link that is none": {
			"# Record decisions\n\n## Status\n\nSuperseded by [a page](https://example.com/adr) and [x](javascript:alert(1))\n",
			decision{Number: 1, Status: "superseded"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			set, _, _ := load(t, "-- adr/0005-next.md --\n# 5. Next\n-- adr/0001-record.md --\n"+c.text)
			if d := cmp.Diff(c.want, decisionsOf(set)["0001-record.md"]); d != "" {
				t.Error(d)
			}
		})
	}
}

// What one of two decisions says is known of both.
func TestSupersessionFromBothEnds(t *testing.T) {
	set, _, _ := load(t, `
-- adr/0001-a.md --
# 1. A

## Status

Accepted
-- adr/0002-b.md --
---
status: accepted
supersedes: 1
---
# B
`)
	want := map[string]decision{
		"0001-a.md": {Number: 1, Status: "superseded", ReplacedBy: "0002-b.md"},
		"0002-b.md": {Number: 2, Status: "accepted", Replaces: "0001-a.md"},
	}
	if d := cmp.Diff(want, decisionsOf(set)); d != "" {
		t.Error(d)
	}
}

// The records of a real project are understood as their authors meant them.
func TestRealDecisions(t *testing.T) {
	set, _, _ := loadAll(t, testData(t, "content-publisher-adr"), Options{})
	got := decisionsOf(set)
	if len(got) != 16 {
		t.Fatalf("%d records, want 16", len(got))
	}
	dates := "2018-07-17 2018-07-20 2018-07-23 2018-09-11 2018-11-27 2018-12-12 2019-01-21 2019-01-24 2018-12-17 2019-04-09 2019-06-03 2019-06-24 2019-07-24 2019-12-19 2019-12-19 2020-03-20"
	for name, d := range got {
		want := decision{Number: numberIn(name), Status: "accepted", Date: strings.Fields(dates)[numberIn(name)-1]}
		switch want.Number {
		case 6:
			want.Status, want.ReplacedBy = "superseded", "0014-political-and-government-tagging.md"
		case 14:
			want.Replaces = "0006-tagging-governments.md"
		}
		if diff := cmp.Diff(want, d); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func numberIn(name string) (n int) {
	_, _ = fmt.Sscanf(name, "%d", &n)
	return n
}
