package github

import (
	"fmt"
	"strings"
)

// fields of every repository. Points of GraphQL are counted by connections: a batch of 50
// repositories costs about 6 of the 5,000 that an hour has. Runs of workflows are found at
// the last commits of the default branch, since a repository has no list of workflows in
// GraphQL.
const fields = `
fragment R on Repository {
  nameWithOwner url isArchived pushedAt
  primaryLanguage { name }
  defaultBranchRef { name target { ... on Commit { history(first: 5) { nodes { oid
    checkSuites(first: 20) { nodes { status conclusion branch { name } workflowRun { databaseId url createdAt workflow { databaseId name } } } }
  } } } } }
  releases(first: 5, orderBy: {field: CREATED_AT, direction: DESC}) { nodes { databaseId tagName name url createdAt publishedAt isDraft isPrerelease author { login } tagCommit { oid } } }
  owners1: object(expression: "HEAD:.github/CODEOWNERS") { ... on Blob { text } }
  owners2: object(expression: "HEAD:CODEOWNERS") { ... on Blob { text } }
  owners3: object(expression: "HEAD:docs/CODEOWNERS") { ... on Blob { text } }
}
fragment D on DeploymentConnection { nodes { databaseId state commitOid commit { committedDate } createdAt ref { name } creator { login } latestStatus { state createdAt logUrl } } }
`

// question is a query with its variables. What descriptors say is in variables only, so
// that nobody can ask for something else.
type question struct {
	Query     string            `json:"query"`
	Variables map[string]string `json:"variables"`
}

// asking puts a question together.
type asking struct {
	variables        map[string]string
	parameters, body strings.Builder
}

// variable adds a variable that is a text.
func (a *asking) variable(name, value string) {
	if a.variables == nil {
		a.variables = map[string]string{}
	}
	a.variables[name] = value
	fmt.Fprintf(&a.parameters, "$%s: String!, ", name)
}

func (a *asking) question() question {
	query := "query(" + strings.TrimSuffix(a.parameters.String(), ", ") + ") {\n" + a.body.String() + "}"
	return question{Query: query, Variables: a.variables}
}

// questionFor asks for a batch of repositories: r0, r1, … with deployments d0, d1, … for
// each of their environments.
func questionFor(batch []*wanted) question {
	var a asking
	for i, w := range batch {
		a.variable(fmt.Sprintf("o%d", i), w.owner)
		a.variable(fmt.Sprintf("n%d", i), w.name)
		fmt.Fprintf(&a.body, "  r%d: repository(owner: $o%d, name: $n%d) { ...R", i, i, i)
		for j, e := range w.environments {
			a.variable(fmt.Sprintf("e%d_%d", i, j), e)
			fmt.Fprintf(&a.body, " d%d: deployments(environments: [$e%d_%d], first: 5, orderBy: {field: CREATED_AT, direction: DESC}) { ...D }", j, i, j)
		}
		a.body.WriteString(" }\n")
	}
	q := a.question()
	q.Query += fields
	if !strings.Contains(q.Query, "...D ") { // GraphQL refuses fragments that nobody uses
		q.Query = q.Query[:strings.Index(q.Query, "fragment D")]
	}
	return q
}
