package main

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fsnotify/fsnotify"
)

// screen is a terminal that a test looks at while a command writes to it.
type screen struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *screen) Write(data []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(data)
}

// next waits for a line that matches and takes all up to it off the screen.
func (s *screen) next(t *testing.T, pattern string) string {
	t.Helper()
	re := regexp.MustCompile(`(?ms)\A.*?^` + pattern + `$\n`)
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		s.mu.Lock()
		if m := re.Find(s.text.Bytes()); m != nil {
			found := string(s.text.Next(len(m)))
			s.mu.Unlock()
			return found
		}
		s.mu.Unlock()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t.Fatalf("no line matches %q in:\n%s", pattern, s.text.String())
	return ""
}

// served is a catalog that is edited while it is served.
type served struct {
	*testing.T
	dir, url string
	*screen
}

func serveCatalog(t *testing.T, files map[string]string, flags ...string) served {
	t.Helper()
	s := served{T: t, dir: t.TempDir(), screen: &screen{}}
	for name, text := range files {
		s.save(name, text)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan int)
	go func() {
		args := append([]string{"serve", s.dir, "--addr", "127.0.0.1:0", "--now", "2026-07-01"}, flags...)
		done <- run(ctx, args, env{strings.NewReader(""), io.Discard, s.screen, func(string) string { return "" }})
	}()
	t.Cleanup(func() {
		stop()
		<-done
	})
	return s
}

// open waits until the preview says where it is.
func (s *served) open() {
	s.Helper()
	said := s.next(s.T, `serving on (http://127\.0\.0\.1:\d+) \(end with Ctrl-C\)`)
	s.url = regexp.MustCompile(`http://\S+`).FindString(said) + "/"
}

// save replaces a file whole, so that no build sees half of it.
func (s *served) save(name, text string) {
	s.Helper()
	path := filepath.Join(s.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		s.Fatal(err)
	}
	temp := filepath.Join(filepath.Dir(path), ".new")
	if err := os.WriteFile(temp, []byte(text), 0o666); err != nil {
		s.Fatal(err)
	}
	if err := os.Rename(temp, path); err != nil {
		s.Fatal(err)
	}
}

// page returns a page of the preview, and what its script is told first.
func (s *served) page(name string) (status int, body, state string) {
	s.Helper()
	status, body = s.fetch(name, "</html>")
	_, state = s.fetch("-/live", "\n\n")
	return status, body, state
}

func (s *served) fetch(name, until string) (int, string) {
	s.Helper()
	response, err := http.Get(s.url + name)
	if err != nil {
		s.Fatal(err)
	}
	defer response.Body.Close()
	var body []byte
	for buffer := make([]byte, 4096); !bytes.Contains(body, []byte(until)); {
		n, err := response.Body.Read(buffer)
		if body = append(body, buffer[:n]...); err != nil {
			break
		}
	}
	return response.StatusCode, string(body)
}

const (
	platformTeam = "apiVersion: signpost.dev/v1\nkind: team\nname: platform\nmembers: [ada]\nchannel: slack:#platform\n"
	ada          = "apiVersion: signpost.dev/v1\nkind: person\nname: ada\n"
	hello        = "apiVersion: signpost.dev/v1\nkind: service\nname: hello\nowner: team:platform\n"
)

