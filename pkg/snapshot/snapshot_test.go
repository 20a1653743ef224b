package snapshot

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"
)

var noon = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

func health(entity, environment string, state HealthState, at time.Time) Health {
	return Health{About: About{ID: "up", Entity: entity, Environment: environment, Observed: at}, State: state}
}

func deployed(entity, id string, state DeploymentState, at time.Time) Deployment {
	return Deployment{About: About{ID: id, Entity: entity, Environment: "production", Observed: at}, Version: id, State: state, At: at}
}

func services(n int, state HealthState, at time.Time) (all []Health) {
	for i := range n {
		all = append(all, health("service:s"+string(rune('a'+i)), "production", state, at))
	}
	return all
}

func TestMergeKeepsWhatIsKnown(t *testing.T) {
	hour := noon.Add(time.Hour)
	before := Merge(File{Provider: "metrics"}, noon, Fetched{Facts: Facts{Health: services(10, Healthy, noon)}}, false)
	if before.Problem != nil || !before.Fetched.Equal(noon) || len(before.Health) != 10 {
		t.Fatalf("at first: %+v", before)
	}

	t.Run("when an attempt fails", func(t *testing.T) {
		after := Merge(before, hour, Fetched{Err: &Problem{Kind: Auth, Message: "401"}}, false)
		if !reflect.DeepEqual(after.Facts, before.Facts) || !after.Fetched.Equal(noon) || !after.Tried.Equal(hour) {
			t.Errorf("the facts have changed: %+v", after)
		}
		if after.Problem == nil || after.Problem.Kind != Auth || !after.Problem.Since.Equal(hour) {
			t.Errorf("the problem is %+v", after.Problem)
		}
		again := Merge(after, hour.Add(time.Hour), Fetched{Err: &Problem{Kind: Timeout}}, false)
		if again.Problem.Kind != Timeout || !again.Problem.Since.Equal(hour) {
			t.Errorf("after two failures: %+v, want the second, since the first", again.Problem)
		}
		if well := Merge(again, hour, Fetched{Facts: before.Facts}, false); well.Problem != nil {
			t.Errorf("when it goes well again: %+v", well.Problem)
		}
	})

	t.Run("when one entity fails", func(t *testing.T) {
		now := Facts{Health: services(10, Degraded, hour)[1:], Problems: []Problem{{Kind: NotFound, Entity: "service:sa"}}}
		after := Merge(before, hour, Fetched{Facts: now}, false)
		if len(after.Health) != 10 || after.Health[0].State != Healthy || !after.Health[0].Observed.Equal(noon) || after.Health[1].State != Degraded {
			t.Errorf("its facts: %+v", after.Health)
		}
		if len(after.Problems) != 1 || !after.Problems[0].Since.Equal(hour) {
			t.Errorf("its problem: %+v", after.Problems)
		}
	})

	t.Run("when much is gone at once", func(t *testing.T) {
		for _, c := range []struct {
			left    int
			accept  bool
			refused bool
		}{{9, false, false}, {8, false, false}, {7, false, true}, {0, false, true}, {0, true, false}} {
			after := Merge(before, hour, Fetched{Facts: Facts{Health: services(10, Healthy, hour)[:c.left]}}, c.accept)
			if (after.Problem != nil) != c.refused {
				t.Errorf("%d of 10 are left: %+v", c.left, after.Problem)
			}
			if want := map[bool]int{true: 10, false: c.left}[c.refused]; len(after.Health) != want {
				t.Errorf("%d of 10 are left: %d are known, want %d", c.left, len(after.Health), want)
			}
		}
		after := Merge(before, hour, Fetched{}, false)
		if after.Problem.Kind != Loss || !strings.Contains(after.Problem.Message, "--accept-loss metrics") {
			t.Errorf("it says %+v", after.Problem)
		}
	})
}

