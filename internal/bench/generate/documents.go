package generate

import (
	"fmt"
	"strconv"
	"strings"
)

var (
	things = strings.Fields(`backlog cache certificate checkpoint client cluster connection consumer container cursor
		database deadline deployment disk endpoint error failover flag gauge handler heartbeat index instance interval
		journal key latency leader lease limit listener lock log manifest message metric migration mirror node offset
		operator page partition payload permission pipeline pod pool port probe process producer proxy queue quota rate
		reader record region release replica request resolver response retry rollout route runner schedule schema secret
		segment session shard signature snapshot socket standby storage stream subscription switch table tenant thread
		threshold timeout token topic trace transaction trigger tunnel update upstream vacuum volume watcher window zone`)
	adjectives = strings.Fields(`active ambiguous blocked broken busy cold corrupt delayed duplicate empty expired failing
		frozen full idle incomplete inconsistent late locked lost missing noisy oldest open orphaned partial pending primary
		quiet rejected remote secondary silent slow stale stuck unknown unreachable wrong`)
	verbs = strings.Fields(`acknowledge archive cancel check compare confirm copy count detach disable drain enable
		escalate flush freeze halve inspect isolate list lower measure merge move narrow pause promote purge raise rebuild
		refresh reject release reload repeat replace restart restore resume retry revert rotate sample shift skip stop
		swap trim unlock verify widen`)
	// In patterns % stands for a word: n a thing, a an adjective, v a verb, d a number.
	patterns = []string{
		"When the %n stays %a for more than %d minutes, %v the %n before anybody else does.",
		"The %n of the %a %n tells you more than the graph of the %n does.",
		"Do not %v the %n while the %n is %a; the %n will follow and take the %n with it.",
		"First %v the %n, then look at the %n again after %d seconds.",
		"A %a %n is normal up to %d; above that the %n has most likely stopped.",
		"If the %n cannot %v its %n, ask whoever owns the %a %n, and write down the time.",
		"Most of the %n comes from one %a %n, which can be found in the table below.",
		"It takes about %d minutes until the %n is no longer %a.",
		"Every %n that is %a counts against the %n of the month, so %v early.",
		"Nobody has seen a %a %n since the %n was moved, and yet the %n remains.",
		"You can %v up to %d at once without the %n noticing.",
		"The %a %n is the one whose `%n` differs from its `%n` by more than %d.",
		"After that, %v and %v the %n in this order, since the %n remembers the last %n.",
		"With %d or fewer left, the %n turns %a and callers see a **%a %n**.",
		"Whoever decides to %v the %n also tells the callers of the %n, in their channel.",
	}
	symptoms = strings.Fields("backlog timeout latency saturation rejection drift expiry corruption starvation lag overload failover")
)

// sentence writes one sentence.
func sentence(r *random) string {
	pattern := r.of(patterns)
	var b strings.Builder
	for {
		before, after, found := strings.Cut(pattern, "%")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		switch after[0] {
		case 'n':
			b.WriteString(r.of(things))
		case 'a':
			b.WriteString(r.of(adjectives))
		case 'v':
			b.WriteString(r.of(verbs))
		case 'd':
			b.WriteString(strconv.Itoa(r.between(2, 9000)))
		}
		pattern = after[1:]
	}
}

// prose writes paragraphs of so many words, up to the end of a sentence.
func (w *writer) prose(r *random, words int) {
	for words > 0 {
		for range r.between(2, 5) {
			s := sentence(r)
			w.text.WriteString(s)
			w.text.WriteByte('\n')
			if words -= strings.Count(s, " ") + 1; words <= 0 {
				break
			}
		}
		w.text.WriteByte('\n')
	}
}

func (w *writer) heading(r *random, verb string) {
	fmt.Fprintf(&w.text, "## %s the %s %s\n\n", verb, r.of(adjectives), r.of(things))
}

// The services of a name have one or two runbooks, about different symptoms.
func runbookName(service, n int) string {
	thing := randomFor(forRunbook, service).of(things)
	return thing + "-" + symptoms[(service+n*5)%len(symptoms)]
}

// asideWords is how many words a runbook has beside its prose: in the table, the steps
// and the code.
const asideWords = 200

// runbook writes a runbook of 300 to 800 words, with a table and two blocks of code.
func (w *writer) runbook(service, n int) {
	r := randomFor(forRunbook, service*2+n)
	name := runbookName(service, n)
	words := r.between(300, 800) - asideWords
	w.text.Reset()
	fmt.Fprintf(&w.text, `---
title: %[1]s
severity: sev%[2]d
alerts: [%[3]s%[4]d]
lastVerified: 2026-%02[5]d-%02[6]d
reviewEvery: 365d
---

# %[1]s

`, titled(name)+" of "+serviceName(service), r.between(1, 4), "Alert", service*2+n, r.between(1, 10), r.between(1, 28))
	w.prose(r, words/4)
	w.heading(r, "Confirm")
	w.table(r)
	w.code(r, service)
	w.prose(r, words/4)
	w.heading(r, "Relieve")
	w.steps(r)
	w.code(r, service)
	w.prose(r, words/4)
	w.heading(r, "Clear")
	fmt.Fprintf(&w.text, "The decision behind this is [number 1](../adr/%s); what it is about is [here](../service.yaml).\n\n", decisionFile)
	w.prose(r, words/4)
	w.file("services/"+serviceName(service)+"/runbooks/"+name+".md", w.text.Bytes())
	w.shape.Runbooks++
}

func (w *writer) table(r *random) {
	w.text.WriteString("| Sign | Limit | Means |\n|---|---:|---|\n")
	for range r.between(3, 6) {
		fmt.Fprintf(&w.text, "| `%s_%s` | %d | a %s %s |\n", r.of(things), r.of(things), r.between(1, 5000), r.of(adjectives), r.of(things))
	}
	w.text.WriteByte('\n')
}

func (w *writer) steps(r *random) {
	for i := range r.between(3, 6) {
		fmt.Fprintf(&w.text, "%d. **%s the %s.** %s\n", i+1, titled(r.of(verbs)), r.of(things), sentence(r))
	}
	w.text.WriteByte('\n')
}

const decisionFile = "0001-where-it-keeps-its-state.md"

// decision writes an architecture decision record of 200 to 500 words.
func (w *writer) decision(service int) {
	r := randomFor(forDecision, service)
	w.text.Reset()
	fmt.Fprintf(&w.text, `---
title: Where %[1]s keeps its %[2]s
number: 1
status: accepted
date: 2025-%02[3]d-%02[4]d
---

# 1. Where %[1]s keeps its %[2]s

`, serviceName(service), r.of(things), r.between(1, 12), r.between(1, 28))
	words := r.between(200, 500)
	for _, title := range []string{"Context", "Options considered", "Decision", "Consequences"} {
		fmt.Fprintf(&w.text, "## %s\n\n", title)
		w.prose(r, words/4)
	}
	w.file("services/"+serviceName(service)+"/adr/"+decisionFile, w.text.Bytes())
	w.shape.Decisions++
}