// What is wrong is shown in the terminal and in the page; while a file is half
// typed, the page that is being edited stays.
func TestServeShowsWhatIsWrong(t *testing.T) {
	s := serveCatalog(t, map[string]string{
		"signpost.yaml": "apiVersion: signpost.dev/v1\ntitle: Test\n",
		"platform.yaml": platformTeam, "ada.yaml": ada, "services/hello/service.yaml": hello,
		"services/old.yaml": strings.ReplaceAll(hello, "hello", "old") + "tire: 1\n",
	})
	s.open()
	said := s.next(t, `shown after \S+, checked after \S+; 1 error`)
	if !strings.Contains(said, `services/old.yaml:5:1: error: a service has no field "tire" [unknown-field]`) {
		t.Errorf("at the start the findings are not said:\n%s", said)
	}

	s.save("services/hello/service.yaml", strings.Replace(hello, "platform", "platfrom", 1))
	said = s.next(t, `shown .*; 2 errors`)
	if !strings.Contains(said, "services/hello/service.yaml:4:8: error: owner \"team:platfrom\" does not exist [owner-exists]\n"+
		"   4 | owner: team:platfrom\n     |        ^~~~~~~~~~~~~ did you mean \"team:platform\"?\n") {
		t.Errorf("the new finding is not said with its place:\n%s", said)
	}
	if strings.Contains(said, "old.yaml") {
		t.Errorf("a finding that was there before is said again:\n%s", said)
	}
	status, body, state := s.page("services/hello.html")
	if status != http.StatusOK || !strings.Contains(body, "/-/live.js") {
		t.Errorf("the page: %d", status)
	}
	for _, want := range []string{`"title":"2 errors"`, "platfrom", "old.yaml:5:1"} {
		if !strings.Contains(state, want) || strings.Contains(state, `"failure"`) {
			t.Errorf("the page is told %s, want %s", state, want)
		}
	}

	s.save("services/hello/service.yaml", hello+"links: [\n")
	said = s.next(t, `until this can be read, the last good site stays`)
	if !strings.Contains(said, "services/hello/service.yaml:5:8: error: what begins here is not closed [source-syntax]\n") {
		t.Errorf("what cannot be read is not said:\n%s", said)
	}
	status, body, state = s.page("services/hello.html")
	if status != http.StatusOK || !strings.Contains(body, "hello") {
		t.Errorf("the page that is being edited is gone: %d", status)
	}
	if !strings.Contains(state, `"failure":"services/hello/service.yaml:5:8: error: `) {
		t.Errorf("the page is told %s", state)
	}

	s.save("services/old.yaml", strings.ReplaceAll(hello, "hello", "old"))
	s.next(t, `until this can be read, the last good site stays`)
	s.save("services/hello/service.yaml", hello+"links: []\n")
	if said = s.next(t, `shown .*checked after \S+`); strings.Contains(said, "error") {
		t.Errorf("all is mended, and yet:\n%s", said)
	}
	if _, _, state = s.page("index.html"); strings.Contains(state, "findings") || strings.Contains(state, "failure") {
		t.Errorf("all is mended, and the page is told %s", state)
	}
}

// A file that cannot be read from the start keeps nobody from seeing the rest.
func TestServeStartsWithAFileThatCannotBeRead(t *testing.T) {
	s := serveCatalog(t, map[string]string{
		"signpost.yaml": "apiVersion: signpost.dev/v1\ntitle: Test\n",
		"platform.yaml": platformTeam, "ada.yaml": ada, "hello.yaml": hello + "links: [\n",
	})
	s.open()
	said := s.next(t, `shown .*`)
	if !strings.Contains(said, "hello.yaml:5:8: error: ") {
		t.Errorf("what cannot be read is not said:\n%s", said)
	}
	if status, _, state := s.page("teams/platform.html"); status != http.StatusOK || !strings.Contains(state, "source-syntax") {
		t.Errorf("the rest: %d, told %s", status, state)
	}
}

// Many findings do not flood the terminal.
func TestServeNamesTheFirstOfManyFindings(t *testing.T) {
	files := map[string]string{"signpost.yaml": "apiVersion: signpost.dev/v1\ntitle: Test\n", "platform.yaml": platformTeam, "ada.yaml": ada}
	var many strings.Builder
	for range 30 {
		many.WriteString("---\napiVersion: signpost.dev/v1\nkind: library\nname: x\nowner: platform\n")
	}
	files["many.yaml"] = many.String()
	s := serveCatalog(t, files)
	s.open()
	said := s.next(t, `shown .*`)
	if got := strings.Count(said, "[duplicate-name]"); got != mostShown || !strings.Contains(said, "\nand 9 more: see /-/health.html\n") {
		t.Errorf("%d findings are said, want %d:\n%s", got, mostShown, said)
	}
}

