package main

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"limen/errs"
	"limen/stay"
	"limen/travel"
)

// usAnswer is what limen stay compute --rule us says of the stay that the last
// entry began.
type usAnswer struct {
	Rule string     `json:"rule"`
	On   travel.Day `json:"on"`
	stay.Status
	WindowStart  travel.Day `json:"window_start"`
	InCountry    bool       `json:"in_country"`
	DaysUsed     int        `json:"days_used"`
	DaysLeft     *int       `json:"days_left"` // nil for D/S
	OverstayDays int        `json:"overstay_days"`
	// Leads are what the crossings show besides: exits and entries without
	// their other half.
	Leads []usLead `json:"leads,omitempty"`
}

type usLead struct {
	Kind stay.LeadKind `json:"kind"`
	Day  travel.Day    `json:"day"`
}

func (c *stayComputeCmd) us(out io.Writer, f stay.File, on travel.Day) error {
	granted := stay.Admission{ID: "admission", Class: stay.ClassOfAdmission(c.Class), DurationOfStatus: c.DS}
	if !c.DS {
		until, err := parseDay("--admit-until", c.Until)
		if err != nil {
			return err
		}
		granted.AdmitUntil = until
	}
	if _, err := f.History(nil); err != nil {
		return err
	}
	s, leads, err := followUS(f, granted, on)
	if err != nil {
		return err
	}
	a := newUSAnswer(s, on)
	a.Leads = leads
	if c.JSON {
		return writeJSON(out, a)
	}
	return a.write(out)
}

// followUS follows the crossings of a file and returns the stay that its last
// entry began, as granted, and the leads until a day.
func followUS(f stay.File, granted stay.Admission, on travel.Day) (s stay.Stay, leads []usLead, err error) {
	last := -1
	for i, x := range f.Crossings {
		if x.Permit {
			return s, nil, errs.New(errs.Invalid, "stay-file", "%s: there are no stays under a permit in --rule us", f.Places[i])
		}
		if x.Direction == travel.Entry {
			last = i
		}
	}
	if last < 0 {
		return s, nil, errs.New(errs.Invalid, "stay-file", "the file has no entry")
	}
	if !granted.DurationOfStatus && granted.AdmitUntil.Before(f.Crossings[last].Day) {
		return s, nil, errs.New(errs.Invalid, "stay-file", "%s: the last entry is after the admit-until date: a stay cannot end before it begins", f.Places[last])
	}
	var open *stay.Stay
	for i, x := range f.Crossings {
		var lead *stay.Lead
		if x.Direction == travel.Entry {
			a := stay.Admission{ID: f.Places[i], Day: x.Day}
			if i == last {
				granted.Day = x.Day
				a = granted
			}
			var fresh stay.Stay
			fresh, _, lead = stay.Admit(open, a)
			open = &fresh
		} else {
			var closed *stay.Stay
			if closed, lead = stay.Depart(open, "", "exit", x.Day); closed != nil && closed.ID == granted.ID {
				s = *closed
			}
			open = nil
		}
		if lead != nil && lead.Kind != stay.OverstayOutOfCountry && !x.Day.After(on) {
			leads = append(leads, usLead{lead.Kind, lead.Day})
		}
	}
	if open != nil {
		s = *open
	}
	return s, leads, nil
}

func newUSAnswer(s stay.Stay, on travel.Day) usAnswer {
	a := usAnswer{Rule: "us", On: on, Status: stay.StatusOn(s, on), WindowStart: s.Day}
	a.OverstayDays = a.Status.Days
	left, last := 0, on
	a.InCountry = !on.Before(s.Day)
	if !s.Open() && !s.Closed.After(on) {
		last, a.InCountry = s.Closed, false
	}
	a.DaysUsed = max(0, s.Day.DaysUntil(last)+1)
	if !s.DurationOfStatus {
		if a.InCountry {
			left = max(0, on.DaysUntil(s.AdmitUntil))
		}
		a.DaysLeft = &left
	}
	return a
}

// write prints the answer for a person.
func (a usAnswer) write(out io.Writer) error {
	w := bufio.NewWriter(out) // its first error is Flush's
	fmt.Fprintf(w, "%s, stay from %s on: %s\n\n", a.On, a.WindowStart, a.sentence())
	fmt.Fprintf(w, "  used        %s\n", count(a.DaysUsed, "day"))
	switch {
	case a.DaysLeft == nil:
		fmt.Fprintln(w, "  left        no date: duration of status")
	case a.InCountry && a.OverstayDays == 0:
		fmt.Fprintf(w, "  left        %s: until %s\n", count(*a.DaysLeft, "day"), a.Period.Until)
	default:
		fmt.Fprintf(w, "  authorized  until %s\n", a.Period.Until)
	}
	if a.OverstayDays > 0 {
		fmt.Fprintf(w, "  overstayed  %s\n", count(a.OverstayDays, "day"))
	}
	for _, l := range a.Leads {
		fmt.Fprintf(w, "  lead        %s on %s\n", l.Kind, l.Day)
	}
	fmt.Fprintf(w, "\n%s%s (%s)\n", strings.ToUpper(a.Clause[:1]), a.Clause[1:], a.Citation)
	return w.Flush()
}

func (a usAnswer) sentence() string {
	switch a.State {
	case stay.NotBegun:
		return "not begun."
	case stay.SuspectedInCountry:
		return "no departure on record, longer than authorized: a lead for an officer."
	case stay.OutOfCountryOverstay:
		return "left later than authorized: a lead for an officer."
	case stay.InTime:
		return "left in time."
	case stay.NoDate:
		return "in for duration of status."
	}
	return "within the authorized stay."
}