// Systems forget what is over; alerts that end are no loss.
func TestMergeKeepsHistory(t *testing.T) {
	facts := Facts{
		Deployments: []Deployment{deployed("service:a", "1", Succeeded, noon)},
		Incidents: []Incident{
			{About: About{ID: "i1", Entity: "service:a", Observed: noon}, Title: "Down", State: Resolved, Opened: noon},
			{About: About{ID: "i2", Entity: "service:a", Observed: noon}, Title: "Slow", State: Triggered, Opened: noon},
		},
		Alerts: []Alert{{About: About{ID: "x", Entity: "service:a", Observed: noon}, Name: "Down", State: Firing}},
	}
	before := Merge(File{Provider: "p"}, noon, Fetched{Facts: facts}, false)
	day := noon.Add(24 * time.Hour)
	after := Merge(before, day, Fetched{Facts: Facts{Deployments: []Deployment{deployed("service:a", "2", Succeeded, day)}}}, false)
	if after.Problem != nil {
		t.Fatalf("%+v", after.Problem)
	}
	if len(after.Deployments) != 2 || after.Deployments[0].State != Inactive || after.Deployments[1].State != Succeeded {
		t.Errorf("deployments: %+v", after.Deployments)
	}
	if len(after.Incidents) != 1 || after.Incidents[0].ID != "i1" || len(after.Alerts) != 0 {
		t.Errorf("incidents %+v, alerts %+v", after.Incidents, after.Alerts)
	}
	much := Merge(after, noon.Add(Keep+48*time.Hour), Fetched{Facts: Facts{Deployments: []Deployment{deployed("service:a", "2", Succeeded, day)}}}, false)
	if len(much.Deployments) != 1 || len(much.Incidents) != 0 {
		t.Errorf("after three months: %+v", much.Facts)
	}
}

func TestStore(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "snapshots")
	if s, err := Open(dir); err != nil {
		t.Fatal(err)
	} else if files, err := s.Read(); err != nil || files != nil {
		t.Errorf("a store that is not there: %v %v", files, err)
	}
	s, err := Create(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	f := Merge(File{Provider: "metrics", Type: "prometheus"}, noon, Fetched{Facts: Facts{Health: services(3, Healthy, noon)}}, false)
	if err := s.Write(f); err != nil {
		t.Fatal(err)
	}
	first, _ := os.ReadFile(filepath.Join(dir, "metrics.json"))
	got, err := s.Read()
	if err != nil || len(got) != 1 || !reflect.DeepEqual(got[0], f) {
		t.Errorf("read %+v %v, wrote %+v", got, err, f)
	}
	f.Health[0], f.Health[2] = f.Health[2], f.Health[0]
	if err := s.Write(f); err != nil {
		t.Fatal(err)
	}
	if second, _ := os.ReadFile(filepath.Join(dir, "metrics.json")); string(first) != string(second) {
		t.Error("the same facts in another order are another file")
	}

	f.Health[0].State = "fine"
	if err := s.Write(f); err == nil || !strings.Contains(err.Error(), `health[0] (service:sc): state "fine" is none of healthy, progressing`) {
		t.Errorf("a state that is none: %v", err)
	}
	f.Provider = "../x"
	if err := s.Write(f); err == nil {
		t.Error("a name that leads outside was taken")
	}
	if now, _ := os.ReadFile(filepath.Join(dir, "metrics.json")); string(first) != string(now) {
		t.Error("the old state is gone")
	}
}

func TestStoreRefusesWhatItCannotShow(t *testing.T) {
	for about, c := range map[string][2]string{
		"no JSON":          {`{`, "p.json is no snapshot"},
		"a later version":  {`{"version": 2, "provider": "p"}`, "use a newer signpost"},
		"another provider": {`{"version": 1, "provider": "q"}`, `says that it is of the provider "q"`},
		"no entity":        {`{"version": 1, "provider": "p", "health": [{"id": "x", "state": "healthy"}]}`, "entity is missing"},
		"a script":         {`{"version": 1, "provider": "p", "health": [{"id": "x", "entity": "service:a", "observed": "2026-11-26T12:00:00Z", "state": "healthy", "url": "javascript:alert(1)"}]}`, "url \"javascript:alert(1)\" is no address"},
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "p.json"), []byte(c[0]), 0o666); err != nil {
			t.Fatal(err)
		}
		s, err := Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Read(); err == nil || !strings.Contains(err.Error(), c[1]) {
			t.Errorf("%s: %v", about, err)
		}
		s.Close()
	}
}

