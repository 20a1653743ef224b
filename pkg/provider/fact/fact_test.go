package fact

import (
	"strings"
	"testing"
)

func TestTextStaysText(t *testing.T) {
	for in, want := range map[string]string{
		"plain":                       "plain",
		" two\n lines\t":              "two lines",
		"\x1b[31mred\x00":             "[31mred",
		"right\u202eto left":          "rightto left",
		"zero\u200bwidth":             "zerowidth",
		"bad \xff byte":               "bad \uFFFD byte",
		"<b>":                         "<b>",
		"":                            "",
		strings.Repeat("ü", MostName): strings.Repeat("ü", MostName),
		strings.Repeat("x", 5000):     strings.Repeat("x", MostName) + "…",
	} {
		if got := Name(in); got != want {
			t.Errorf("%q became %q, not %q", in, got, want)
		}
	}
}

func TestOnlyAddressesThatBrowsersOpenSafely(t *testing.T) {
	for in, want := range map[string]string{
		"https://a.example/x?y=1":   "https://a.example/x?y=1",
		" HTTP://a.example ":        "http://a.example",
		"javascript:alert(1)":       "",
		"//a.example":               "",
		"/relative":                 "",
		"https://user:pw@a.example": "",
		"https://":                  "",
		"data:text/html,x":          "",
		"https://a.example/\x00":    "",
		"https://a.example/" + strings.Repeat("x", 5000): "",
	} {
		if got := Link(in); got != want {
			t.Errorf("%q became %q, not %q", in, got, want)
		}
	}
}

func TestVersionsOfImages(t *testing.T) {
	for image, want := range map[string][2]string{
		"registry:5000/team/payments:1.2":     {"team/payments", "1.2"},
		"registry:5000/team/payments":         {"team/payments", ""},
		"payments@sha256:abc":                 {"payments", "sha256:abc"},
		"ghcr.io/acme/payments:v1@sha256:abc": {"acme/payments", "v1"},
		"acme/payments:latest":                {"acme/payments", "latest"},
		"":                                    {"", ""},
	} {
		if got := [2]string{Image(image), Version(image)}; got != want {
			t.Errorf("%q is %q, not %q", image, got, want)
		}
	}
}
