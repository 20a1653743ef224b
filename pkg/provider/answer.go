package provider

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
)

// bodyOfAnswer reads the body of an answer and unpacks it, within the limit both times.
func bodyOfAnswer(r *http.Response, most int64) ([]byte, error) {
	packed, err := limitedRead(r.Body, most, r.StatusCode)
	if err != nil {
		return nil, err
	}
	switch encoding := strings.ToLower(strings.TrimSpace(r.Header.Get("Content-Encoding"))); {
	case encoding == "" || encoding == "identity" || len(packed) == 0:
		return packed, nil
	case encoding == "gzip" || encoding == "x-gzip":
		return unpacked(packed, most, r.StatusCode)
	default:
		return nil, garbage(r.StatusCode, "the answer is packed with %q, which nobody asked for", encoding)
	}
}

// unpacked undoes gzip. A few kilobytes can hold gigabytes, so what comes out is counted.
func unpacked(packed []byte, most int64, status int) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, garbage(status, "the answer is broken gzip: %v", err)
	}
	data, err := limitedRead(z, most, status)
	if _, ours := err.(*Error); err != nil && !ours {
		return nil, garbage(status, "the answer is broken gzip: %v", err)
	}
	return data, err
}

func limitedRead(r io.Reader, most int64, status int) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, most+1))
	if err == nil && int64(len(data)) > most {
		err = garbage(status, "the answer has more than %d MiB", most>>20)
	}
	if err != nil {
		return nil, err
	}
	return data, nil
}

// checkAnswer refuses successes that are none: pages for people, nothing at all, and JSON
// that decoders understand differently or choke on. Libraries on HTTP are served by this as
// well.
func checkAnswer(request *http.Request, r *http.Response, body []byte) error {
	if r.StatusCode < 200 || r.StatusCode > 299 || !strings.Contains(request.Header.Get("Accept"), "json") {
		return nil
	}
	if r.StatusCode == http.StatusNoContent || r.StatusCode == http.StatusAccepted && len(body) == 0 {
		return nil
	}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind == "text/html" || kind == "application/xhtml+xml" || bytes.HasPrefix(bytes.TrimSpace(body), []byte("<")) {
		return garbage(r.StatusCode, "the answer is a page for people and not JSON, perhaps to sign in; is the address right, and does the token still hold?")
	}
	if kind != "" && kind != "text/plain" && !strings.HasSuffix(kind, "json") {
		return garbage(r.StatusCode, "the answer is %s and not JSON; is the address right?", kind)
	}
	if err := Strict(body); err != nil {
		return garbage(r.StatusCode, "%v", err)
	}
	return nil
}

// detail returns what the JSON of a refusal says to people, if anything, for a line of text.
func detail(body []byte) string {
	var said struct {
		Message any `json:"message"`
		Error   any `json:"error"`
	}
	if deeper(body, mostDepth) || decode(body, &said) != nil {
		return ""
	}
	for _, v := range []any{said.Message, said.Error} {
		if text, ok := v.(string); ok && text != "" {
			return ": " + line(text)
		}
		if m, ok := v.(map[string]any); ok && m["message"] != nil {
			return ": " + line(fmt.Sprint(m["message"]))
		}
	}
	return ""
}

// line makes a short line of a text that a system sends: no control characters, which
// would move the cursor of a terminal.
func line(text string) string {
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r < ' ' || r >= 0x7f && r < 0xa0 }), " ")
	if runes := []rune(text); len(runes) > 200 {
		text = string(runes[:200]) + "…"
	}
	return text
}
