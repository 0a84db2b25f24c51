package main

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"limen/stay"
	"limen/travel"
)

// euAnswer is what limen stay compute --rule eu-ees says.
type euAnswer struct {
	Rule   string `json:"rule"`
	Limit  int    `json:"limit"`
	Window int    `json:"window"`
	stay.Answer
	// Certain and CertainOverstay are DaysUsed and OverstayDays without the days
	// that rest on a missing crossing, Ask what an officer has to ask because of
	// it.
	Certain         int      `json:"days_used_certain"`
	CertainOverstay int      `json:"overstay_days_certain"`
	Ask             []string `json:"ask,omitempty"`
	// Visa and what is used of it, if there is one.
	Visa        *stay.Visa `json:"visa,omitempty"`
	EntriesUsed int        `json:"entries_used,omitempty"`
	UsedUp      bool       `json:"entries_used_up,omitempty"`

	since travel.Day // of the present or last stay
	days  []stay.Mark
}

func (c *stayComputeCmd) eu(out io.Writer, f stay.File, on travel.Day) error {
	permits := make([]stay.Term, len(c.Permit))
	for i, p := range c.Permit {
		var err error
		if permits[i], err = parseTerm("--permit", p); err != nil {
			return err
		}
	}
	h, err := f.History(permits)
	if err != nil {
		return err
	}
	var visa *stay.Visa
	if c.Visa != "" {
		t, err := parseTerm("--valid", c.Valid)
		if err != nil {
			return err
		}
		visa = &stay.Visa{Entries: stay.VisaEntries(c.Visa), From: t.From, Until: t.Until, Days: c.Days}
		if err := visa.Check(); err != nil {
			return err
		}
	}
	if c.Reply != "" {
		return c.reply(out, h, visa, on)
	}
	a := newEUAnswer(h, visa, on)
	if c.JSON {
		return writeJSON(out, a)
	}
	return a.write(out)
}

func newEUAnswer(h stay.History, v *stay.Visa, on travel.Day) euAnswer {
	r := stay.Schengen()
	seen := r.See(h, v, on)
	a := euAnswer{Rule: "eu-ees", Limit: r.Limit, Window: r.Window, Answer: seen.Answer, Certain: seen.Certain.DaysUsed, CertainOverstay: seen.Certain.OverstayDays,
		Ask: seen.Ask, Visa: v, EntriesUsed: seen.EntriesUsed, UsedUp: seen.UsedUp, days: seen.Marks}
	for _, visit := range h.Visits() {
		if !visit.Entry.After(on) {
			a.since = visit.Entry
		}
	}
	return a
}

// reply prints what a traveler or a carrier is told, and nothing of the history.
func (c *stayComputeCmd) reply(out io.Writer, h stay.History, v *stay.Visa, on travel.Day) error {
	seen := stay.Schengen().See(h, v, on)
	r := seen.ToTraveler()
	if c.Reply == "carrier" {
		r = seen.ToCarrier()
	}
	if c.JSON {
		return writeJSON(out, r)
	}
	line := r.String()
	if r.DaysLeft != nil {
		line += fmt.Sprintf(", %s left", count(*r.DaysLeft, "day"))
	}
	_, err := fmt.Fprintln(out, line)
	return err
}

// write prints the answer for a person, with a picture of the window.
func (a euAnswer) write(out io.Writer) error {
	w := bufio.NewWriter(out) // its first error is Flush's
	fmt.Fprintf(w, "%s, at most %d days in any %d.\n%s\n\n", a.On, a.Limit, a.Window, a.sentence())
	fmt.Fprintf(w, "  used        %s, %s to %s\n", count(a.DaysUsed, "day"), a.WindowStart, a.On)
	fmt.Fprintf(w, "  left        %s%s\n", count(a.DaysLeft, "day"), a.until())
	if a.OverstayDays > 0 {
		fmt.Fprintf(w, "  overstayed  %s, since %s; certain: %s\n", count(a.OverstayDays, "day"), a.FirstOverstay, count(a.CertainOverstay, "day"))
	}
	if a.Visa != nil {
		fmt.Fprintf(w, "  visa        %s, %s to %s, %s; entries used: %d\n", a.Visa.Entries, a.Visa.From, a.Visa.Until, count(a.Visa.Days, "day"), a.EntriesUsed)
	}
	next := "none: the visa allows no other"
	if !a.NextEntry.IsZero() {
		next = a.NextEntry.String()
		if a.InCountry {
			next += ", if the person leaves on " + a.On.String()
		}
	}
	fmt.Fprintf(w, "  next entry  %s\n\n", next)
	a.picture(w)
	for _, q := range a.Ask {
		fmt.Fprintf(w, "\nAsk: %s Certain are %s.", q, count(a.Certain, "day"))
	}
	if len(a.Ask) > 0 {
		fmt.Fprintln(w)
	}
	fmt.Fprintf(w, "\n%s\n", a.Citation)
	return w.Flush()
}

func (a euAnswer) sentence() string {
	switch a.State {
	case stay.NotBegun:
		return "No stay is on record by then."
	case stay.Current:
		return fmt.Sprintf("In since %s, within the authorized stay.", a.since)
	case stay.OnPermit:
		return fmt.Sprintf("In since %s under a residence permit or a long-stay visa; the record does not say until when.", a.since)
	case stay.UncertainOverstay:
		return fmt.Sprintf("A crossing is missing: whether the stay from %s on was longer than authorized is for an officer to ask.", a.since)
	case stay.SuspectedInCountry:
		return fmt.Sprintf("In since %s, no exit on record, longer than authorized: a lead for an officer.", a.since)
	case stay.OutOfCountryOverstay:
		return fmt.Sprintf("Out. The last stay, from %s on, was longer than authorized: a lead for an officer.", a.since)
	}
	return fmt.Sprintf("Out. The last stay, from %s on, ended in time.", a.since)
}

func (a euAnswer) until() string {
	switch {
	case a.State == stay.OnPermit:
		return ", once the permit ends"
	case a.LastDay.IsZero():
		return ""
	case a.InCountry:
		return ": may stay until " + a.LastDay.String()
	case a.DaysLeft == 0:
		return ""
	}
	return ": if the person comes now, until " + a.LastDay.String()
}

// picture prints the window, thirty days a line.
func (a euAnswer) picture(w io.Writer) {
	signs := map[stay.Mark]byte{stay.Away: '.', stay.Stayed: '#', stay.Uncertain: '?', stay.UnderPermit: 'p', stay.Overstayed: '!'}
	for first := 0; first < len(a.days); first += 30 {
		var line strings.Builder
		for i, m := range a.days[first:min(first+30, len(a.days))] {
			if i > 0 && i%10 == 0 {
				line.WriteByte(' ')
			}
			line.WriteByte(signs[m])
		}
		fmt.Fprintf(w, "  %s  %s\n", a.On.AddDays(first-len(a.days)+1), line.String())
	}
	fmt.Fprintln(w, "  # counts   ! counts, over the limit   ? hangs on the missing crossing\n  p under a permit   . away")
}

// count returns a number with its noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
