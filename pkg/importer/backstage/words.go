package backstage

import "strings"

// homes are the kinds that have a home in our format, by the Backstage kind. A
// component becomes what its type says, see kindOfComponent.
var homes = map[string]string{
	"component": "service", "api": "api", "resource": "resource", "system": "system", "domain": "domain",
	"group": "team", "user": "person",
}

// Words with which the type of a component ends if it is a library or a pipeline:
// "client-library", "data-pipeline".
var (
	libraryWords  = words("library lib package module sdk plugin framework gem crate")
	pipelineWords = words("pipeline job cronjob workflow dag etl batch cron task")
)

func words(list string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(list) {
		set[w] = true
	}
	return set
}

// kindOfComponent returns what a component is with us: service, library or pipeline.
func kindOfComponent(typ string) string {
	all := wordsOf(typ)
	if len(all) == 0 {
		return "service"
	}
	switch last := strings.TrimSuffix(all[len(all)-1], "s"); {
	case libraryWords[last] || last == "librarie":
		return "library"
	case pipelineWords[last]:
		return "pipeline"
	}
	return "service"
}

// lifecycles are the words that people use for the stages of our format.
var lifecycles = spread(map[string]string{
	"experimental": "experimental alpha beta preview prototype poc proof-of-concept incubating incubation incubator development dev in-development " +
		"draft planned pre-release prerelease early-access testing trial",
	"production": "production prod active live ga generally-available general-availability stable released supported maintained operational mature",
	"deprecated": "deprecated deprecating legacy sunset sunsetting phase-out phasing-out",
	"retired":    "retired decommissioned archived eol end-of-life removed obsolete discontinued shutdown",
})

// linkTypes are the words for the types of links that pages know.
var linkTypes = spread(map[string]string{
	"dashboard":  "dashboard dashboards grafana",
	"runbook":    "runbook runbooks playbook",
	"docs":       "docs doc documentation wiki confluence techdocs book",
	"repository": "repository repo source sourcecode source-code code github gitlab bitbucket scm",
	"chat":       "chat slack teams discord channel",
	"logs":       "logs log logging",
	"metrics":    "metrics monitoring",
	"status":     "status statuspage status-page",
	"oncall":     "oncall on-call pagerduty opsgenie",
	"ticket":     "ticket tickets issues issue-tracker jira",
})

// linkIcons are the icons that say what a link without a type leads to. Others,
// such as "web" or "user", are only pictures.
var linkIcons = map[string]string{
	"dashboard": "dashboard", "docs": "docs", "techdocs": "docs", "github": "repository", "chat": "chat",
}

// spread turns lists of synonyms into a table.
func spread(lists map[string]string) map[string]string {
	table := map[string]string{}
	for meaning, list := range lists {
		for _, w := range strings.Fields(list) {
			table[w] = meaning
		}
	}
	return table
}

// folded is a word of a free text field as the tables have it.
func folded(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(s), isSeparator), "-")
}

func isSeparator(r rune) bool { return r == ' ' || r == '_' || r == '-' }
