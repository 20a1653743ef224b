package site

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/signpost-dev/signpost/pkg/portal"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// outsideBlade says who is on call where a system outside has to be asked: as it has told,
// or else only which system that is.
func (l *planner) outsideBlade(from string, e *portal.Entity, found *portal.OnCall, note string) Blade {
	text := found.Provider
	if found.ID != "" {
		text += " " + found.ID
	}
	b := Blade{Text: providerName(text), Note: note, Href: found.Page, Main: true}
	if all := portal.LevelsOf(e, found); len(all) > 0 {
		l.outsideOnCall(&b, from, all[0])
		if b.Href == "" {
			b.Href = "#sp-levels"
		}
	}
	return b
}

// addLevels adds who is called next, and the table of all levels.
func (l *planner) addLevels(p *Post, from string, e *portal.Entity, found *portal.OnCall) {
	if found == nil || found.Plan != nil {
		return
	}
	all := portal.LevelsOf(e, found)
	if len(all) == 0 {
		return
	}
	p.Levels = l.levels(from, all)
	p.Blades = append(p.Blades, l.further(from, all)...)
}

func (l *planner) levels(from string, all []portal.Told[snapshot.OnCall]) []Level {
	var views []Level
	for _, o := range all {
		views = append(views, Level{
			Title: levelTitle(o.Fact), Now: l.named(from, o.Fact.Now), Until: o.Fact.Until, Next: l.named(from, o.Fact.Next), Told: told(o.By, o.Fact.About),
		})
	}
	return views
}

func levelTitle(o snapshot.OnCall) string {
	switch {
	case o.Level > 0 && o.Title != "":
		return fmt.Sprintf("Level %d, %s", o.Level, o.Title)
	case o.Level > 0:
		return fmt.Sprintf("Level %d", o.Level)
	case o.Title != "":
		return o.Title
	}
	return "On call"
}

// outsideOnCall puts into the blade who is on call by a system outside. The browser shows
// it as it does a rotation, and says "unknown" once the shift that is known is over. Whom the
// catalog knows the blade leads to.
func (l *planner) outsideOnCall(b *Blade, from string, o portal.Told[snapshot.OnCall]) {
	f := o.Fact
	t := told(o.By, f.About)
	b.Told = t
	now, next := l.named(from, f.Now), l.named(from, f.Next)
	b.Text = cmp.Or(now.Text, "Nobody")
	if now.Href != "" {
		b.Href = now.Href
	}
	source := "by " + t.Source.Text
	switch {
	case f.Until.IsZero():
		b.Note = source
		return
	case f.Next != "":
		b.Note = "until " + instant(f.Until) + ", then " + next.Text + "; " + source
	default:
		b.Note = "until " + instant(f.Until) + "; " + source
	}
	b.OnCall = shiftsOutside(f, now, next)
}

// shiftsOutside writes what is known as shifts: the present one, and one without length
// that says who follows. Of nobody there is none, so that a gap comes of it.
func shiftsOutside(f snapshot.OnCall, now, next Link) *OnCall {
	o := &OnCall{Name: f.Title, Zone: "UTC"}
	until := f.Until.UTC()
	if f.Now != "" {
		o.Shifts = append(o.Shifts, Shift{From: time.Unix(0, 0).UTC(), To: until, Person: now})
	}
	if f.Next != "" {
		o.Shifts = append(o.Shifts, Shift{From: until, To: until, Person: next})
	}
	return o
}

// further are the blades of those who are called next, one for each level.
func (l *planner) further(from string, all []portal.Told[snapshot.OnCall]) []Blade {
	var blades []Blade
	for _, o := range all[1:] {
		if o.Fact.Level == all[0].Fact.Level {
			continue // another schedule of the same level: the table names it
		}
		b := Blade{Answer: "oncall-next", Label: "On call, level " + fmt.Sprint(o.Fact.Level), Href: "#sp-levels"}
		l.outsideOnCall(&b, from, o)
		blades = append(blades, b)
	}
	const most = 2 // an escalation may go up to the board
	return slices.Clip(blades[:min(len(blades), most)])
}
