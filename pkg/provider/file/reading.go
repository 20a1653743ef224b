package file

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/signpost-dev/signpost/pkg/provider/fact"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// reading is a file that is being read.
type reading struct {
	facts snapshot.Facts
	now   time.Time
	seen  map[string]string // where a fact with the same identifier is
}

// json reads a Facts object.
func (r *reading) json(data []byte) error {
	var lists map[string][]map[string]any
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber() // as they are, to be checked where they belong
	if err := d.Decode(&lists); err != nil {
		return fmt.Errorf("it is no JSON object with lists of facts: %w", err)
	}
	if d.More() {
		return errors.New("there is more after the JSON object; write all facts into one")
	}
	for _, name := range slices.Sorted(maps.Keys(lists)) {
		if _, ok := kinds[name]; !ok {
			return fmt.Errorf("there is no kind of facts %q; kinds are %s", fact.Name(name), kindNames())
		}
		for i, one := range lists[name] {
			if err := r.add(name, one, fmt.Sprintf("%s[%d]", name, i)); err != nil {
				return err
			}
		}
	}
	return nil
}

// add takes one fact, after what it holds was cleaned and what it leaves out is filled in.
func (r *reading) add(name string, one map[string]any, place string) error {
	k := kinds[name]
	if one == nil {
		return fmt.Errorf("%s is null and no fact", place)
	}
	for key, value := range one {
		one[key] = clean(key, value)
	}
	if err := k.complete(one, r.now); err != nil {
		return fmt.Errorf("%s: %w", place, err)
	}
	if !k.bare {
		id := fmt.Sprint(name, "\x00", one["entity"], "\x00", one["environment"], "\x00", one["id"])
		if other := r.seen[id]; other != "" {
			return fmt.Errorf("%s has the id %q of %s; give it another", place, one["id"], other)
		}
		r.seen[id] = place
	}
	data, err := json.Marshal(one)
	if err == nil {
		err = k.add(&r.facts, data)
	}
	if err != nil {
		return fmt.Errorf("%s: %s", place, strings.TrimPrefix(err.Error(), "json: "))
	}
	return nil
}

// complete checks what every fact needs.
func (k kind) complete(one map[string]any, now time.Time) error {
	if state, ok := one["state"]; k.states != nil && !slices.Contains(k.states, state) {
		if k.other == "" {
			return fmt.Errorf("the state %v is none of %v", quoted(state, ok), k.states)
		}
		one["state"] = k.other
	}
	if k.bare {
		return nil
	}
	entity, _ := one["entity"].(string)
	if kindOf, name, ok := strings.Cut(entity, ":"); !ok || kindOf == "" || name == "" {
		return fmt.Errorf("entity has to be a reference such as service:payments-api, not %q", entity)
	}
	if one["observed"] == nil {
		one["observed"] = now
	}
	if one["id"] == nil || one["id"] == "" {
		one["id"] = identified(one)
	}
	return nil
}

func quoted(state any, there bool) string {
	if !there {
		return "is missing and"
	}
	return fmt.Sprintf("%q", state)
}

// identified returns an identifier of what a fact says of itself.
func identified(one map[string]any) string {
	var parts []string
	for _, key := range []string{"entity", "environment", "number", "name", "version", "title", "level", "at", "opened"} {
		if value := one[key]; value != nil && value != "" {
			parts = append(parts, fmt.Sprint(value))
		}
	}
	return fact.Name(strings.Join(parts, " "))
}

// clean returns a value of JSON with texts that are only text, and addresses that are.
func clean(key string, value any) any {
	switch v := value.(type) {
	case string:
		switch key {
		case "url", "log":
			return fact.Link(v)
		case "runbook":
			return fact.Runbook(v)
		case "fix":
			return cleanLines(v)
		}
		return fact.Text(v)
	case []any:
		for i := range v {
			v[i] = clean(key, v[i])
		}
	case map[string]any:
		for inner := range v {
			v[inner] = clean(inner, v[inner])
		}
	}
	return value
}

// cleanLines cleans lines that go into a descriptor, where indents mean something.
func cleanLines(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		text := strings.TrimLeft(line, " ")
		lines[i] = line[:len(line)-len(text)] + fact.Text(text)
	}
	return strings.Join(lines, "\n")
}
