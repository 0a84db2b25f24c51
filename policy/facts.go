package policy

import "limen/travel"

// facts are a question as conditions see it: every input with its value, or
// unknown.
type facts struct {
	known    Inputs
	yes      Inputs // of those of type bool
	presumed Inputs // known, but not stated
	age      int
	text     [texts]string
}

// facts derives the inputs for a set: its own country, or countries, is home.
func (q *Question) facts(s *Set) (f facts) {
	f.say(InDirection, string(q.Direction))
	f.say(InMode, string(q.Mode))
	f.say(InPort, string(q.Port))
	f.say(InDocument, string(q.Document))
	if !q.Birth.IsZero() {
		f.known |= 1 << InAge
		f.age = travel.AgeOn(q.Birth, q.Day)
	}
	f.nationality(q, s.Home)
	f.status(q, s.Jurisdiction)
	f.put(InVisaRequired, q.VisaRequired)
	f.put(InI94Issued, q.I94Issued)
	f.put(InPilotPort, q.PilotPort)
	f.put(InAttendant, q.Attendant)
	f.put(InTaiwanOfficial, q.TaiwanOfficial)
	f.put(InRefused, fact(q.Refused))
	if q.ExemptionGranted || !q.ExemptionClaimed {
		f.put(InExemptionGranted, fact(q.ExemptionGranted))
	}
	return f
}

// status derives class and residence from each other under the law of the
// United States: a lawful permanent resident is in no other class, and who is in
// another class is none. Elsewhere neither follows from the other. At entry the
// status is what is asked for, and is presumed; at exit nothing is.
func (f *facts) status(q *Question, law Jurisdiction) {
	class, resident := q.Class, q.Resident
	switch {
	case law != US:
	case class == "" && resident == Yes:
		class = permanentResident
	case class == permanentResident:
		resident = Yes
	case class != "":
		resident = No
	}
	f.say(InClass, string(class))
	f.put(InResident, resident)
	switch {
	case q.StatusEnded != Unknown:
		f.put(InStatusMaintained, Yes+No-q.StatusEnded)
	case class != "" && q.Direction == travel.Entry:
		f.put(InStatusMaintained, Yes)
		f.presumed |= 1 << InStatusMaintained
	}
}

// nationality derives what the person crosses as.
func (f *facts) nationality(q *Question, home []travel.Country) {
	as := q.PresentsAs
	if as == "" && len(q.Citizenships) == 1 {
		as = q.Citizenships[0]
	}
	own, other := 0, 0
	for _, c := range q.Citizenships {
		if isHome(c, home) {
			own++
		} else {
			other++
		}
	}
	switch {
	case as != "":
		f.say(InCitizenship, string(canonical(as)))
		f.put(InCitizen, fact(isHome(as, home)))
		f.put(InDualNational, fact(own > 0 && !isHome(as, home)))
	case own == 0 && other > 0:
		f.put(InCitizen, No)
		f.put(InDualNational, No)
	case own > 0 && other == 0:
		f.put(InCitizen, Yes)
		f.put(InDualNational, No)
	}
}

func isHome(c travel.Country, home []travel.Country) bool {
	c = canonical(c)
	for _, h := range home {
		if canonical(h) == c {
			return true
		}
	}
	return false
}

// canonical turns the one-letter code of German documents into the code that
// rules are written with (Doc 9303-3 section 5).
func canonical(c travel.Country) travel.Country {
	if c == "D" {
		return "DEU"
	}
	return c
}

func fact(b bool) Fact {
	if b {
		return Yes
	}
	return No
}

func (f *facts) say(i Input, v string) {
	if v != "" {
		f.known |= 1 << i
		f.text[i] = v
	}
}

func (f *facts) put(i Input, v Fact) {
	if v != Unknown {
		f.known |= 1 << i
	}
	if v == Yes {
		f.yes |= 1 << i
	}
}

// standing is what the facts say of citizenship.
func (f *facts) standing() Standing {
	switch {
	case f.yes.has(InCitizen):
		return Citizen
	case f.known.has(InCitizen) && !f.yes.has(InDualNational):
		return Alien
	}
	return ""
}
