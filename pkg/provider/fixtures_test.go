package provider_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

const token = "canary-4f1c9e7ab2d8-of-the-client"

func bearer(token string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) }
}

// exchange is one recorded by GitHub's own fixtures.
type exchange struct {
	Method, Path string
	Status       int
	Response     json.RawMessage
	Headers      map[string]any
}

// recorded replays a scenario, with the name of the loopback server in the place of that of
// GitHub if local.
func recorded(t *testing.T, scenario string, local bool) (*provider.Client, *[]string) {
	t.Helper()
	dir := os.Getenv("SIGNPOST_TESTDATA")
	if dir == "" {
		t.Skip("SKIPPED: SIGNPOST_TESTDATA is not set, so NO RECORDED ANSWER of GitHub was read")
	}
	data, err := os.ReadFile(filepath.Join(dir, "github-fixtures", scenario+".json"))
	if err != nil {
		t.Fatalf("SIGNPOST_TESTDATA is set, but: %v", err)
	}
	var all []exchange
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	var asked []string
	var here string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.RequestURI())
		for _, e := range all {
			if !strings.EqualFold(e.Method, r.Method) || e.Path != r.URL.RequestURI() {
				continue
			}
			for name, v := range e.Headers {
				value := fmt.Sprint(v)
				if local {
					value = strings.ReplaceAll(value, "https://api.github.com", here)
				}
				if !strings.EqualFold(name, "Content-Length") && !strings.EqualFold(name, "Content-Encoding") {
					w.Header().Set(name, value)
				}
			}
			w.WriteHeader(e.Status)
			_, _ = w.Write(e.Response)
			return
		}
		t.Errorf("%s %s is not recorded", r.Method, r.URL.RequestURI())
	}))
	t.Cleanup(server.Close)
	here = server.URL
	c, err := provider.NewClient(provider.Options{
		Base: server.URL, Private: true, Authorize: bearer(token), Secrets: []string{token},
		Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	})
	if err != nil {
		t.Fatal(err)
	}
	return c, &asked
}

// TestRecordedPages reads all five pages of issues, as GitHub links them.
func TestRecordedPages(t *testing.T) {
	c, asked := recorded(t, "paginate-issues", true)
	seen := map[float64]bool{}
	err := c.EachPage(t.Context(), "/repos/octokit-fixture-org/paginate-issues/issues", url.Values{"per_page": {"3"}}, func(page json.RawMessage) error {
		var issues []struct{ Number float64 }
		err := json.Unmarshal(page, &issues)
		for _, i := range issues {
			seen[i.Number] = true
		}
		return err
	})
	if err != nil || len(seen) != 13 || len(*asked) != 5 {
		t.Errorf("%d issues on %d pages, %v; want 13 on 5", len(seen), len(*asked), err)
	}
}

// TestRecordedPagesElsewhere leaves the links as they were recorded: to another host.
func TestRecordedPagesElsewhere(t *testing.T) {
	c, asked := recorded(t, "paginate-issues", false)
	err := c.EachPage(t.Context(), "/repos/octokit-fixture-org/paginate-issues/issues", url.Values{"per_page": {"3"}}, func(json.RawMessage) error { return nil })
	if e := (*provider.Error)(nil); !errors.As(err, &e) || e.Kind != snapshot.Incomplete || !strings.Contains(e.Message, "another host, api.github.com") || len(*asked) != 1 {
		t.Errorf("asked %v, got %v", *asked, err)
	}
}

// TestRecordedRename follows a repository to its new place.
func TestRecordedRename(t *testing.T) {
	c, asked := recorded(t, "rename-repository", true)
	var got struct {
		Name string `json:"name"`
	}
	_, err := c.Get(t.Context(), "/repos/octokit-fixture-org/rename-repository", nil, &got)
	if err != nil || got.Name != "rename-repository-newname" || len(*asked) != 2 {
		t.Errorf("got %+v after %v, %v", got, *asked, err)
	}
}

// TestRecordedRefusal reads why GitHub refuses something.
func TestRecordedRefusal(t *testing.T) {
	c, _ := recorded(t, "errors", true)
	_, err := c.Post(t.Context(), "/repos/octokit-fixture-org/errors/labels", map[string]string{}, nil)
	if e := (*provider.Error)(nil); !errors.As(err, &e) || e.Status != 422 || e.Kind != snapshot.Config || !strings.Contains(e.Message, "Validation Failed") {
		t.Errorf("got %v", err)
	}
}
