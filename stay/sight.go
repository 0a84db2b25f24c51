package stay

import "limen/travel"

// Sight is what an authority sees of a short stay: the answer by the record as
// it is, what is certain of it, and what is to be asked.
type Sight struct {
	VisaAnswer
	Visa *Visa // nil for who needs none
	// Certain is the answer without the days that rest on a missing crossing.
	Certain VisaAnswer
	// Ask is what an officer has to ask because a crossing is missing.
	Ask []string
	// Marks are the days of the window that ends on the day.
	Marks []Mark
}

// See answers within the rule and, if v is not nil, within a visa. An overstay
// that only a missing crossing makes is UncertainOverstay: a gap in the record
// is a question for an officer, not a lead. Rule, visa and day are valid (Check,
// IsZero).
func (r Rule) See(h History, v *Visa, on travel.Day) Sight {
	answer := func(h History) VisaAnswer {
		if v == nil {
			return VisaAnswer{Answer: r.Compute(h, on)}
		}
		return r.ComputeVisa(h, *v, on)
	}
	s := Sight{VisaAnswer: answer(h), Visa: v, Certain: answer(h.Certain()), Marks: r.marks(h, v, on)}
	if s.VisaAnswer != s.Certain {
		s.Ask = h.Questions(Term{From: s.WindowStart, Until: on})
	}
	if s.OverstayDays > 0 && s.Certain.OverstayDays == 0 {
		s.State, s.Citation = UncertainOverstay, "Regulation (EU) 2016/399 art. 6(1), 12; (EU) 2017/2226 art. 12 [check]"
	}
	if v != nil {
		s.Citation += "; (EC) 810/2009 art. 24 [check]"
	}
	return s
}

// ToTraveler is the answer's reply, unless only a missing crossing speaks
// against the person.
func (s Sight) ToTraveler() Reply {
	r := s.VisaAnswer.ToTraveler()
	r.AskOfficer = !r.OK && s.Certain.fine()
	return r
}

// ToCarrier is the reply of what is certain.
func (s Sight) ToCarrier() Reply { return s.Certain.ToCarrier() }
