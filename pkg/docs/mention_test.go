package docs

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const ledgerLink = `<a href="../ledger.html">service:ledger</a>`

// TestMentions wants references in running text to be links, and nothing else to be.
func TestMentions(t *testing.T) {
	for text, want := range map[string]string{
		"Ask service:ledger.":                          "<p>Ask " + ledgerLink + ".</p>",
		"(service:ledger), *service:ledger*":           "<p>(" + ledgerLink + "), <em>" + ledgerLink + "</em></p>",
		"service:ledger\nservice:ledger service:other": "<p>" + ledgerLink + "\n" + ledgerLink + " service:other</p>",
		"| a |\n|---|\n| service:ledger |":             ledgerLink + "</td>",
		"- service:ledger":                             "<li>" + ledgerLink + "</li>",
		"`service:ledger`":                             "<code>service:ledger</code>",
		"    service:ledger":                           "<span>",
		"[service:ledger](https://a.example)":          ">service:ledger</a>",
		"micro-service:ledger team:ledger":             "<p>micro-service:ledger team:ledger</p>",
		"x/service:ledger service:ledger:80":           "<p>x/service:ledger service:ledger:80</p>",
		"service:ledger@v1 service:ledger/x":           "<p>service:ledger@v1 service:ledger/x</p>",
		"service: ledger, service:":                    "<p>service: ledger, service:</p>",
		"https://a.example/service:ledger":             ">https://a.example/service:ledger</a>",
		"<b>service:ledger</b>":                        "<b>" + ledgerLink + "</b>",
	} {
		_, all, _ := load(t, "-- services/payments-api/docs/a.md --\n"+text+"\n")
		out, err := all[0].Render(Site{})
		if err != nil {
			t.Fatal(err)
		}
		got := strings.TrimSpace(string(out))
		if want == "<span>" { // a block of code
			if strings.Contains(got, "<a") {
				t.Errorf("%q gives %s", text, got)
			}
			continue
		}
		if !strings.Contains(got, want) && !strings.Contains(got, strings.ReplaceAll(want, "../ledger", "../../ledger")) {
			t.Errorf("%q gives %s, want %s", text, got, want)
		}
		if strings.Contains(want, "</a>") && !strings.Contains(want, ledgerLink) && strings.Contains(got, "ledger.html") {
			t.Errorf("%q mentions in a link: %s", text, got)
		}
	}
}

// TestMentionsOfNothing wants what was spelt wrong to be reported, and what only looks like
// a mention to be left alone; and headings to keep the ids that GitHub gives them.
func TestMentionsOfNothing(t *testing.T) {
	set, all, ds := load(t, `
-- services/payments-api/docs/a.md --
# About service:ledger

Ask service:ledgr or service:port, team:ledger, `+"`service:ledgr`"+`.
`)
	ds = append(ds, set.CheckLinks(scans(all))...)
	want := "catalog/services/payments-api/docs/a.md:3:5: \"service:ledgr\" is mentioned, but does not exist [mention-unknown] did you mean \"service:ledger\"?\n"
	if d := cmp.Diff(want, lines(ds)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if h := all[0].Headings[0]; h.ID != "about-serviceledger" || h.Text != "About service:ledger" {
		t.Errorf("the heading is %+v", h)
	}
	if s := all[0].Sections; !strings.Contains(s[len(s)-1].Text, "service:ledgr or service:port") {
		t.Errorf("search sees %+v", s)
	}
	if got := all[0].Targets(Site{}); !cmp.Equal(got, []string{"services/ledger.html", "", "", ""}) {
		t.Errorf("the page depends on %q", got)
	}
}