// A snapshot that is taken beside the preview is shown as a save is: the first, which makes
// the store, those after it, and those after a store that was replaced whole.
func TestServeNoticesSnapshots(t *testing.T) {
	for name, flag := range map[string]string{"the usual store": "", "another": "far/away"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files := map[string]string{
				"signpost.yaml": "apiVersion: signpost.dev/v1\ntitle: Test\nenvironments: [{name: production, title: Production}]\n",
				"platform.yaml": platformTeam, "ada.yaml": ada, "services/hello/service.yaml": hello,
			}
			var more []string
			store := ""
			if flag != "" {
				store = filepath.Join(t.TempDir(), filepath.FromSlash(flag))
				more = []string{"--snapshots", store}
			}
			s := serveCatalog(t, files, more...)
			s.open()
			s.next(t, `shown after .*`)
			if store == "" {
				store = filepath.Join(s.dir, ".signpost", "snapshots")
			}
			record := func(version string) {
				t.Helper()
				args := append([]string{"record", "deployment", s.dir, "--entity", "hello", "--environment", "production", "--version", version}, more...)
				if status := run(t.Context(), args, env{strings.NewReader(""), io.Discard, io.Discard, func(string) string { return "" }}); status != 0 {
					t.Fatalf("recording a deployment: status %d", status)
				}
			}
			for _, version := range []string{"1.2.3", "1.2.4", "1.2.5"} {
				if version == "1.2.5" {
					if err := os.RemoveAll(store); err != nil {
						t.Fatal(err)
					}
				}
				record(version)
				s.until("services/hello.html", ">"+version+"<")
			}
			s.until("-/environments/index.html", "1.2.5")
		})
	}
}

// until waits for a page to say something.
func (s *served) until(name, want string) {
	s.Helper()
	var body string
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if _, body = s.fetch(name, "</html>"); strings.Contains(body, want) {
			return
		}
	}
	s.Fatalf("%s does not come to say %q:\n%s", name, want, body)
}

// What does not belong to the site is no reason to draw it again.
func TestWatchNotesWhatTheSiteIsMadeOf(t *testing.T) {
	w := watched{root: "/r/catalog", store: "/r/.signpost/snapshots", trees: []string{"/r/catalog", "templates"}}
	for name, want := range map[string]string{
		"/r/catalog/a.yaml": "a.yaml", "/r/catalog/.a.swp": "", "/r/catalog/a~": "", "templates/css/theme.css": "templates/css/theme.css",
		"/r/README.md": "", "/r/.signpost/cache": "", "/r/.signpost/snapshots/p.json": "/r/.signpost/snapshots/p.json",
		"/r/.signpost/snapshots/.p.json.new": "", "/r/.signpost/snapshots/history/2026-07.json": "/r/.signpost/snapshots/history/2026-07.json",
	} {
		saved := map[string]bool{}
		if w.note(saved, fsnotify.Event{Name: name, Op: fsnotify.Write}); want == "" && len(saved) > 0 || want != "" && !saved[want] {
			t.Errorf("of %s it notes %v, want %q", name, saved, want)
		}
	}
}

func TestAnnounceSaysWhoCanSeeIt(t *testing.T) {
	for _, c := range []struct {
		ip, url string
		open    bool
	}{
		{"127.0.0.1", "http://127.0.0.1:8080", false},
		{"::1", "http://[::1]:8080", false},
		{"::", "http://localhost:8080", true},
		{"0.0.0.0", "http://localhost:8080", true},
		{"192.0.2.7", "http://192.0.2.7:8080", true},
	} {
		var b bytes.Buffer
		announce(&b, &net.TCPAddr{IP: net.ParseIP(c.ip), Port: 8080})
		if said := b.String(); !strings.Contains(said, "serving on "+c.url+" ") || strings.Contains(said, "careful") != c.open {
			t.Errorf("on %s it says %q", c.ip, said)
		}
	}
}
