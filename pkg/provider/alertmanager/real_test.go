package alertmanager

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/signpost-dev/signpost/pkg/provider/providertest"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// config sends alerts nowhere. Whatever has the severity page inhibits warnings of the same
// service.
const config = `
route: {receiver: nobody, group_wait: 1s}
receivers: [{name: nobody}]
inhibit_rules: [{source_matchers: [severity="page"], target_matchers: [severity="warning"], equal: [service]}]
`

// TestRealAlertmanager posts alerts and a silence to a real Alertmanager, and reads them.
func TestRealAlertmanager(t *testing.T) {
	program := providertest.Program(t, "/usr/bin/prometheus-alertmanager")
	dir, port := t.TempDir(), providertest.Port(t)
	if err := os.WriteFile(filepath.Join(dir, "am.yml"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	url := "http://127.0.0.1:" + port
	providertest.Start(t, dir, url+"/-/ready", program, "--config.file=am.yml", "--storage.path=data", "--web.listen-address=127.0.0.1:"+port, "--cluster.listen-address=")
	end := time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	post(t, url+"/api/v2/silences", `{"matchers":[{"name":"alertname","value":"Noisy","isRegex":false,"isEqual":true}],
		"startsAt":"`+time.Now().UTC().Format(time.RFC3339Nano)+`","endsAt":"`+end+`","createdBy":"test","comment":"known"}`)
	post(t, url+"/api/v2/alerts", `[
		{"labels":{"alertname":"Down","service":"pay","severity":"page"},"annotations":{"summary":"pay is down","runbook_url":"https://wiki.example/down"},"generatorURL":"https://prometheus.example/g"},
		{"labels":{"alertname":"Slow","service":"pay","severity":"warning"}},
		{"labels":{"alertname":"Noisy","app":"find","severity":"warning"}},
		{"labels":{"alertname":"Stray","service":"nobody"}}]`)

	var facts snapshot.Facts
	silenced := func(name string) bool {
		return slices.ContainsFunc(facts.Alerts, func(a snapshot.Alert) bool { return a.Name == name && a.Silenced })
	}
	providertest.Eventually(t, "one alert is inhibited and one silenced", func() bool {
		var err error
		if facts, err = fetch(t, url, nil, subject("service:pay", "production", nil), subject("service:find", "production", nil)); err != nil {
			t.Fatal(err)
		}
		return silenced("Slow") && silenced("Noisy")
	})
	if len(facts.Alerts) != 3 {
		t.Errorf("alerts: %+v", facts.Alerts)
	}
	i := slices.IndexFunc(facts.Alerts, func(a snapshot.Alert) bool { return a.Name == "Down" })
	if i < 0 {
		t.Fatalf("Down is missing: %+v", facts.Alerts)
	}
	down := facts.Alerts[i]
	if down.State != snapshot.Firing || down.Silenced || down.Severity != "page" || down.Summary != "pay is down" || down.Entity != "service:pay" ||
		down.Runbook != "https://wiki.example/down" || down.URL != "https://prometheus.example/g" || time.Since(down.Since) > time.Minute {
		t.Errorf("Down is %+v", down)
	}
	if len(facts.Foreign) != 1 || facts.Foreign[0].Name != "Stray" {
		t.Errorf("foreign: %+v", facts.Foreign)
	}
}

func post(t *testing.T, url, body string) {
	t.Helper()
	response, err := http.Post(url, "application/json", bytes.NewBufferString(body))
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Fatalf("%s answers %s", url, response.Status)
	}
}
