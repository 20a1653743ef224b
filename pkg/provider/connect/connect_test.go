package connect

import (
	"net/http"
	"testing"

	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

func settings(url string, with map[string]string) provider.Settings {
	return provider.Settings{Name: "metrics", Type: "prometheus", URL: url, With: with, Secret: func(variable string) string {
		return map[string]string{"USUAL_TOKEN": "usual", "OTHER_TOKEN": "other\n"}[variable]
	}}
}

func TestTokenIsThatOfItsVariable(t *testing.T) {
	for variable, want := range map[string]string{"": "Bearer usual", "OTHER_TOKEN": "Bearer other", "NOT_SET": ""} {
		s := settings("https://a.example/", nil)
		s.Token = variable
		o, err := Options(s, "", "USUAL_TOKEN")
		if err != nil {
			t.Fatal(err)
		}
		r, _ := http.NewRequest(http.MethodGet, "https://a.example", nil)
		if o.Authorize != nil {
			o.Authorize(r)
		}
		if got := r.Header.Get("Authorization"); got != want {
			t.Errorf("variable %q: %q, not %q", variable, got, want)
		}
		if (want != "") != (len(o.Secrets) == 1) {
			t.Errorf("variable %q: %d secrets to hide", variable, len(o.Secrets))
		}
		if o.Base != "https://a.example" {
			t.Errorf("the base is %q", o.Base)
		}
	}
}

func TestAddressIsNeededWhereNoneIsUsual(t *testing.T) {
	_, err := Options(settings("", nil), "", "")
	if p := provider.ProblemOf(err); p == nil || p.Kind != snapshot.Config {
		t.Fatalf("without an address: %v", err)
	}
	o, err := Options(settings("", nil), "https://usual.example", "")
	if err != nil || o.Base != "https://usual.example" {
		t.Fatalf("%v %v", o.Base, err)
	}
}
