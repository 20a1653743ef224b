package providertest

import (
	"net/http"
	"strconv"
	"strings"
)

// number is that of a query parameter.
func number(r *http.Request, name string) int {
	n, _ := strconv.Atoi(r.FormValue(name)) // none is 0
	return n
}

// PagerDuty answers as PagerDuty does, with its envelope of lists ("Pagination").
func PagerDuty(token string, all Answers) *System {
	return &System{
		Answers: all,
		Empty:   []string{"/services", "/escalation_policies", "/schedules", "/oncalls", "/incidents"},
		Refuses: func(r *http.Request) int {
			switch {
			case r.Header.Get("Authorization") != "Token token="+token:
				return http.StatusUnauthorized
			case r.Header.Get("Accept") != "application/vnd.pagerduty+json;version=2":
				return http.StatusNotAcceptable
			}
			return 0
		},
		Page: func(r *http.Request, cut Cut) any {
			offset, limit := number(r, "offset"), number(r, "limit")
			part, of := cut(offset, limit)
			return Object(r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:], part, "limit", limit, "offset", offset, "more", offset+len(part) < of, "total", nil)
		},
	}
}

// Opsgenie answers as Opsgenie does. Where pages go on it names an address elsewhere, which
// nobody must follow.
func Opsgenie(key string, all Answers) *System {
	return &System{
		Answers: all,
		Refuses: func(r *http.Request) int {
			if r.Header.Get("Authorization") != "GenieKey "+key {
				return http.StatusUnauthorized
			}
			return 0
		},
		Page: func(r *http.Request, cut Cut) any {
			part, of := cut(number(r, "offset"), number(r, "limit"))
			return Object("data", part, "paging", next(number(r, "offset")+len(part) < of))
		},
	}
}

// JSM answers as the operations of Jira Service Management do.
func JSM(user, token string, all Answers) *System {
	return &System{
		Answers: all,
		Refuses: func(r *http.Request) int {
			if u, password, _ := r.BasicAuth(); u != user || password != token {
				return http.StatusUnauthorized
			}
			return 0
		},
		Page: func(r *http.Request, cut Cut) any {
			part, of := cut(number(r, "offset"), number(r, "size"))
			return Object("values", part, "links", next(number(r, "offset")+len(part) < of))
		},
	}
}

func next(more bool) map[string]any {
	if !more {
		return Object()
	}
	return Object("next", "https://elsewhere.example.com/?offset=7")
}

// Datadog answers as Datadog does: each of its lists has another envelope.
func Datadog(apiKey, applicationKey string, all Answers) *System {
	s := &System{
		Answers: all,
		Empty:   []string{"/api/v1/monitor", "/api/v1/slo/search", "/api/v2/incidents/search"},
		Refuses: func(r *http.Request) int {
			if r.Header.Get("DD-API-KEY") != apiKey || r.Header.Get("DD-APPLICATION-KEY") != applicationKey {
				return http.StatusForbidden // as Datadog does
			}
			return 0
		},
	}
	s.Page = func(r *http.Request, cut Cut) any {
		switch r.URL.Path {
		case "/api/v1/slo/search":
			size := number(r, "page[size]")
			if s.Most > 0 {
				size = min(size, s.Most)
			}
			part, of := cut(number(r, "page[number]")*size, size)
			return Object("data", Object("attributes", Object("slos", inData(part))), "meta", Object("pagination", Object("total", of)))
		case "/api/v2/incidents/search":
			part, of := cut(number(r, "page[offset]"), number(r, "page[size]"))
			return Object("data", Object("attributes", Object("total", of, "incidents", inData(part))))
		}
		part, _ := cut(number(r, "page")*number(r, "page_size"), number(r, "page_size"))
		return part
	}
	return s
}

// inData wraps each item as Datadog does in lists of things that it also tells one by one.
func inData(all []any) []any {
	wrapped := []any{}
	for _, x := range all {
		wrapped = append(wrapped, Object("data", x))
	}
	return wrapped
}
