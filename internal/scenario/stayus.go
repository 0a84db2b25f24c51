package scenario

import (
	"fmt"

	"limen/stay"
	"limen/travel"
)

// event is an admission, a parole at entry, or a departure.
type event struct {
	moment
	opens *stay.Stay // nil for a departure
	err   error      // why it opens nothing
	doc   string
}

func (s *stayCase) wordsUS(read map[string]func([]string) error) {
	read["admitted"] = func(w []string) error { return s.entered(w, "") }
	read["paroled"] = func(w []string) error { return s.entered(w, stay.Parole) }
	read["departed"] = func(w []string) (err error) {
		e := event{}
		if len(w) == 0 {
			return fmt.Errorf("a day is needed")
		}
		if e.moment, err = parseMoment(w[0]); err == nil {
			err = clauses(w[1:], map[string]func(string) error{"on": into(&e.doc)})
		}
		s.events = append(s.events, e)
		return err
	}
	for _, k := range []stay.ChangeKind{stay.Extension, stay.ChangeOfStatus, stay.Adjustment, stay.Parole} {
		read[string(k)] = func(w []string) error { return s.changed(k, w) }
	}
}

// entered reads `admitted DAY CLASS until DAY|D/S [on DOC]`, and paroled alike.
func (s *stayCase) entered(w []string, kind stay.ChangeKind) (err error) {
	if len(w) < 2 {
		return fmt.Errorf("day and class are needed")
	}
	e := event{}
	if e.moment, err = parseMoment(w[0]); err != nil {
		return err
	}
	a := stay.Admission{ID: fmt.Sprint("a", len(s.events)+1), Traveler: s.traveler, Day: e.day, Class: stay.ClassOfAdmission(w[1])}
	err = clauses(w[2:], map[string]func(string) error{"until": intoEnd(&a.AdmitUntil, &a.DurationOfStatus), "on": into(&e.doc)})
	if err != nil {
		return err
	}
	e.opens = &stay.Stay{Admission: a}
	if e.err = a.Check(); kind == stay.Parole {
		c := stay.Change{ID: a.ID, Traveler: a.Traveler, Kind: kind, Outcome: stay.Granted, Day: a.Day, Class: a.Class, AdmitUntil: a.AdmitUntil, DurationOfStatus: a.DurationOfStatus}
		*e.opens, e.err = c.Opens()
	}
	s.events = append(s.events, e)
	return nil
}

// changed reads `KIND pending|granted|denied [DAY] [class C] [until DAY|D/S]
// [filed DAY]` of the last admission before it.
func (s *stayCase) changed(k stay.ChangeKind, w []string) (err error) {
	if len(w) == 0 {
		return fmt.Errorf("pending, granted or denied is needed")
	}
	c := stay.Change{ID: fmt.Sprint("c", len(s.changes)+1), Traveler: s.traveler, Kind: k, Outcome: stay.Outcome(w[0])}
	for i := len(s.events) - 1; i >= 0 && c.Admission == ""; i-- {
		if e := s.events[i]; e.opens != nil {
			c.Admission = e.opens.ID
		}
	}
	if w = w[1:]; c.Outcome != stay.Pending && len(w) > 0 {
		if c.Day, err = travel.ParseDay(w[0]); err != nil {
			return err
		}
		w = w[1:]
	}
	s.changes = append(s.changes, c)
	p := &s.changes[len(s.changes)-1]
	return clauses(w, map[string]func(string) error{"class": into(&p.Class), "until": intoEnd(&p.AdmitUntil, &p.DurationOfStatus), "filed": intoDay(&p.Filed)})
}

// answerUS follows the events in their order and speaks of the last stay.
func (s *stayCase) answerUS() (answer []string) {
	var open, last *stay.Stay
	var admitted moment
	for _, e := range s.events {
		if e.err != nil {
			return refusal(e.err)
		}
		if !s.own(e.doc) {
			continue
		}
		var lead *stay.Lead
		if e.opens == nil {
			day := e.day
			if open != nil && !e.at.IsZero() && !admitted.at.IsZero() {
				day = stay.DepartureDay(open.Day, admitted.at, e.day, e.at)
			}
			var closed *stay.Stay
			if closed, lead = stay.Depart(open, s.traveler, "x", day, s.changes...); closed != nil {
				open, last = nil, closed
			}
		} else {
			var fresh stay.Stay
			if fresh, _, lead = stay.Admit(open, e.opens.Admission); fresh.Open() { // not told late
				open, admitted, last = &fresh, e.moment, &fresh
			}
		}
		answer = append(answer, leadLine(lead)...)
	}
	if last == nil {
		return append(answer, "state none")
	}
	if err := stay.CheckAll(last.Admission, of(last.ID, s.changes)); err != nil {
		return refusal(err)
	}
	answer = append(answer, leadLine(stay.Overdue(*last, s.on, s.changes...))...)
	return append(answer, statusLines(stay.StatusOn(*last, s.on, s.changes...))...)
}

func of(admission string, all []stay.Change) (own []stay.Change) {
	for _, c := range all {
		if c.Admission == admission || c.Admission == "" {
			own = append(own, c)
		}
	}
	return own
}

func leadLine(l *stay.Lead) []string {
	if l == nil {
		return nil
	}
	line := "lead " + string(l.Kind)
	if l.Days > 0 {
		line += fmt.Sprintf(" days %d", l.Days)
	}
	return []string{line}
}

func statusLines(st stay.Status) []string {
	p := st.Period
	until, rests := p.Until.String(), string(p.Kind)
	switch {
	case p.DurationOfStatus:
		until = "D/S"
	case until == "":
		until = "none"
	}
	if rests == "" {
		rests = "admission"
	}
	lines := []string{"state " + string(st.State), fmt.Sprint("overstay ", st.Days), "class " + string(p.Class), "until " + until,
		"rests on " + rests, "clause " + st.Clause, "citation " + st.Citation}
	if st.NeedsOfficer() {
		lines = append(lines, "needs officer", "ask "+st.Ask)
	}
	return lines
}
