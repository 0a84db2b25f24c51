package policy

import (
	"maps"
	"slices"
	"strings"

	"limen/errs"
	"limen/travel"
)

// setters read one fact of a question from text, by the word that the command
// line and the executable cases share.
var setters = map[string]func(*Question, string) error{
	"on":    func(q *Question, v string) error { return dayTo(&q.Day, v) },
	"birth": func(q *Question, v string) error { return dayTo(&q.Birth, v) },
	"direction": func(q *Question, v string) error {
		return oneOf(InDirection, v, func() { q.Direction = travel.Direction(v) })
	},
	"mode":     func(q *Question, v string) error { return oneOf(InMode, v, func() { q.Mode = Mode(v) }) },
	"document": func(q *Question, v string) error { return oneOf(InDocument, v, func() { q.Document = Document(v) }) },
	"port":     func(q *Question, v string) error { return oneOf(InPort, v, func() { q.Port = travel.Port(v) }) },
	"citizenship": func(q *Question, v string) error {
		return oneOf(InCitizenship, v, func() { q.Citizenships = append(q.Citizenships, travel.Country(v)) })
	},
	"presents-as": func(q *Question, v string) error {
		return oneOf(InCitizenship, v, func() { q.PresentsAs = travel.Country(v) })
	},
	"class": func(q *Question, v string) error {
		c, ok := ParseClass(v)
		if !ok {
			return errs.New(errs.Invalid, "policy-word", "a class of admission is written as B-2, NATO-6 or LPR")
		}
		q.Class = c
		return nil
	},
	"pilot-port":      func(q *Question, v string) error { return factTo(&q.PilotPort, v) },
	"attendant":       func(q *Question, v string) error { return factTo(&q.Attendant, v) },
	"taiwan-official": func(q *Question, v string) error { return factTo(&q.TaiwanOfficial, v) },
	"resident":        func(q *Question, v string) error { return factTo(&q.Resident, v) },
	"visa-required":   func(q *Question, v string) error { return factTo(&q.VisaRequired, v) },
	"i94":             func(q *Question, v string) error { return factTo(&q.I94Issued, v) },
	"status-ended":    func(q *Question, v string) error { return factTo(&q.StatusEnded, v) },
	"exemption": func(q *Question, v string) error {
		switch v {
		case "granted", "claimed", "none":
			q.ExemptionGranted, q.ExemptionClaimed = v == "granted", v == "claimed"
			return nil
		}
		return errs.New(errs.Invalid, "policy-word", "an exemption is granted, claimed or none")
	},
	"refused": func(q *Question, v string) error {
		var f Fact
		err := factTo(&f, v)
		q.Refused = f == Yes
		return err
	},
}

// Words returns the words of a question, sorted.
func Words() []string { return slices.Sorted(maps.Keys(setters)) }

// Set sets one fact of the question from text, by its word: "birth",
// "2012-01-10". A citizenship is added to those before. It returns an Invalid
// error (code "policy-word") if there is no such word, or the value is none of
// its values; the error does not quote the value.
func (q *Question) Set(word, value string) error {
	set, known := setters[word]
	if !known {
		return errs.New(errs.Invalid, "policy-word", "there is no word %q: %s", word, strings.Join(Words(), ", "))
	}
	return set(q, value)
}

func dayTo(to *travel.Day, v string) (err error) {
	if *to, err = travel.ParseDay(v); err != nil {
		return errs.New(errs.Invalid, "policy-word", "%w", err)
	}
	return nil
}

func factTo(to *Fact, v string) error {
	switch v {
	case "yes":
		*to = Yes
	case "no":
		*to = No
	case "unknown":
		*to = Unknown
	default:
		return errs.New(errs.Invalid, "policy-word", "this is yes, no or unknown")
	}
	return nil
}

func oneOf(i Input, v string, set func()) error {
	if i.literal(v) == "" {
		set()
		return nil
	}
	if len(words[i].values) > 0 {
		return errs.New(errs.Invalid, "policy-word", "this is one of %s", strings.Join(words[i].values, ", "))
	}
	return errs.New(errs.Invalid, "policy-word", "this is %s", words[i].form)
}
