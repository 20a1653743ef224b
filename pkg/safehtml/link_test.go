package safehtml

import "testing"

func TestLinkable(t *testing.T) {
	for href, want := range map[string]bool{
		"":                         false,
		"index.html":               true,
		"../teams/payments.html#x": true,
		"#sp-oncall":               true,
		"/catalog/index.html":      true,
		"https://example.com/?a=b": true,
		"HTTP://example.com":       true,
		"mailto:a@example.com":     true,
		"https:":                   false,
		"//example.com/x":          false,
		"javascript:alert(1)":      false,
		"JAVASCRIPT:alert(1)":      false,
		" javascript:alert(1)":     false,
		"java\nscript:alert(1)":    false,
		"data:text/html,x":         false,
		"slack://channel":          false,
		"C:\\x":                    false,
	} {
		if got := Linkable(href); got != want {
			t.Errorf("Linkable(%q) = %v, want %v", href, got, want)
		}
	}
}

func TestLink(t *testing.T) {
	tests := []struct{ text, href, want string }{
		{"Ledger", "../services/ledger.html", `<a href="../services/ledger.html">Ledger</a>`},
		{"a & <b>", "", "a &amp; &lt;b&gt;"},
		{"x", "javascript:alert(1)", "x"},
		{"x", "https://example.com/a b?c=\"d'&e=%20%zz", `<a href="https://example.com/a%20b?c=%22d%27&amp;e=%20%25zz" rel="noopener noreferrer">x</a>`},
		{"שלום", "#a", `<a href="#a"><bdi>שלום</bdi></a>`},
		{"so – “on” …", "", "so – “on” …"},
		{"\u202eevil", "", "<bdi>\u202eevil</bdi>"},
		{"payments@larkspur.example", "", "payments@<wbr>larkspur<wbr>.example"},
		{"grafana.example.com/d/a&b", "", "grafana<wbr>.example<wbr>.com/<wbr>d/<wbr>a&amp;b"},
		{"short@a.example", "", "short@a.example"},
		{"A sentence of its own. Or two.", "", "A sentence of its own. Or two."},
		{"Zürich", "mailto:a@example.com", `<a href="mailto:a@example.com">Zürich</a>`},
	}
	for _, tt := range tests {
		if got := string(Link(tt.text, tt.href)); got != tt.want {
			t.Errorf("Link(%q, %q)\n got %s\nwant %s", tt.text, tt.href, got, tt.want)
		}
	}
	got := string(Links(2, func(i int) (string, string) { return []string{"a", "b"}[i], []string{"", "b.html"}[i] }))
	if want := `a, <a href="b.html">b</a>`; got != want {
		t.Errorf("Links gives %s, want %s", got, want)
	}
}
