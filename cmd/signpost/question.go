package main

import (
	"regexp"
	"strings"
)

// question is what somebody asked, as far as it matters for the answer: most questions
// have the same one, which is all that is known of what they are about.
type question struct {
	asked      string // as written
	about      string // what it is about; empty for who is on call anywhere
	dependents bool   // asks what fails with it
}

// form is one way in which people ask. Its last group is what they ask about.
type form struct {
	pattern    *regexp.Regexp
	dependents bool
}

func asks(pattern string) form { return form{pattern: regexp.MustCompile(`(?i)^(?:` + pattern + `)$`)} }

func asksDependents(pattern string) form {
	f := asks(pattern)
	f.dependents = true
	return f
}

// forms are tried in this order: the narrow ones first.
var forms = []form{
	asksDependents(`(?:what|who|which \w+) (?:all )?(?:depends? (?:up)?on|uses?|consumes?|calls?|needs?|relies on|(?:breaks?|fails?|goes down) with(?:out)?|is affected by) (.+)`),
	asksDependents(`what (?:else )?(?:breaks|fails|stops|happens|goes down) (?:if|when) (.+?) (?:fails|breaks|stops|dies|is down|goes down)`),
	asksDependents(`(?:the )?(?:dependents|users|consumers) of (.+)`),
	asks(`what does (.+?) (?:depend on|use|need|consume|provide|own|do)`),
	asks(`who(?:m|se)?\b.*?\bon[- ]?call\b.*?\bfor (.+)`),
	asks(`who (?:is|are) on[- ]?call()`),
	asks(`who(?:m|se)?\b.*?\b(?:owns?|maintains?|runs?|leads?|manages?|(?:responsible|accountable|answers?|page|call) for|(?:talk|write|speak) to about|(?:ask|contact|call|page) about|contact for|in charge of|behind) (.+)`),
	asks(`(?:who|whose|what|how|which) (?:is|are) (.+)`),
	asks(`where (?:does|do|is|are|can i find) (.+?)(?: (?:run|running|deployed|hosted|live|lives))?`),
	asks(`(?:the )?(?:owners?|runbooks?|on[- ]?call|channels?|repositor(?:y|ies)|repos?|dashboards?|environments?|members|teams?|e-?mail|manager|contacts?|docs?|documentation|postmortems?|decisions?|guides?) (?:of|for|about|on) (.+)`),
	asks(`(?:tell|show) me (?:about )?(.+)`),
}

var (
	short    = regexp.MustCompile(`(?i)^(who|what|where)['’]?s\b`)
	article  = regexp.MustCompile(`(?i)^(?:the|our|my)\s+`)
	whenever = regexp.MustCompile(`(?i)(?:,?\s+(?:and\s+)?(?:who(?:['’]s|\s+is)?\s+)?(?:right now|now|today|tonight|currently|next|after that|please))+$`)
)

// understand takes a question apart. Words that are no question stay as they are.
func understand(asked string) question {
	q := question{asked: asked, about: strings.TrimSpace(asked)}
	text := strings.Join(strings.Fields(strings.TrimRight(q.about, "?!. ")), " ")
	text = whenever.ReplaceAllString(short.ReplaceAllString(text, "$1 is"), "")
	for _, f := range forms {
		if found := f.pattern.FindStringSubmatch(text); found != nil {
			q.about = article.ReplaceAllString(found[len(found)-1], "")
			q.dependents = f.dependents
			return q
		}
	}
	q.about = article.ReplaceAllString(q.about, "")
	return q
}
