package snapshot

import (
	"cmp"
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
	// Leads are the lead times of the commits that were deployed on a day for the first time,
	// in minutes and in order. They stand beside the days and not in them, so that programs
	// that know nothing of them read the file as before.
	Leads map[string]map[int][]int `json:"leads,omitempty"`
}

// mostLeads is how many lead times of one day are kept. Of more those are that stand at equal
// distances in their order, so that the median stays what it is and the file small.
const mostLeads = 16

// MarshalJSON writes a day as numbers: deployed, failed, opened, and how long each restored
// incident took in minutes. An entity that is deployed on a hundred days takes less than two
// kilobytes for that year, and less than four with lead times.
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

// months are what happened, by month: "2026-11".
type months map[string]*Month

// of returns a month, which is made if it is not there.
func (all months) of(name string) *Month {
	if all[name] == nil {
		all[name] = &Month{Version: Version, Month: name, Entities: map[string]map[int]Day{}}
	}
	return all[name]
}

// put sets what is known of a day of an entity, in a table that may be nil.
func put[T any](table *map[string]map[int]T, entity string, day int, value T) {
	if *table == nil {
		*table = map[string]map[int]T{}
	}
	if (*table)[entity] == nil {
		(*table)[entity] = map[int]T{}
	}
	(*table)[entity][day] = value
}

// rollUp counts what facts tell of, by month.
func rollUp(files []File) months {
	all := months{}
	on := func(entity string, at time.Time, change func(*Day)) {
		at = at.UTC()
		m := all.of(at.Format("2006-01"))
		d := m.Entities[entity][at.Day()]
		change(&d)
		put(&m.Entities, entity, at.Day(), d)
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
	all.takeLeads(files)
	return all
}

// takeLeads notes how long commits took to be deployed. A commit that is deployed to an
// environment again, as when a later one is taken back, has come there already: it counts
// once, and so it does if two systems tell of it.
func (all months) takeLeads(files []File) {
	type change struct{ entity, environment, commit string }
	first := map[change]Deployment{}
	for _, f := range files {
		for _, d := range f.Deployments {
			if _, ok := d.Lead(); !ok {
				continue
			}
			c := change{d.Entity, d.Environment, cmp.Or(d.Commit, d.Version)}
			if known, ok := first[c]; !ok || d.Ended.Before(known.Ended) {
				first[c] = d
			}
		}
	}
	for _, d := range first {
		lead, _ := d.Lead()
		at := d.Ended.UTC()
		m := all.of(at.Format("2006-01"))
		put(&m.Leads, d.Entity, at.Day(), append(m.Leads[d.Entity][at.Day()], int(lead/time.Minute)))
	}
	for _, m := range all {
		for _, days := range m.Leads {
			for n := range days {
				days[n] = few(days[n])
			}
		}
	}
}

// few puts lead times in order, and leaves some out if there are too many.
func few(leads []int) []int {
	slices.Sort(leads)
	if len(leads) <= mostLeads {
		return leads
	}
	kept := make([]int, mostLeads)
	for i := range kept {
		kept[i] = leads[(2*i+1)*len(leads)/(2*mostLeads)]
	}
	return kept
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
		fresh.of(old.Month).takeOver(old, oldest)
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
	final := func(day int) bool { return first.AddDate(0, 0, day).Before(before) }
	for entity, days := range old.Entities {
		for n, d := range days {
			if final(n) && !d.none() {
				put(&m.Entities, entity, n, d)
			}
		}
	}
	for entity, days := range old.Leads {
		for n, leads := range days {
			if final(n) && len(leads) > 0 {
				put(&m.Leads, entity, n, leads)
			}
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
	for entity, days := range m.Leads {
		for n, leads := range days {
			if len(leads) > 0 && slices.Min(leads) < 0 {
				return m, fmt.Errorf("a lead time of %s on day %d is below zero", entity, n)
			}
		}
	}
	return m, nil
}