func TestHistory(t *testing.T) {
	s, err := Create(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	write := func(now time.Time, f Facts) {
		t.Helper()
		before, err := s.ReadOne("p")
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Write(Merge(before, now, Fetched{Facts: f}, true)); err != nil {
			t.Fatal(err)
		}
		if err := s.Remember(now); err != nil {
			t.Fatal(err)
		}
	}
	facts := Facts{
		Deployments: []Deployment{
			deployed("service:a", "1", Inactive, noon.Add(-time.Hour)), deployed("service:a", "2", Failed, noon), deployed("service:a", "3", Succeeded, noon),
			deployed("service:a", "4", Running, noon),
		},
		Incidents: []Incident{{
			About: About{ID: "i", Entity: "service:a", Observed: noon}, Title: "Down", State: Resolved,
			Opened: noon, Resolved: noon.Add(13 * time.Hour),
		}},
	}
	for range 2 { // counting again counts nothing twice
		write(noon, facts)
	}
	months, err := s.History()
	if err != nil || len(months) != 1 || months[0].Month != "2026-11" {
		t.Fatalf("%+v %v", months, err)
	}
	want := map[int]Day{26: {Deployed: 2, Failed: 1, Opened: 1}, 27: {Restored: []time.Duration{13 * time.Hour}}}
	if got := months[0].Entities["service:a"]; !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}

	// On the day on which its first facts are let go, a day is still counted whole.
	edge := Facts{Deployments: []Deployment{deployed("service:c", "1", Succeeded, noon.Add(-2*time.Hour)), deployed("service:c", "2", Succeeded, noon.Add(2*time.Hour))}}
	write(noon, Facts{Deployments: append(edge.Deployments, facts.Deployments...), Incidents: facts.Incidents})
	write(noon.Add(Keep), Facts{Deployments: append(edge.Deployments[1:], facts.Deployments...), Incidents: facts.Incidents})
	if months, err = s.History(); err != nil || months[0].Entities["service:c"][26].Deployed != 2 {
		t.Errorf("at the edge: %+v %v", months, err)
	}

	// What the facts have forgotten stays in the history.
	later := noon.Add(Keep + 48*time.Hour)
	write(later, Facts{Deployments: []Deployment{deployed("service:b", "9", Succeeded, later)}})
	months, err = s.History()
	if err != nil || len(months) != 2 || !reflect.DeepEqual(months[0].Entities["service:a"], want) || months[1].Entities["service:b"][later.Day()].Deployed != 1 {
		t.Errorf("three months later: %+v %v", months, err)
	}
}

// The history of a service that is deployed on a hundred days stays within two kilobytes
// for a year, and within four if lead times are known.
func TestHistoryIsSmall(t *testing.T) {
	if each := yearOf(t, false); each > 2048 {
		t.Errorf("a service takes %d bytes for a year", each)
	} else {
		t.Logf("a service takes %d bytes for a year", each)
	}
	if each := yearOf(t, true); each > 4096 {
		t.Errorf("with lead times a service takes %d bytes for a year", each)
	} else {
		t.Logf("with lead times a service takes %d bytes for a year", each)
	}
}

// yearOf returns how many bytes the history of a service has after a year.
func yearOf(t *testing.T, leads bool) int64 {
	t.Helper()
	dir := t.TempDir()
	s, err := Create(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	const entities = 10
	for day := 0; day < 365; day += 7 {
		at := time.Date(2026, 1, 1, 9, 0, 0, 0, time.UTC).AddDate(0, 0, day)
		var f Facts
		for i := range entities {
			name := "service:payments-service-" + string(rune('a'+i%26)) + string(rune('a'+i/26))
			f.Deployments = append(f.Deployments, deployed(name, at.String(), Inactive, at), deployed(name, at.String()+"b", Inactive, at.AddDate(0, 0, 2)))
		}
		for i := range f.Deployments {
			if leads {
				f.Deployments[i] = committed(f.Deployments[i], "production", 26*time.Hour)
			}
		}
		before, err := s.ReadOne("p")
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Write(Merge(before, at, Fetched{Facts: f}, true)); err != nil {
			t.Fatal(err)
		}
		if err := s.Remember(at); err != nil {
			t.Fatal(err)
		}
	}
	var bytes int64
	files, err := filepath.Glob(filepath.Join(dir, "history", "*.json"))
	if err != nil || len(files) < 12 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		info, err := os.Stat(f)
		if err != nil {
			t.Fatal(err)
		}
		bytes += info.Size()
	}
	return bytes / entities
}

