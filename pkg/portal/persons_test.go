package portal

import "testing"

const persons = `
-- signpost.yaml --
apiVersion: signpost.dev/v1
title: Acme
-- people.yaml --
apiVersion: signpost.dev/v1
kind: person
name: ada
title: Ada Byron
email: Ada@acme.example
github: ada-b
chat: slack:@countess
aliases: [adabot]
---
apiVersion: signpost.dev/v1
kind: person
name: bob
title: Bob Stone
github: bob
---
apiVersion: signpost.dev/v1
kind: person
name: bob-two
title: Bob Stone
chat: https://chat.acme.example/@two
---
apiVersion: signpost.dev/v1
kind: person
name: cy
email: cy@acme.example
chat: matrix:bob
`

func TestPersonsByTheirNames(t *testing.T) {
	p := read(t, persons)
	for text, want := range map[string]string{
		"ada@acme.example":         "person:ada",
		"ADA-B":                    "person:ada",
		"@ada-b":                   "person:ada",
		"countess":                 "person:ada",
		"@countess":                "person:ada",
		"adabot":                   "person:ada",
		"person:ada":               "person:ada",
		" Ada  byron ":             "person:ada",
		"ada":                      "", // a first name is nobody's handle
		"Ada":                      "",
		"Byron":                    "",
		"Bob Stone":                "", // there are two
		"bob":                      "", // the login of one, the handle of another
		"//chat.acme.example/@two": "",
		"cy@acme.example":          "person:cy",
		"":                         "",
		"@":                        "",
		"somebody":                 "",
	} {
		got := ""
		if e := p.PersonNamed(text); e != nil {
			got = e.Ref.String()
		}
		if got != want {
			t.Errorf("%q means %q, want %q", text, got, want)
		}
	}
}
