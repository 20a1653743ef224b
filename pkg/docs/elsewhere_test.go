package docs

import (
	"testing"

	"github.com/signpost-dev/signpost/pkg/source"
)

// What is declared to be elsewhere is a page of the web, or no document.
func TestElsewhere(t *testing.T) {
	for entry, want := range map[string]string{
		"{title: A, url: \"https://wiki.example/a\", kind: adr}": "adr A on wiki.example",
		"{title: A, url: \"HTTP://wiki.example:8080/\"}":         "guide A on wiki.example",
		"{title: A, url: \"https://wiki.example\", kind: poem}":  "guide A on wiki.example",
		"{title: A, url: \"javascript:alert(1)\"}":               "",
		"{title: A, url: \"//wiki.example\"}":                    "",
		"{title: A, url: \"https:\"}":                            "",
		"{title: A}":                                             "",
		"{url: \"https://wiki.example\"}":                        "",
		"nothing":                                                "",
	} {
		parsed, _ := source.Decode("x.yaml", []byte(entry), source.DescriptorLimits)
		got := ""
		if d := Elsewhere(Home{Ref: "service:a"}, parsed[0].Root); d != nil {
			got = string(d.Kind) + " " + d.Title + " on " + d.Host
		}
		if got != want {
			t.Errorf("%s is %q, want %q", entry, got, want)
		}
	}
}
