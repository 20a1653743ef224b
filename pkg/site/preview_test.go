package site

import (
	"bufio"
	"encoding/json"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// newPreview serves a site of one page on loopback.
func newPreview(t *testing.T) (*Preview, string) {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	p := NewPreview(server.Listener.Addr().String())
	server.Config.Handler = p
	server.Start()
	t.Cleanup(server.Close)
	return p, server.URL
}

// files is a site.
type files map[string]string

func (f files) File(name string) ([]byte, error) {
	if text, ok := f[name]; ok {
		return []byte(text), nil
	}
	return nil, fs.ErrNotExist
}

var small = files{
	"index.html":          "<!doctype html><head><title>Home</title></head><body>home</body>",
	"404.html":            "<!doctype html><head><title>Not found</title></head>",
	"assets/site.css":     "body{}",
	"services/index.html": "<!doctype html><head><title>Services</title></head>",
}

func get(t *testing.T, url string) (status int, body string) {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(data)
}

func TestPreviewServesPagesWithAReloader(t *testing.T) {
	p, url := newPreview(t)
	if status, body := get(t, url+"/"); status != http.StatusServiceUnavailable || !strings.Contains(body, "no site to show yet") {
		t.Errorf("before there is a site: %d %q", status, body)
	}
	p.ShowJudged(small, "", "")
	if status, body := get(t, url+"/"); status != http.StatusOK || !strings.Contains(body, `src="/-/live.js"`) || !strings.Contains(body, "home") {
		t.Errorf("home: %d %q", status, body)
	}
	if status, body := get(t, url+"/no/such.html"); status != http.StatusNotFound || !strings.Contains(body, "Not found") {
		t.Errorf("missing page: %d %q", status, body)
	}
	if status, body := get(t, url+"/services/nope"); status != http.StatusNotFound || !strings.Contains(body, "Not found</title>") {
		t.Errorf("missing page without .html: %d %q", status, body)
	}
	if status, body := get(t, url+"/services"); status != http.StatusOK || !strings.Contains(body, "Services") {
		t.Errorf("a folder without its slash: %d %q", status, body)
	}
	if status, body := get(t, url+"/assets/nope.css"); status != http.StatusNotFound || strings.Contains(body, "<title>") {
		t.Errorf("missing style: %d %q", status, body)
	}
	if status, body := get(t, url+"/assets/site.css"); status != http.StatusOK || body != "body{}" {
		t.Errorf("style: %d %q", status, body)
	}
}

func TestPreviewTellsPagesOfChanges(t *testing.T) {
	p, url := newPreview(t)
	p.ShowJudged(small, "", "")
	response, err := http.Get(url + "/-/live")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	lines := make(chan string)
	go func() {
		scanner := bufio.NewScanner(response.Body)
		for scanner.Scan() {
			if data, ok := strings.CutPrefix(scanner.Text(), "data: "); ok {
				lines <- data
			}
		}
		close(lines)
	}()
	next := func() (state previewState) {
		t.Helper()
		select {
		case got := <-lines:
			if err := json.Unmarshal([]byte(got), &state); err != nil {
				t.Fatal(err)
			}
		case <-time.After(5 * time.Second):
			t.Fatal("no event came")
		}
		return state
	}
	first := next()
	p.Failed("service.yaml:3: tab")
	if got := next(); got.Failure != "service.yaml:3: tab" || got.Site != first.Site {
		t.Errorf("after a failure: %+v, want the reason and the same site", got)
	}
	p.ShowJudged(small, "1 error", "service.yaml:4: no owner")
	if got := next(); got.Site == first.Site || got.Failure != "" || got.Title != "1 error" || got.Findings == "" {
		t.Errorf("after a change: %+v, want a new site and its findings", got)
	}
	p.Failed("again")
	if got := next(); got.Failure != "again" {
		t.Errorf("after another failure: %+v", got)
	}
	p.Show(small)
	if got := next(); got.Failure != "" || got.Findings == "" {
		t.Errorf("shown and not yet checked: %+v, want what was found before", got)
	}
	if status, body := get(t, url+"/"); status != http.StatusOK || !strings.Contains(body, "home") {
		t.Errorf("after a failure the last good site is gone: %d %q", status, body)
	}
}

func TestPreviewRefusesOtherHosts(t *testing.T) {
	p, url := newPreview(t)
	p.ShowJudged(small, "", "")
	request, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Host = "rebound.example:80"
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusMisdirectedRequest {
		t.Errorf("a page elsewhere could read the catalog: %s", response.Status)
	}
}

func TestPreviewEscapesFailures(t *testing.T) {
	p, url := newPreview(t)
	p.Failed("<script>alert(1)</script>")
	if _, body := get(t, url+"/"); strings.Contains(body, "<script>alert") {
		t.Errorf("the failure is not escaped: %q", body)
	}
}
