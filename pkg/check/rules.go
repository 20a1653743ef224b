package check

import "github.com/signpost-dev/signpost/pkg/diag"

// Rules are all rules, in the order of the reference: reading first, then
// ownership, people, references, operations, the graph, documents, silences.
// A rule without a function is about what those who read have found.
var Rules []Rule

func init() {
	// Set here, since the functions of rules look rules up.
	Rules = []Rule{
		{
			Code: "config-invalid", Severity: diag.Error, Fixed: true,
			Title: "signpost.yaml can be used",
			Doc:   "What `signpost.yaml` says must be known and possible: a field that exists, a rule that exists, a severity that it may have, a schema that compiles. A mistake costs what it is about: the rest of the file, and the catalog, are checked all the same. Only of a file that is no YAML, or whose `fields` and `kinds` are no map and list, nothing else can be told.",
		},
		{
			Code: "source-encoding", Severity: diag.Error, Fixed: true,
			Title: "Files are UTF-8",
			Doc:   "Descriptors and documents are UTF-8 without a byte order mark and without control characters. Save the file as UTF-8.",
		},
		{
			Code: "source-hidden-character", Severity: diag.Error, Fixed: true,
			Title: "No character hides",
			Doc:   "Characters that cannot be seen, or that turn the direction of text, can make a file say something else than it shows. Delete the character, or write it as an escape (`\"\\u200B\"`).",
		},
		{
			Code: "source-syntax", Severity: diag.Error, Fixed: true,
			Title: "Files are YAML",
			Doc:   "The file must parse. Tabs cannot indent, a colon in a plain value wants quotes, brackets must be closed.",
		},
		{
			Code: "source-duplicate-key", Severity: diag.Error, Fixed: true,
			Title: "A key occurs once",
			Doc:   "Of two equal keys in one mapping, programs take one or the other. Delete one.",
		},
		{
			Code: "source-limit", Severity: diag.Error, Fixed: true,
			Title: "Files have a sensible size",
			Doc:   "An API specification may have 16 MiB; a descriptor 1 MiB, 64 levels, 100,000 values, 5,000 keys in one mapping and 1,000 documents. What is larger is a mistake or an attack; split it.",
		},
		{
			Code: "source-alias", Severity: diag.Error, Fixed: true,
			Title: "No anchors and aliases",
			Doc:   "Descriptors are read by people: write the value where it belongs. Anchors, aliases and merge keys are refused.",
		},
		{
			Code: "source-tag", Severity: diag.Error, Fixed: true,
			Title: "No tags",
			Doc:   "Only the values of JSON have a meaning here; a tag such as `!!binary` or `!include` has none.",
		},
		{
			Code: "source-number", Severity: diag.Error, Fixed: true, instead: true,
			Title: "Numbers mean one thing",
			Doc:   "A number that programs read differently (`0644`, `.inf`, one with hundreds of digits) is refused. Write it without the leading zero, or put quotes around it if text is meant.",
		},
		{
			Code: "source-symlink", Severity: diag.Error, Fixed: true,
			Title: "No symbolic links",
			Doc:   "Symbolic links are not followed, since they could lead anywhere. Copy the file, or leave the link out with `ignore`.",
		},
		{
			Code: "source-submodule", Severity: diag.Error, Fixed: true,
			Title: "No submodules",
			Doc:   "A folder that is a Git repository of its own is not read, since its files are no part of this repository's commits. Keep its files here, or leave it out with `ignore`.",
		},
		{
			Code: "source-file-name", Severity: diag.Error, Fixed: true,
			Title: "File names can be read",
			Doc:   "The name of a file or folder is UTF-8 without control characters and without characters that cannot be seen, so that two files can be told apart. Rename it.",
		},
		{
			Code: "source-unreadable", Severity: diag.Error, Fixed: true,
			Title: "Every file can be read",
			Doc:   "A file that was found but could not be read was not checked, and so the check fails.",
		},
		{
			Code: codeNothingChecked, Severity: diag.Error, Fixed: true,
			Title: "Something was checked",
			Doc:   "A check that looked at nothing must not pass: the catalog has at least one descriptor, and all that were found could be checked, whatever `rules` lowers and comments silence. It is also what a `signpost.yaml` brings that cannot be used at all.",
		},
		{
			Code: "not-a-descriptor", Severity: diag.Error, Fixed: true,
			Title: "YAML files are descriptors",
			Doc:   "Every YAML file in the catalog is a descriptor (`apiVersion: signpost.dev/v1`) or an API specification. Name others under `ignore` in `signpost.yaml`, so that nothing is skipped by accident.",
		},
		{
			Code: "empty-descriptor", Severity: diag.Error, Fixed: true,
			Title: "No empty file",
			Doc:   "An empty descriptor registers nothing. Fill it in or delete it.",
		},
		{
			Code: "unknown-kind", Severity: diag.Error, Fixed: true,
			Title: "Kinds are known",
			Doc:   "`kind` is one of the built-in kinds or one that `signpost.yaml` declares under `kinds`.",
		},
		{
			Code: "schema", Severity: diag.Error,
			Title: "Descriptors follow their schema",
			Doc:   "Every value has the type and form that the schema of its kind demands. The schemas are published with the site and by `signpost schema`, so that editors complete and check them while you type.",
		},
		{
			Code: "unknown-field", Severity: diag.Error,
			Title: "Fields are known",
			Doc:   "A field that no schema knows is almost always misspelt, and would otherwise be ignored. Your organisation's own fields are declared under `fields` in `signpost.yaml` and stand under `metadata`.",
		},
		{
			Code: "deprecated-field", Severity: diag.Warning,
			Title: "Fields are current",
			Doc:   "The field still works but has a better successor; `--fix` renames it.",
		},

		{
			Code: codeOwnerMissing, Severity: diag.Error, Ownership: true, check: ownerMissing, instead: true,
			Title: "Everything has an owner",
			Doc:   "Whoever is woken at night must find out whom to ask. Every entity, teams and people aside, names the team that owns it.",
		},
		{
			Code: "owner-exists", Severity: diag.Error, Ownership: true, check: ownerExists, instead: true,
			Title: "Owners exist",
			Doc:   "The owner is a team in this catalog. A team that was renamed keeps its old name as an alias, or its entities move to the new name.",
		},
		{
			Code: "owner-is-team", Severity: diag.Error, Ownership: true, check: ownerIsTeam, instead: true,
			Title: "Owners are teams",
			Doc:   "People go on holiday and change jobs; teams answer. Name individuals under `maintainers` or `contacts`.",
		},
		{
			Code: "owner-has-members", Severity: diag.Error, Ownership: true, check: ownerHasMembers, instead: true,
			Title: "Owners have members",
			Doc:   "A team that owns something has at least one member, of its own or in a team below it, who has not left.",
		},
		{
			Code: "owner-reachable", Severity: diag.Error, Ownership: true, check: ownerReachable, instead: true,
			Title: "Owners can be reached",
			Doc:   "A team that owns something has a channel, an e-mail address or somebody on call.",
		},

		{
			Code: "person-exists", Severity: diag.Error, check: personExists,
			Title: "Members and maintainers exist",
			Doc:   "Members and maintainers are people in this catalog.",
		},
		{
			Code: "person-left", Severity: diag.Error, check: personLeft,
			Title: "Nobody who has left is named",
			Doc:   "Members, maintainers, contacts and managers are people who are still here: their `left` is missing or in the future.",
		},

		{
			Code: "duplicate-name", Severity: diag.Error, Fixed: true, check: duplicateName,
			Title: "Names are unique",
			Doc:   "Within a kind and namespace a name stands for one entity, ignoring case. The same holds for the names of rotations in the whole catalog.",
		},
		{
			Code: "duplicate-alias", Severity: diag.Error, check: duplicateAlias,
			Title: "Aliases are unique",
			Doc:   "Within a kind and namespace an alias stands for one entity and is nobody's name.",
		},
		{
			Code: "reference-dangling", Severity: diag.Error, check: referenceDangling,
			Title: "References lead somewhere",
			Doc:   "A reference `[kind:][namespace/]name` names an entity of this catalog, of a kind that the field allows. Without a kind it must mean one entity only.",
		},
		{
			Code: "environment-unknown", Severity: diag.Error, check: environmentUnknown,
			Title: "Environments are declared",
			Doc:   "If `signpost.yaml` lists `environments`, entities run only in those.",
		},

		{
			Code: "tier-oncall", Severity: diag.Error, check: tierOnCall,
			Title: "Important services have on-call",
			Doc:   "For a service of tier 1 or 2 somebody is on call: its own `oncall`, or that of the team that owns it.",
		},
		{
			Code: "tier-runbook", Severity: diag.Error, check: tierRunbook,
			Title: "Important services have a runbook",
			Doc:   "A service of tier 1 or 2 has at least one runbook: a document of the kind, `runbook:`, or a link of the type `runbook`.",
		},
		{
			Code: "tier-dashboard", Severity: diag.Warning, check: tierDashboard,
			Title: "Important services have a dashboard",
			Doc:   "A service of tier 1 or 2 links to at least one dashboard.",
		},
		{
			Code: "rotation-invalid", Severity: diag.Error, instead: true,
			Title: "Rotations can be worked out",
			Doc:   "A rotation has a time zone of the IANA list, a first handoff and a length; overrides end after they begin.",
		},
		{
			Code: "rotation-unknown", Severity: diag.Error, check: rotationUnknown,
			Title: "On-call names a rotation",
			Doc:   "`oncall: {rotation: …}` names a rotation that a team of this catalog keeps.",
		},
		{
			Code: "rotation-empty", Severity: diag.Error, check: rotationEmpty, instead: true,
			Title: "Rotations have participants",
			Doc:   "At least one person who has not left takes part in a rotation. Otherwise a page reaches nobody.",
		},
		{
			Code: "rotation-person", Severity: diag.Error, check: rotationPerson,
			Title: "Rotations name people who are here",
			Doc:   "Participants, and people in overrides, exist and have not left.",
		},

		{
			Code: "lifecycle-dependency", Severity: diag.Warning, check: lifecycleDependency,
			Title: "Production depends on production",
			Doc:   "What is in production does not depend on what is experimental, deprecated or retired.",
		},
		{
			Code: "tier-inversion", Severity: diag.Warning, check: tierInversion,
			Title: "Important things depend on important things",
			Doc:   "A service is no more reliable than what it cannot do without. Raise the tier of the dependency, or say `criticality: degrades` if the service survives without it.",
		},
		{
			Code: "dependency-cycle", Severity: diag.Warning, check: dependencyCycle,
			Title: "Dependencies have a direction",
			Doc:   "Things that depend on each other cannot be started, changed or reasoned about one by one. The finding prints the whole cycle.",
		},
		{
			Code: "hierarchy-cycle", Severity: diag.Error, check: hierarchyCycle,
			Title: "Nothing is part of itself",
			Doc:   "`parent` and `partOf` lead upwards, from a team to the larger one, from a domain to the wider one, from a component to the whole. A circle has no top. The finding prints the whole cycle.",
		},
		{
			Code: "deprecation-plan", Severity: diag.Warning, check: deprecationPlan,
			Title: "Deprecated means a plan",
			Doc:   "What is deprecated names its successor or the date on which it goes: otherwise nobody can act on it.",
		},

		{
			Code: "link-broken", Severity: diag.Error, check: missingFiles,
			Title: "Links lead somewhere",
			Doc:   "A relative link or image in a document, or a file that a descriptor names (`runbook`, `definition`), exists in the repository.",
		},
		{
			Code: "anchor-missing", Severity: diag.Error,
			Title: "Anchors exist",
			Doc:   "The `#part` of a link is a heading of the document that it leads to. Headings have the anchors that GitHub gives them.",
		},
		{
			Code: "techdocs-elsewhere", Severity: diag.Warning, check: techDocs,
			Title: "TechDocs lie where the annotation says",
			Doc:   "Where `annotations` has `backstage.io/techdocs-ref: dir:…`, the documents of that folder belong to the entity, and its documents of MkDocs do not lie elsewhere. The folder in which documents lie decides, here: the annotation alone moves nothing.",
		},
		{
			Code: "mkdocs-unsupported", Severity: diag.Warning,
			Title: "Documents of MkDocs need no plug-in",
			Doc:   "A folder with `mkdocs.yml` is shown as MkDocs would: navigation, admonitions, tabs. What only its plug-ins and further extensions could do (snippets, macros, definitions, icons, code in Python) is never run and is shown as it is written. Write what should be shown.",
		},
		{
			Code: "mention-unknown", Severity: diag.Warning,
			Title: "Mentions name something",
			Doc:   "`service:ledger` in the text of a document links to that service. A mention is reported if no entity has the name but another of its kind nearly has it. Code is left alone: write `` `service:port` `` for what is no mention.",
		},
		{
			Code: "link-dead", Severity: diag.Error, Asked: true,
			Title: "Links to the web lead somewhere",
			Doc:   "Only `signpost check --external` asks: the page is gone (404 or 410), or its host does not exist. Link to where it is now, or to a copy at web.archive.org. Hosts that answer only inside belong under `links.ignore` in `signpost.yaml`.",
		},
		{
			Code: "link-moved", Severity: diag.Info, Asked: true,
			Title: "Links to the web are current",
			Doc:   "Only `signpost check --external` asks: the server says that the page has moved for good (301 or 308). Write the new address.",
		},
		{
			Code: "link-unreachable", Severity: diag.Info, Asked: true,
			Title: "Links to the web answer",
			Doc:   "Only `signpost check --external` asks: nobody can tell whether the page is there, since its host was too slow, broken, inside, or refuses robots. Look yourself. Hosts that answer only inside belong under `links.ignore` in `signpost.yaml`.",
		},
		{
			Code: "document-orphan", Severity: diag.Error, check: documentOrphan,
			Title: "Documents belong to something",
			Doc:   "A document lies in the folder of an entity, or names one under `about` in its front matter. Otherwise nobody finds it, and nobody keeps it.",
		},
		{
			Code: "document-about", Severity: diag.Error,
			Title: "Documents are about something that exists",
			Doc:   "The entities that `about` in the front matter of a document names are in this catalog.",
		},
		{
			Code: "document-field", Severity: diag.Warning, check: documentField,
			Title: "Front matter is spelt right",
			Doc:   "Keys of your own may stand in front matter, and are shown. One that is a known key with a slip of the finger, or in other letter case, means nothing to the site: correct it, or silence this where it is meant.",
		},
		{
			Code: "link-scheme", Severity: diag.Warning,
			Title: "Links are safe to follow",
			Doc:   "A document links to `https`, `http` and `mailto` addresses and to paths. Other addresses (`javascript:`, `file:`, `data:`) are not shown on the site.",
		},
		{
			Code: "diagram-broken", Severity: diag.Warning,
			Title: "Diagrams can be drawn",
			Doc:   "A block of code in the language `mermaid` that is a flowchart, a sequence diagram or a state diagram can be read, and has a sensible size (300 boxes, 500 lines). Otherwise its readers get its source. Kinds of diagrams that are not drawn here are no mistake.",
		},
		{
			Code: "document-owner", Severity: diag.Error, check: documentOwner,
			Title: "Documents name teams as owners",
			Doc:   "The `owner` in the front matter of a document is a team of this catalog. Without one, whoever owns the entity owns its documents.",
		},
		{
			Code: "document-kind", Severity: diag.Warning, check: documentKind,
			Title: "Front matter fits the kind of document",
			Doc:   "`alerts` stands in runbooks, `everyone` in playbooks, `supersedes` and `supersededBy` in decisions, and `actions` in postmortems. Elsewhere they are lost: most likely the document lies in a folder by which it is a guide.",
		},
		{
			Code: "document-overdue", Severity: diag.Warning, check: documentOverdue,
			Title: "Documents are reviewed",
			Doc:   "A document that says `reviewEvery` was verified within that time (`lastVerified`), and a runbook that says only when it was verified within 180 days. Whoever needs it at night trusts it. It is judged by the UTC day of the check.",
		},
		{
			Code: "document-reference", Severity: diag.Error, check: documentReference,
			Title: "Postmortems and decisions name what exists",
			Doc:   "The `services` that an incident hit, and the `owner` of each action (a team, or a person as `person:name`), are in this catalog. Otherwise nobody finds the postmortem there, or their action. So are the `deciders` of a decision that are written as references (`person:name`, `team:name`); other names are left as they are.",
		},
		{
			Code: "document-verified", Severity: diag.Warning, check: documentVerified,
			Title: "Documents were verified in the past",
			Doc:   "The day under `lastVerified` is not still to come: the document would be trusted for longer than it should be. It is judged by the UTC day of the check; the day after is accepted, for it is today somewhere.",
		},
		{
			Code: "action-overdue", Severity: diag.Warning, check: actionOverdue,
			Title: "Actions are done in time",
			Doc:   "What was agreed after an incident is done by the day under `due`. It is judged by the UTC day of the check: an action is overdue on the day after.",
		},
		{
			Code: "decision-exists", Severity: diag.Error, check: decisionExists,
			Title: "Decisions name decisions",
			Doc:   "`supersedes` and `supersededBy` in the front matter of a decision name others by number or by file: of the same folder, or of the same entity.",
		},
		{
			Code: "decision-number", Severity: diag.Warning, check: decisionNumber,
			Title: "Decisions have numbers of their own",
			Doc:   "Two decisions in one folder do not have the same number: \"superseded by 7\" would mean the wrong one. The number is `number` in the front matter, or that of the title, or that of the file.",
		},
		{
			Code: "decision-status", Severity: diag.Warning, check: decisionStatus,
			Title: "Decisions have a status that is known",
			Doc:   "The status of a decision is not a slip of one of the usual words (proposed, draft, accepted, approved, rejected, deprecated, superseded, implemented). Words of your own are left as they are.",
		},
		{
			Code: "decision-one-sided", Severity: diag.Warning, check: decisionOneSided,
			Title: "Both decisions say which replaces which",
			Doc:   "If a decision says that it supersedes another, that one says by what it is superseded, and the other way round: whoever opens the old one in the repository would follow it otherwise. The site shows it on both. A decision that is replaced has the status `superseded`, and one with that status says by which.",
		},
		{
			Code: "document-limit", Severity: diag.Error, Fixed: true,
			Title: "Documents have a sensible size",
			Doc:   "A document has limits (1 MiB, 64 kB a line, 64 columns and 20,000 cells a table, 32 nested containers) so that one page cannot hold up the build.",
		},
		{
			Code: "document-collision", Severity: diag.Error, Fixed: true,
			Title: "Pages have one source",
			Doc:   "Two documents, or a document and an entity, would have the same address on the site. Rename one.",
		},
		{
			Code: "api-spec-invalid", Severity: diag.Error,
			Title: "API descriptions can be read",
			Doc:   "The file that an API names under `definition` follows its specification: OpenAPI 3.0 or 3.1, AsyncAPI 2 or 3, GraphQL SDL, protobuf. A mistake costs what it is about; the rest is shown all the same.",
		},
		{
			Code: "api-spec-reference", Severity: diag.Error,
			Title: "References in API descriptions lead somewhere",
			Doc:   "A `$ref`, a type or a security scheme that a description names is described in it, or in a file of the catalog. References to other hosts are not followed: copy what they lead to.",
		},
		{
			Code: "api-spec-operation", Severity: diag.Error,
			Title: "Operations are told apart and complete",
			Doc:   "An `operationId` occurs once, no two paths fit the same request, and what a path names in braces is among its parameters. Code that is made from the description would be wrong otherwise.",
		},
		{
			Code: "api-spec-unsupported", Severity: diag.Warning,
			Title: "API descriptions are in a language that can be shown",
			Doc:   "OpenAPI 2 (Swagger) and languages that Signpost does not know are linked to, not shown. Converters to OpenAPI 3 exist for most frameworks.",
		},
		{
			Code: "codeowners-syntax", Severity: diag.Error,
			Title: "CODEOWNERS can be read",
			Doc:   "Every line of CODEOWNERS is a pattern with owners, or a comment. GitHub ignores lines that it cannot read, and so nobody would be asked to review.",
		},
		{
			Code: "codeowners-mismatch", Severity: diag.Warning, check: codeownersMismatch,
			Title: "CODEOWNERS agrees with the catalog",
			Doc:   "The team that owns an entity is among the code owners of its descriptor; otherwise GitHub asks somebody else to approve changes to it. The team's slug on GitHub is its name, or one of its aliases.",
		},

		{
			Code: codeSilenceReason, Severity: diag.Error,
			Title: "Silences say why",
			Doc:   "`signpost:ignore CODE [until=YYYY-MM-DD] reason` stands on the line of a finding or the line above, and gives a reason for whoever reads it next.",
		},
		{
			Code: codeSilenceExpired, Severity: diag.Error,
			Title: "Silences end",
			Doc:   "The date of the silence has passed.",
		},
		{
			Code: codeSilenceUnused, Severity: diag.Error,
			Title: "Silences silence something",
			Doc:   "There is no such finding here (any more). Delete the comment, so that it does not hide the next one.",
		},
		{
			Code: codeSilenceOwnership, Severity: diag.Error, Fixed: true,
			Title: "Ownership cannot be silenced",
			Doc:   "Ownership rules, and findings about files that could not be read, hold for everybody, always.",
		},
	}
}
