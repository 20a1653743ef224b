package search

// Ranking holds every constant of the ranking. It is written into the index's
// entry, so that whoever reads an index ranks it as its builder meant.
//
// All scores are whole numbers: a browser and Go then agree to the last unit.
type Ranking struct {
	// Weights of an entity's fields, in the order of the field constants.
	Fields [fieldCount]int `json:"fields"`

	// How well a word of the query matches a word of a field.
	Exact        int    `json:"exact"`
	Prefix       int    `json:"prefix"`     // at least, for a beginning of the word
	PrefixSpan   int    `json:"prefixSpan"` // more, the more of the word was typed
	Infix        int    `json:"infix"`      // inside the word; only if nothing begins with it
	Typo         [2]int `json:"typo"`       // one edit, two edits; only if nothing begins with it
	TypoPrefix   int    `json:"typoPrefix"` // one edit from a beginning, for the word being typed
	TypoLetters  [2]int `json:"typoLetters"`
	PrefixTypo   int    `json:"prefixTypo"`   // letters from which TypoPrefix applies
	InfixLetters int    `json:"infixLetters"` // letters from which Infix applies

	// The query as a whole against a whole name, alias or title.
	Whole       [3]int `json:"whole"`
	WholePrefix [3]int `json:"wholePrefix"`
	WholeSpan   int    `json:"wholeSpan"`

	// What an entity is counts a little, for order among equals.
	Tier      map[string]int `json:"tier"`
	Lifecycle map[string]int `json:"lifecycle"`
	Kind      map[string]int `json:"kind"`
	OtherKind int            `json:"otherKind"`
	Team      int            `json:"team"` // the team itself, for @team

	// Text of documents.
	PrefixLetters int      `json:"prefixLetters"` // letters from which the word being typed finds longer terms
	PrefixTerms   int      `json:"prefixTerms"`   // at most so many of them, the most frequent
	PrefixShare   int      `json:"prefixShare"`   // percent of the score of an exact term
	TypoTerms     int      `json:"typoTerms"`
	TypoShare     int      `json:"typoShare"`
	Stop          []string `json:"stop"` // words left out of the text and of queries for text
}

// The fields of an entity in which a word can match. The last three hold a whole
// name, alias or title written as one word.
const (
	fieldName = iota
	fieldAlias
	fieldTitle
	fieldOwner
	fieldTag
	fieldSystem
	fieldDomain
	fieldType
	fieldLanguage
	fieldOwn
	fieldKind
	fieldChannel
	fieldWholeName
	fieldWholeAlias
	fieldWholeTitle
	fieldCount
)

// What a word counts in the fields of a document, as a multiple of the same word
// in its text, and the two constants of BM25.
const (
	titleWeight   = 5
	headingWeight = 3
	aboutWeight   = 2 // name, title and aliases of the entity that it is about
	bm25K1        = 1.2
	bm25B         = 0.6 // below the usual 0.75: a long runbook is not a worse one
)

var defaultRanking = Ranking{
	Fields: [fieldCount]int{10, 9, 8, 4, 4, 3, 3, 3, 3, 3, 2, 4, 10, 9, 8},
	Exact:  100, Prefix: 55, PrefixSpan: 35, Infix: 35,
	Typo: [2]int{45, 30}, TypoPrefix: 25, TypoLetters: [2]int{4, 8}, PrefixTypo: 5, InfixLetters: 3,
	Whole:       [3]int{100_000, 90_000, 80_000},
	WholePrefix: [3]int{20_000, 18_000, 16_000},
	WholeSpan:   300,
	Tier:        map[string]int{"1": 90, "2": 60, "3": 30},
	Lifecycle:   map[string]int{"experimental": -10, "deprecated": -150, "retired": -400},
	Kind: map[string]int{
		"service": 100, "team": 90, "system": 80, "person": 70, "api": 60,
		"domain": 50, "library": 40, "pipeline": 30, "resource": 20,
	},
	OtherKind: 25, Team: 5_000,
	PrefixLetters: 3, PrefixTerms: 32, PrefixShare: 60, TypoTerms: 3, TypoShare: 50,
	Stop: []string{
		"a", "an", "and", "are", "as", "at", "be", "but", "by", "for", "from", "has", "if", "in", "into", "is", "it",
		"its", "not", "of", "on", "or", "that", "the", "then", "there", "this", "to", "was", "we", "when", "will",
		"with", "you", "your",
	},
}

// kindOrder is the order of entities in the columns, and so of equals in results.
// Kinds of the organisation's own follow in alphabetical order.
var kindOrder = []string{"service", "api", "resource", "library", "pipeline", "system", "domain", "team", "person"}
