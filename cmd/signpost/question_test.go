package main

import "testing"

func TestUnderstand(t *testing.T) {
	for asked, about := range map[string]string{
		"payments":                                              "payments",
		"Who owns payments?":                                    "payments",
		"who owns the checkout web?":                            "checkout web",
		"who maintains payments-api":                            "payments-api",
		"who’s on call for checkout web?":                       "checkout web",
		"who is on call now and who next for checkout web?":     "checkout web",
		"who is on call for checkout web now, and who is next?": "checkout web",
		"who is on-call for payments tonight":                   "payments",
		"Who is responsible for refunds?":                       "refunds",
		"who do I talk to about payments?":                      "payments",
		"whom do I page for the ledger?":                        "ledger",
		"who is amara okafor?":                                  "amara okafor",
		"whose is service:eu/ledger?":                           "service:eu/ledger",
		"where does checkout web run?":                          "checkout web",
		"where is payments-api deployed?":                       "payments-api",
		"what is the ledger?":                                   "ledger",
		"what does payments-api depend on?":                     "payments-api",
		"runbook for duplicate charges":                         "duplicate charges",
		"the owner of refunds":                                  "refunds",
		"who is on call?":                                       "",
		"who's on call right now?":                              "",
		"owner:payments tier:1":                                 "owner:payments tier:1",
		"now":                                                   "now",
	} {
		if q := understand(asked); q.about != about || q.dependents {
			t.Errorf("%q is about %q (dependents: %t), want %q", asked, q.about, q.dependents, about)
		}
	}
	for asked, about := range map[string]string{
		"what depends on resource:db?":     "resource:db",
		"who uses the ledger?":             "ledger",
		"which services depend on ledger":  "ledger",
		"what breaks if the ledger fails?": "ledger",
		"what fails with ledger":           "ledger",
		"dependents of ledger":             "ledger",
	} {
		if q := understand(asked); q.about != about || !q.dependents {
			t.Errorf("%q is about %q (dependents: %t), want what depends on %q", asked, q.about, q.dependents, about)
		}
	}
}
