package provider

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"slices"
	"sync"
	"time"
)

// Limits of a cache. What is over the first is cut to the half, the oldest first.
const (
	mostCache = 256 << 20 // bytes of all answers
	mostEntry = 8 << 20   // bytes of one
)

// cache keeps answers in a folder that the system may confirm (RFC 9111, 4.3): GitHub does
// not count requests that it answers so. A cache that does not work is no error: then the
// system is asked for everything.
type cache struct {
	root *os.Root
	most int64

	mu   sync.Mutex
	size int64
}

func openCache(folder string) (*cache, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("making the folder for answers: %w", err)
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, fmt.Errorf("opening the folder for answers: %w", err)
	}
	c := &cache{root: root, most: mostCache}
	for _, f := range c.files() {
		c.size += f.Size()
	}
	return c, nil
}

// known is the place of one answer in the cache, with the answer if there is one. A nil
// one keeps nothing.
type known struct {
	cache *cache
	name  string
	entry *entry
}

// entry is an answer as it is kept: the headers in a line, and the body.
type entry struct {
	Header http.Header `json:"header"`
	Sum    string      `json:"sum"` // SHA-256 of the body, to tell damage
	body   []byte
}

// kept are the headers that are of use later. Others may be about the one request, or hold
// what nobody should keep.
var kept = []string{"Content-Type", "Etag", "Last-Modified", "Link"}

// find returns the place of the answer to a request. Whose answer it is belongs to the
// place: with another token there is no copy, since that may be shown something else.
func (c *cache) find(request *http.Request, before http.Header, secrets []string) *known {
	if c == nil || request.Method != http.MethodGet {
		return nil
	}
	h := sha256.New()
	add(h, request.URL.String(), request.Header.Get("Accept"))
	for _, name := range slices.Sorted(maps.Keys(request.Header)) {
		if before.Get(name) != request.Header.Get(name) {
			add(h, name, request.Header.Get(name))
		}
	}
	add(h, secrets...)
	k := &known{cache: c, name: hex.EncodeToString(h.Sum(nil))}
	k.entry = c.read(k.name)
	return k
}

// add adds texts to a sum so that their borders count.
func add(h hash.Hash, texts ...string) {
	for _, t := range texts {
		fmt.Fprintf(h, "%d:%s", len(t), t)
	}
}

// read returns what is kept under a name; nil if there is nothing, or not what was written.
func (c *cache) read(name string) *entry {
	data, err := c.root.ReadFile(name)
	if err != nil || len(data) > mostEntry+mostHeaders {
		return nil
	}
	head, body, _ := bytes.Cut(data, []byte("\n"))
	e := &entry{body: body}
	if json.Unmarshal(head, e) != nil || e.Sum != sumOf(e.Header, body) {
		return nil
	}
	now := time.Now()
	_ = c.root.Chtimes(name, now, now) // for the order in which entries go
	return e
}

func sumOf(header http.Header, body []byte) string {
	h := sha256.New()
	for _, name := range kept {
		add(h, header.Values(name)...)
	}
	h.Write(body)
	return hex.EncodeToString(h.Sum(nil))
}

// ask makes a request one that the system may answer with "not modified".
func (k *known) ask(request *http.Request) {
	if k == nil || k.entry == nil {
		return
	}
	if tag := k.entry.Header.Get("Etag"); tag != "" {
		request.Header.Set("If-None-Match", tag)
	}
	if at := k.entry.Header.Get("Last-Modified"); at != "" {
		request.Header.Set("If-Modified-Since", at)
	}
}

// confirmed returns the answer that is kept in the place of one that says it still holds.
func (k *known) confirmed(response *http.Response) (*http.Response, error) {
	if k == nil || k.entry == nil {
		return nil, garbage(response.StatusCode, "the system says that nothing has changed, but we have asked for all of it")
	}
	for name, values := range k.entry.Header {
		if response.Header.Get(name) == "" {
			response.Header[name] = values
		}
	}
	response.StatusCode, response.Status = http.StatusOK, "200 OK"
	return read(response, k.entry.body), nil
}

// store keeps an answer, if the system can tell later whether it still holds.
func (k *known) store(response *http.Response, body []byte, secrets redactor) {
	if k == nil || response.StatusCode != http.StatusOK || len(body) > mostEntry {
		return
	}
	e := entry{Header: http.Header{}}
	for _, name := range kept {
		if values := response.Header.Values(name); len(values) > 0 {
			e.Header[name] = values
		}
	}
	if e.Header.Get("Etag") == "" && e.Header.Get("Last-Modified") == "" {
		return
	}
	e.Sum = sumOf(e.Header, body)
	head, err := json.Marshal(e)
	if err != nil || len(secrets.bytes(head)) != len(head) {
		return // a link with our token in it
	}
	k.cache.write(k.name, slices.Concat(head, []byte("\n"), body))
}

// write replaces an entry whole: it is written beside its place first.
func (c *cache) write(name string, data []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	temp := name + ".new"
	if c.root.WriteFile(temp, data, 0o600) != nil || c.root.Rename(temp, name) != nil {
		_ = c.root.Remove(temp)
		return
	}
	if c.size += int64(len(data)); c.size > c.most { // too much where one is replaced, until they are counted
		c.prune()
	}
}

// prune removes the entries that were not used for longest.
func (c *cache) prune() {
	files := c.files()
	slices.SortFunc(files, func(a, b fs.FileInfo) int {
		return cmp.Or(b.ModTime().Compare(a.ModTime()), cmp.Compare(a.Name(), b.Name()))
	})
	c.size = 0
	for _, f := range files {
		if c.size+f.Size() > c.most/2 {
			_ = c.root.Remove(f.Name()) // it is tried again next time
			continue
		}
		c.size += f.Size()
	}
}

// files are those in the folder that a cache has written.
func (c *cache) files() []fs.FileInfo {
	entries, _ := fs.ReadDir(c.root.FS(), ".") // of what cannot be listed, nothing is counted
	var files []fs.FileInfo
	for _, e := range entries {
		if info, err := e.Info(); err == nil && info.Mode().IsRegular() && len(e.Name()) >= 2*sha256.Size {
			files = append(files, info)
		}
	}
	return files
}
