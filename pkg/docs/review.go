package docs

import (
	"strconv"
	"time"
)

// runbookReview is how long a runbook is trusted that says when it was verified and not
// for how long that holds.
const runbookReview = "180d"

// Verified returns the day on which a document was last verified, or the zero time.
func (d *Document) Verified() time.Time {
	day, _ := time.Parse(time.DateOnly, d.Front.Field("lastVerified").Text())
	return day
}

// ReviewDue returns the day by which a document is to be verified again; zero if it has no
// such day. One that was never verified has none: whoever wrote it knew it to be right, and
// when that was it does not say.
func (d *Document) ReviewDue() time.Time {
	every := d.Front.Field("reviewEvery").Text()
	if every == "" && d.Kind == Runbook {
		every = runbookReview
	}
	verified := d.Verified()
	if verified.IsZero() || len(every) < 2 {
		return time.Time{}
	}
	n, err := strconv.Atoi(every[:len(every)-1])
	if err != nil {
		return time.Time{}
	}
	switch every[len(every)-1] {
	case 'd':
		return verified.AddDate(0, 0, n)
	case 'w':
		return verified.AddDate(0, 0, 7*n)
	case 'm':
		return verified.AddDate(0, n, 0)
	case 'y':
		return verified.AddDate(n, 0, 0)
	}
	return time.Time{}
}

// Overdue reports whether a review of a document was due before a day (UTC).
func (d *Document) Overdue(day time.Time) bool {
	due := d.ReviewDue()
	return !due.IsZero() && due.Before(day)
}
