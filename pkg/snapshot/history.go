package snapshot

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"
)

// historyFolder is where a store keeps what outlasts its facts: a file for each month.
const historyFolder = "history"

// Day is what happened to an entity on one day (UTC).
type Day struct {
	Deployed int             // deployments that went well
	Failed   int             // deployments that failed or were rolled back
	Opened   int             // incidents that began
	Restored []time.Duration // how long each incident took that ended on this day
}

// none reports whether nothing happened.
func (d Day) none() bool { return d.Deployed+d.Failed+d.Opened == 0 && len(d.Restored) == 0 }

// Month is what happened in one month, by entity and day of the month. Days on which
// nothing happened are not in it.
type Month struct {
	Version  int                    `json:"version"`
	Month    string                 `json:"month"` // "2026-11"
	Entities map[string]map[int]Day `json:"entities"`
}

// MarshalJSON writes a day as numbers: deployed, failed, opened, and how long each restored
// incident took in minutes. An entity that is deployed a hundred times a year takes two
// kilobytes for that year.
func (d Day) MarshalJSON() ([]byte, error) {
	numbers := []int{d.Deployed, d.Failed, d.Opened}
	for _, took := range d.Restored {
		numbers = append(numbers, int(took/time.Minute))
	}
	return json.Marshal(numbers)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (d *Day) UnmarshalJSON(data []byte) error {
	var numbers []int
	if err := json.Unmarshal(data, &numbers); err != nil {
		return err
	}
	if len(numbers) < 3 || slices.Min(numbers) < 0 {
		return fmt.Errorf("a day is %s; it is at least three numbers: deployed, failed, opened", data)
	}
	d.Deployed, d.Failed, d.Opened, d.Restored = numbers[0], numbers[1], numbers[2], nil
	for _, n := range numbers[3:] {
		d.Restored = append(d.Restored, time.Duration(n)*time.Minute)
	}
	return nil
}

// rollUp counts what facts tell of, by month.
func rollUp(files []File) map[string]*Month {
	months := map[string]*Month{}
	on := func(entity string, at time.Time, change func(*Day)) {
		at = at.UTC()
		name := at.Format("2006-01")
		m := months[name]
		if m == nil {
			m = &Month{Version: Version, Month: name, Entities: map[string]map[int]Day{}}
			months[name] = m
		}
		if m.Entities[entity] == nil {
			m.Entities[entity] = map[int]Day{}
		}
		d := m.Entities[entity][at.Day()]
		change(&d)
		m.Entities[entity][at.Day()] = d
	}
	for _, f := range files {
		for _, d := range f.Deployments {
			switch d.State {
			case Succeeded, Inactive:
				on(d.Entity, d.At, func(day *Day) { day.Deployed++ })
			case Failed, RolledBack:
				on(d.Entity, d.At, func(day *Day) { day.Failed++ })
			}
		}
		for _, i := range f.Incidents {
			on(i.Entity, i.Opened, func(day *Day) { day.Opened++ })
			if i.State == Resolved && i.Resolved.After(i.Opened) {
				on(i.Entity, i.Resolved, func(day *Day) { day.Restored = append(day.Restored, i.Resolved.Sub(i.Opened)) })
			}
		}
	}
	return months
}

// Remember writes what the facts of all providers tell of into the history. Facts are kept
// for ninety days and counted anew each time; older days stay as they were.
func (s *Store) Remember(now time.Time) error {
	files, err := s.Read()
	if err != nil {
		return err
	}
	known, err := s.History()
	if err != nil {
		return err
	}
	oldest := now.Add(-Keep + 48*time.Hour).UTC() // before the first fact of a day is let go, its count is final
	fresh := rollUp(files)
	for _, old := range known {
		m := fresh[old.Month]
		if m == nil {
			m = &Month{Version: Version, Month: old.Month, Entities: map[string]map[int]Day{}}
			fresh[old.Month] = m
		}
		m.takeOver(old, oldest)
	}
	for name, m := range fresh {
		if err := s.writeMonth(name, m); err != nil {
			return fmt.Errorf("writing %s: %w", path.Join(s.path, historyFolder, name+".json"), err)
		}
	}
	return nil
}

// takeOver takes the days of an older count that end before an instant.
func (m *Month) takeOver(old Month, before time.Time) {
	first, _ := time.Parse("2006-01", old.Month) // History has checked it
	for entity, days := range old.Entities {
		for n, d := range days {
			if !first.AddDate(0, 0, n).Before(before) || d.none() {
				continue
			}
			if m.Entities[entity] == nil {
				m.Entities[entity] = map[int]Day{}
			}
			m.Entities[entity][n] = d
		}
	}
}

func (s *Store) writeMonth(name string, m *Month) error {
	data, err := json.Marshal(m)
	if err != nil {
		return err
	}
	if err := s.dir.Root().MkdirAll(historyFolder, 0o755); err != nil {
		return err
	}
	return s.replace(path.Join(historyFolder, name+".json"), append(data, '\n'))
}

// monthFile is how a file of the history is named.
var monthFile = regexp.MustCompile(`^[0-9]{4}-(0[1-9]|1[0-2])\.json$`)

// History returns the months of which something is known, the oldest first.
func (s *Store) History() ([]Month, error) {
	if s.dir == nil {
		return nil, nil
	}
	entries, err := s.dir.List(historyFolder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", path.Join(s.path, historyFolder), err)
	}
	var months []Month
	for _, e := range entries {
		if !e.Mode().IsRegular() || !monthFile.MatchString(e.Name()) {
			continue
		}
		m, err := s.readMonth(e.Name())
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path.Join(s.path, historyFolder, e.Name()), err)
		}
		months = append(months, m)
	}
	slices.SortFunc(months, func(a, b Month) int { return strings.Compare(a.Month, b.Month) })
	return months, nil
}

func (s *Store) readMonth(name string) (m Month, err error) {
	data, size, err := s.dir.ReadFile(path.Join(historyFolder, name), mostBytes)
	if err != nil {
		return m, err
	}
	if size > mostBytes {
		return m, fmt.Errorf("it has %d bytes; a month may have %d", size, mostBytes)
	}
	if err := json.Unmarshal(data, &m); err != nil {
		return m, fmt.Errorf("it is no month of a history: %w", err)
	}
	if m.Version != Version || m.Month+".json" != name {
		return m, fmt.Errorf("it says that it is of version %d and of the month %q", m.Version, m.Month)
	}
	return m, nil
}
