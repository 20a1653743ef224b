package prometheus

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/provider/providertest"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// TestRealPrometheus asks a real Prometheus that watches itself and something that is down.
func TestRealPrometheus(t *testing.T) {
	program := providertest.Program(t, "/usr/bin/prometheus")
	dir, port, down := t.TempDir(), providertest.Port(t), providertest.Port(t)
	config := fmt.Sprintf("global: {scrape_interval: 1s, scrape_timeout: 1s}\nscrape_configs:\n"+
		"- {job_name: itself, static_configs: [{targets: ['127.0.0.1:%s']}]}\n"+
		"- {job_name: down, static_configs: [{targets: ['127.0.0.1:%s']}]}\n", port, down)
	if err := os.WriteFile(filepath.Join(dir, "prometheus.yml"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	url := "http://127.0.0.1:" + port
	providertest.Start(t, dir, url+"/-/ready", program, "--config.file=prometheus.yml", "--storage.tsdb.path=data", "--web.listen-address=127.0.0.1:"+port)
	p, err := New(providertest.Settings("prometheus", url))
	if err != nil {
		t.Fatal(err)
	}
	request := provider.Request{Subjects: []provider.Subject{
		subject("up", "query", `up{job="itself"} == bool 1`, "latency", "1000 * vector(0.25)", "errors", "vector(0) / vector(0)", "baseline", "vector(100)"),
		subject("down", "query", `up{job="down"}`),
		subject("both", "query", "up", "errors", "vector(2.5)"),
		subject("nothing", "query", "no_such_metric"),
		subject("nan", "query", "vector(0) / vector(0)"),
		subject("range", "query", "up[5m]"),
		subject("text", "query", `"hello"`),
		subject("wrong", "query", "up{"),
	}}
	var facts snapshot.Facts
	states := map[string]snapshot.Health{}
	providertest.Eventually(t, "both targets were scraped", func() bool {
		clear(states)
		request.Now = time.Now()
		if facts, err = p.Fetch(context.Background(), request); err != nil {
			t.Fatal(err)
		}
		for _, h := range facts.Health {
			states[h.Entity] = h
		}
		return states["service:both"].State == snapshot.Degraded
	})
	for name, want := range map[string]snapshot.HealthState{"up": "healthy", "down": "unhealthy", "both": "degraded", "nothing": "unknown", "nan": "unknown"} {
		if got := states["service:"+name].State; got != want {
			t.Errorf("%s is %q, not %q", name, got, want)
		}
	}
	up := states["service:up"]
	if len(up.Measures) != 1 || up.Measures[0].Value != 250 || *up.Measures[0].Baseline != 100 {
		t.Errorf("measures of up: %+v", up.Measures)
	}
	// A constant is what it was seven days ago.
	if both := states["service:both"].Measures; len(both) != 1 || both[0].Value != 2.5 || both[0].Baseline == nil || *both[0].Baseline != 2.5 {
		t.Errorf("measures of both: %+v", both)
	}
	if !strings.HasPrefix(up.URL, url+"/graph?g0.expr=up") {
		t.Errorf("the address is %q", up.URL)
	}
	var problems []string
	for _, p := range facts.Problems {
		problems = append(problems, p.Entity+" "+string(p.Kind))
	}
	if got := strings.Join(problems, ", "); got != "service:range configuration, service:text configuration, service:wrong configuration" {
		t.Errorf("problems: %s", got)
	}
}
