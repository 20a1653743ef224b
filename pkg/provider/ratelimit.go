package provider

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// longestWait is how long one question waits for its turn, all attempts together. A longer
// wait is left to the next run.
const longestWait = time.Minute

// limited tells whether an answer says that we ask too much. GitHub says so with 403 as
// well ("Rate limits for the REST API": primary and secondary limits).
func limited(r *http.Response) bool {
	switch r.StatusCode {
	case http.StatusTooManyRequests:
		return true
	case http.StatusForbidden:
		return r.Header.Get("Retry-After") != "" || r.Header.Get("X-RateLimit-Remaining") == "0"
	}
	return false
}

// waitAsked returns how long an answer asks us to wait: Retry-After in seconds or as a date
// (RFC 9110, 10.2.3), or the time at which a spent limit is filled up again.
func waitAsked(h http.Header, now time.Time) (time.Duration, bool) {
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		now = date // the system means its own clock
	}
	if after := strings.TrimSpace(h.Get("Retry-After")); after != "" {
		if date, err := http.ParseTime(after); err == nil {
			return max(date.Sub(now), 0), true
		}
		return seconds(after)
	}
	if h.Get("X-RateLimit-Remaining") != "0" {
		return 0, false
	}
	wait, ok := seconds(h.Get("X-RateLimit-Reset"))
	if ok && wait > secondsNotTime {
		wait = max(time.Unix(int64(wait/time.Second), 0).Sub(now), 0)
	}
	return wait, ok
}

// secondsNotTime tells the two meanings of X-RateLimit-Reset apart: GitHub names a Unix
// time, Datadog the seconds until then.
const secondsNotTime = 10 * 365 * 24 * time.Hour

// seconds reads a number of seconds, which has a fraction in some systems.
func seconds(text string) (time.Duration, bool) {
	n, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil || !(n >= 0) || n > 9e9 {
		return 0, false
	}
	return time.Duration(n * float64(time.Second)), true
}
