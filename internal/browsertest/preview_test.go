package browsertest

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/signpost-dev/signpost/pkg/site"
)

// previewed serves a site as `signpost serve` does.
func previewed(t *testing.T) (*site.Preview, view) {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	preview := site.NewPreview(server.Listener.Addr().String())
	server.Config.Handler = preview
	server.Start()
	t.Cleanup(server.CloseClientConnections)
	preview.ShowJudged(folder{dir: shared.own}, "", "")
	return preview, view{width: laptop.width, height: laptop.height, root: server.URL + "/"}
}

// folder is a site on disk, with something at the end of every page.
type folder struct{ dir, end string }

func (f folder) File(name string) ([]byte, error) {
	data, err := os.ReadFile(filepath.Join(f.dir, name))
	if filepath.Ext(name) == ".html" {
		data = append(data, f.end...)
	}
	return data, err
}

const boxText = `document.querySelector(".live-box")?.innerText ?? ""`

// While a catalog is edited, its errors are at hand in a corner: folded up, so that
// the page can be read, and put away until there is something else to say.
func TestPreviewShowsFindingsInACorner(t *testing.T) {
	t.Parallel()
	preview, v := previewed(t)
	b := newTab(t, v)
	b.open("index.html")
	if text := eval[string](b, boxText); text != "" {
		t.Errorf("nothing is wrong, and yet the page says %q", text)
	}

	preview.ShowJudged(folder{dir: shared.own}, "1 error", "service.yaml:4:8: error: owner <b>x</b> does not exist")
	b.wait("the findings", `document.querySelector(".live-box summary")?.innerText === "1 error"`)
	if eval[bool](b, `document.querySelector(".live-box details").open`) {
		t.Error("the findings lie over the page before anybody asks for them")
	}
	if area := eval[float64](b, `(({width, height}) => width * height)(document.querySelector(".live-box").getBoundingClientRect())`); area > 200*60 || area < 300 {
		t.Errorf("folded up, the findings take %.0f square pixels", area)
	}
	b.click(".live-box summary")
	if text := eval[string](b, boxText); !strings.Contains(text, "owner <b>x</b> does not exist") {
		t.Errorf("opened, it says %q", text)
	}
	b.click(".live-box button")
	b.wait("nothing to be said", `!document.querySelector(".live-box")`)
	eval[bool](b, `window.before = true`)
	preview.ShowJudged(folder{shared.own, "<!-- changed -->"}, "1 error", "service.yaml:4:8: error: owner <b>x</b> does not exist")
	b.wait("the reload", `!window.before && document.readyState === "complete"`)
	b.open("teams/index.html")
	b.settle()
	if text := eval[string](b, boxText); text != "" {
		t.Errorf("what was put away has come back: %q", text)
	}

	preview.Failed("service.yaml:5:8: error: what begins here is not closed")
	b.wait("the failure", `document.querySelector(".live-failure")?.innerText.includes("not closed")`)
	eval[bool](b, `window.before = true`)
	preview.ShowJudged(folder{shared.own, "<!-- changed -->"}, "", "")
	b.wait("nothing to be said", `!document.querySelector(".live-box")`)
	if !eval[bool](b, `window.before`) {
		t.Error("a page that is the same as before has been loaded again")
	}
}