// committed is a deployment of a commit that is so old by then.
func committed(d Deployment, environment string, lead time.Duration) Deployment {
	d.Environment, d.Commit = environment, d.Version
	d.Ended = d.At.Add(2 * time.Minute)
	d.Committed = d.Ended.Add(-lead)
	return d
}

func TestHistoryKeepsLeadTimes(t *testing.T) {
	dir := t.TempDir()
	s, err := Create(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	write := func(now time.Time, all ...Deployment) {
		t.Helper()
		if err := s.Write(Merge(File{Provider: "p"}, now, Fetched{Facts: Facts{Deployments: all}}, true)); err != nil {
			t.Fatal(err)
		}
		if err := s.Remember(now); err != nil {
			t.Fatal(err)
		}
	}
	again := committed(deployed("service:a", "1", Succeeded, noon.Add(time.Hour)), "production", 9*time.Hour)
	again.ID = "again"
	all := []Deployment{
		committed(deployed("service:a", "1", Inactive, noon), "production", 8*time.Hour),
		again, // the same commit once more: no new change
		committed(deployed("service:a", "2", Succeeded, noon), "staging", 30*time.Minute),
		committed(deployed("service:a", "3", Failed, noon), "production", time.Hour),
		committed(deployed("service:a", "4", Succeeded, noon), "canary", -time.Hour), // a wrong clock
		deployed("service:a", "5", Succeeded, noon),
	}
	write(noon, all...)
	leads := func() map[string]map[int][]int {
		t.Helper()
		months, err := s.History()
		if err != nil {
			t.Fatal(err)
		}
		return months[0].Leads
	}
	want := map[string]map[int][]int{"service:a": {26: {30, 480}}}
	if got := leads(); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	write(noon.Add(Keep + 72*time.Hour)) // when no fact tells of them any more
	if got := leads(); !reflect.DeepEqual(got, want) {
		t.Errorf("three months later: got %v, want %v", got, want)
	}

	var many []Deployment
	for i := range 101 {
		d := committed(deployed("service:a", strconv.Itoa(i), Inactive, noon), "production", time.Duration(i)*time.Minute)
		d.ID = strconv.Itoa(i)
		many = append(many, d)
	}
	write(noon, many...)
	if got := leads()["service:a"][26]; len(got) != mostLeads || got[mostLeads/2] < 48 || got[mostLeads/2] > 54 {
		t.Errorf("of 101 in one day %v are kept", got)
	}
}

// Files of before lead times were kept are read, and what we write is what a program of then
// reads: it knows other fields of a month.
func TestHistoryIsReadBothWays(t *testing.T) {
	dir := t.TempDir()
	s, err := Create(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	old := `{"version":1,"month":"2026-07","entities":{"service:a":{"5":[1,0,1,90]}}}`
	path := filepath.Join(dir, historyFolder, "2026-07.json")
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(old), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := s.Remember(noon.Add(Keep)); err != nil {
		t.Fatal(err)
	}
	if data, _ := os.ReadFile(path); strings.TrimSpace(string(data)) != old {
		t.Errorf("a month of before has become %s", data)
	}
	data, err := json.Marshal(Month{
		Version: 1, Month: "2026-07", Entities: map[string]map[int]Day{"service:a": {5: {Deployed: 1}}},
		Leads: map[string]map[int][]int{"service:a": {5: {90}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	var then struct {
		Version  int                         `json:"version"`
		Month    string                      `json:"month"`
		Entities map[string]map[string][]int `json:"entities"`
	}
	if err := json.Unmarshal(data, &then); err != nil || then.Version != 1 || !reflect.DeepEqual(then.Entities["service:a"]["5"], []int{1, 0, 0}) {
		t.Errorf("a program of before reads %+v %v of %s", then, err, data)
	}
	if err := os.WriteFile(path, []byte(`{"version":1,"month":"2026-07","entities":{},"leads":{"service:a":{"5":[-1]}}}`), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := s.History(); err == nil || !strings.Contains(err.Error(), "a lead time of service:a on day 5 is below zero") {
		t.Errorf("a lead time below zero: %v", err)
	}
}
