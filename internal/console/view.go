package console

import (
	"fmt"
	"slices"
	"strings"

	"limen/report"
	"limen/travel"
)

// When an open voyage needs attention. The first is for the hours before
// boarding: once people cross, citizens' references are erased, and fewer are
// ready because all is well.
const (
	readyGoal   = 95 // percent of the passengers, until the first one crosses
	officerMost = 10 // percent of those who were seen
	officerFrom = 3  // people: fewer are no pattern
)

// row is a voyage as the board shows it. The page's own program knows no rule:
// it puts each field where an element asks for it by name.
type row struct {
	report.Voyage
	State string `json:"state"` // "Exit, open"
	// When is the time at the port where the voyage leaves or ends, "" if the
	// carrier gave none.
	When   string `json:"when"`
	Notice string `json:"notice"` // what needs attention, "" if nothing does
}

// view is all that a board shows.
type view struct {
	Version  string        `json:"version"`
	Headline string        `json:"headline"`
	Flagged  []string      `json:"flagged"` // voyages that need attention, the first few
	Total    report.Voyage `json:"total"`
	Voyages  []row         `json:"voyages"`
}

// listed is how many voyages stand by name in the headline.
const listed = 6

// look makes the view of vs, which are by end of voyage: first the open ones,
// the next to end on top, then the closed ones, the last to end on top.
func look(vs []report.Voyage) view {
	v := view{Version: version, Flagged: []string{}, Total: report.Total(vs), Voyages: []row{}}
	var closed []row
	flagged, open := 0, 0
	for _, one := range vs {
		r := row{Voyage: one, State: state(one), When: when(one), Notice: notice(one)}
		if one.Closed {
			closed = append(closed, r)
			continue
		}
		open++
		v.Voyages = append(v.Voyages, r)
		if r.Notice == "" {
			continue
		}
		if flagged++; flagged <= listed {
			v.Flagged = append(v.Flagged, string(one.ID))
		}
	}
	slices.Reverse(closed)
	v.Voyages = append(v.Voyages, closed...)
	v.Headline = headline(flagged, open, len(vs))
	return v
}

func headline(flagged, open, all int) string {
	of := fmt.Sprintf("%d of %d open voyages", flagged, open)
	if open == 1 {
		of = "The only open voyage"
	}
	switch {
	case all == 0:
		return ""
	case open == 0:
		return "No voyage is open."
	case flagged == 0:
		return "No open voyage needs attention."
	case flagged == 1:
		return of + " needs attention:"
	case flagged <= listed:
		return of + " need attention:"
	}
	return fmt.Sprintf("%s need attention; the next %d:", of, listed)
}

func state(v report.Voyage) string {
	open := "open"
	if v.Closed {
		open = "closed"
	}
	if v.Direction == "" {
		return open
	}
	return string(v.Direction) + ", " + open
}

func when(v report.Voyage) string {
	word, t := "departs", v.Departure
	if v.Direction == travel.Entry {
		word, t = "arrives", v.Arrival
	}
	if t.IsZero() {
		return ""
	}
	return word + " " + strings.Replace(t.String(), "T", " ", 1)
}

// notice says in words why a voyage needs attention.
func notice(v report.Voyage) string {
	if v.Closed {
		return ""
	}
	var why []string
	if short := v.Passengers - v.Ready; v.Crossed == 0 && 100*v.Ready < readyGoal*v.Passengers {
		why = append(why, fmt.Sprintf("%d of %d not ready", short, v.Passengers))
	}
	if seen := v.Confirmed + v.Manual; v.Manual >= officerFrom && 100*v.Manual > officerMost*seen {
		why = append(why, fmt.Sprintf("%d of %d to an officer", v.Manual, seen))
	}
	return strings.Join(why, "; ")
}

// Rule says on the page what the marks mean.
func (view) Rule() string {
	return fmt.Sprintf("means attention: an open voyage with fewer than %d%% of its passengers ready before the first crosses, "+
		"or with %d people or more, and over %d%% of those seen, sent to an officer.", readyGoal, officerFrom, officerMost)
}

// Blank is what the page's own program fills for a new voyage.
func (view) Blank() row { return row{} }

// Max is what progress counts to.
func (r row) Max() int { return max(r.Passengers, 1) }
