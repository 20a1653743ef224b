package backstage

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/signpost-dev/signpost/pkg/source"
)

// The secrets below are put together here, so that nothing in this file looks like one.
var (
	integrationKey = strings.Repeat("0a1b2c3d", 4)
	githubToken    = "ghp_" + strings.Repeat("a1B2", 9)
	privateKey     = "-----BEGIN RSA PRIVATE " + "KEY-----\n    MIIabc+/=\n      -----END RSA PRIVATE " + "KEY-----"
)

func TestSecretsAreWrittenNowhere(t *testing.T) {
	src := unpack(t, `
-- a.yaml --
`+group+`
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: ledger
  description: its key is `+integrationKey+` in case you wonder
  annotations:
    pagerduty.com/integration-key: `+integrationKey+` # do not tell
    pagerduty.com/service-id: PX12ABC
    vault.io/secrets-path: team/ledger/keys
    example.com/dsn: postgres://ledger:hunter2@db.example.com/ledger
  acme:
    apiKey: "s3cr3t-value-one"
    password: >-
      hunter
    token: ${{ secrets.TOKEN }}
    existingSecret: ledger-db-credentials
    key: |
      `+privateKey+`
spec:
  type: service
  owner: payments
---
# pagerduty.com/integration-key: c0ffee00c0ffee00
apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata: {name: t, annotations: {pagerduty.com/integration-key: 'short', b: c}}
spec: {note: `+githubToken+`}
---
apiVersion: backstage.io/v1alpha1
kind: API
metadata: {name: a}
spec: {type: openapi, owner: payments, definition: {$text: ./o.yaml}}
-- o.yaml --
openapi: 3.0.0
x-key: `+integrationKey+`
x-token: `+githubToken+`
`)
	report, files := imported(t, src)
	for name, text := range files {
		for _, secret := range []string{integrationKey, githubToken, "hunter", "s3cr3t", "MIIabc", "c0ffee", "short"} {
			if strings.Contains(text, secret) {
				t.Errorf("%s holds %q:\n%s", name, secret, text)
			}
		}
	}
	want := []string{
		`warning secret a.yaml:16 : a PagerDuty integration key was left out`,
		`warning secret a.yaml:19 : a password in an address was left out`,
		`warning secret a.yaml:21 : the value of "apiKey" was left out`,
		`warning secret a.yaml:22 : the value of "password" was left out`,
		`warning secret a.yaml:27 : a private key was left out`,
		`warning secret a.yaml:34 : a PagerDuty integration key was left out`,
		`warning secret a.yaml:37 : a PagerDuty integration key was left out`,
		`warning secret a.yaml:38 : a token of GitHub was left out`,
		`warning secret o.yaml:3 : a token of GitHub was left out`,
	}
	var got []string
	for _, n := range notes(report) {
		if strings.HasPrefix(n, "warning secret") {
			got = append(got, n)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
	}
	wantDescriptor := `description: its key is REDACTED in case you wonder
owner: payments
type: service
oncall:
  provider: pagerduty
  service: PX12ABC
annotations:
  vault.io/secrets-path: team/ledger/keys
  example.com/dsn: postgres://ledger:REDACTED@db.example.com/ledger
preserved:
  backstage:
    metadata:
      acme:
        token: ${{ secrets.TOKEN }}
        existingSecret: ledger-db-credentials
        key: |
          REDACTED
`
	_, gotDescriptor, _ := strings.Cut(descriptorOf(t, files, "services/ledger/service.yaml"), "name: ledger\n")
	if diff := cmp.Diff(wantDescriptor, gotDescriptor); diff != "" {
		t.Errorf("descriptor (-want +got):\n%s", diff)
	}
	copied := files["imported/backstage/a.yaml"]
	for _, line := range []string{
		"    pagerduty.com/integration-key: REDACTED # do not tell\n",
		"    apiKey: REDACTED\n",
		"# pagerduty.com/integration-key: REDACTED\n",
		"annotations: {pagerduty.com/integration-key: 'REDACTED', b: c}}\n",
	} {
		if !strings.Contains(copied, line) {
			t.Errorf("the copy has no line %q:\n%s", line, copied)
		}
	}
	if _, found := source.Decode("copy", []byte(copied), source.ImportLimits); len(found) > 0 {
		t.Errorf("the copy is no YAML any more: %v", found)
	}
}

func TestSecretsBehindAliases(t *testing.T) {
	_, files := imported(t, unpack(t, `
-- a.yaml --
apiVersion: backstage.io/v1alpha1
kind: Group
metadata:
  name: payments
  acme: &k "`+integrationKey+`"
  annotations:
    pagerduty.com/integration-key: *k
spec: {type: team, children: []}
`))
	for name, text := range files {
		if strings.Contains(text, integrationKey) {
			t.Errorf("%s holds the secret:\n%s", name, text)
		}
	}
}

// What could not be read could not be searched for secrets.
func TestFilesThatCouldNotBeReadAreNotKept(t *testing.T) {
	report, files := imported(t, unpack(t, "-- a.yaml --\n"+group+"---\npassword: hunter2\nbroken: [\n-- b.yaml --\n"+
		component+"---\napiVersion: backstage.io/v1alpha1\nkind: System\nmetadata: {name: s}\nspec:\n  password: hunter2\n  password: hunter2\n"))
	for name, text := range files {
		if strings.Contains(text, "hunter2") {
			t.Errorf("%s holds the secret:\n%s", name, text)
		}
	}
	if files["teams/payments.yaml"] == "" || files["services/ledger/service.yaml"] == "" {
		t.Error("what could be read was not imported")
	}
	if got := report.Count(Unreadable); got != 4 { // each file: what is wrong, and that it is not kept
		t.Errorf("%d notes, want 4: %q", got, notes(report))
	}
}

func TestWhatIsASecret(t *testing.T) {
	tests := map[string]bool{
		"pagerduty.com/integration-key: x":         true,
		"api-key: abcdef0123":                      true,
		"API_KEY: abcdef0123":                      true,
		"clientSecret: abcdef0123":                 true,
		"db.password: abc":                         true,
		"token: 12345678":                          true,
		"token: short":                             false,
		"token: ''":                                false,
		"secretName: abcdef0123":                   false,
		"vault.io/secrets-path: abcdef0123":        false,
		"secret: payments-db-credentials-v2":       false,
		"secret: projects/1/secrets/x":             false,
		"password: {type: string}":                 false,
		"token: ask the platform team for a token": false,
		"tokenUrl: https://example.com/token":      false,
		"sonarqube.org/project-key: payments_api1": false,
	}
	for text, want := range tests {
		docs, found := source.Decode("a", []byte(text), source.ImportLimits)
		if len(found) > 0 {
			t.Fatalf("%s: %v", text, found)
		}
		if got := isSecret(docs[0].Root.Children()[0]); got != want {
			t.Errorf("%s: a secret is %v, want %v", text, got, want)
		}
	}
}
