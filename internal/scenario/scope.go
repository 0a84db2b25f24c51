package scenario

import (
	"fmt"
	"time"

	"limen/errs"
	"limen/policy"
	"limen/travel"
)

// runScope answers who must give what: the words are those of limen policy
// explain, and rule, jurisdiction, instant and zone.
func runScope(c Case) (answer []string, err error) {
	s := scope{book: c.book, jurisdiction: policy.US, zone: time.UTC}
	read := map[string]func([]string) error{
		"rule":         One(func(v string) error { s.rule = v; return nil }),
		"jurisdiction": One(func(v string) error { s.jurisdiction = policy.Jurisdiction(v); return nil }),
		"instant":      One(func(v string) (err error) { s.instant, err = time.Parse(time.RFC3339, v); return err }),
		"zone":         One(func(v string) (err error) { s.zone, err = time.LoadLocation(v); return err }),
	}
	for _, w := range policy.Words() {
		read[w] = One(func(v string) error { return s.question.Set(w, v) })
	}
	if err := Words(c, read); err != nil {
		return nil, err
	}
	if !s.instant.IsZero() {
		s.question.Day = travel.DayOf(s.instant.In(s.zone))
	}
	law, ds, err := s.decide()
	if code := errs.CodeOf(err); code == "policy-day" || code == "policy-question" {
		return []string{"error " + code}, nil
	}
	if err != nil {
		return nil, bad(c.File, c.Line, "%w", err)
	}
	answer = append(answer, "day "+s.question.Day.String(), "rule set "+law.ID)
	answer = append(answer, spell(policy.Photo, ds.Photo)...)
	return append(answer, spell(policy.OtherBiometrics, ds.OtherBiometrics)...), nil
}

type scope struct {
	book         *policy.Book
	rule         string
	jurisdiction policy.Jurisdiction
	instant      time.Time
	zone         *time.Location
	question     policy.Question
}

// decide answers by the named rule set, or by the one in force that day.
func (s scope) decide() (*policy.Set, policy.Decisions, error) {
	law, err := s.book.Set(s.rule)
	if s.rule == "" {
		law, err = s.book.On(s.jurisdiction, s.question.Day)
	}
	if err != nil {
		return nil, policy.Decisions{}, err
	}
	ds, err := law.Decide(s.question)
	return law, ds, err
}

// spell writes a decision as lines of an answer.
func spell(duty policy.Duty, d policy.Decision) []string {
	lines := []string{fmt.Sprintf("%s %s", duty, d.Result)}
	for _, l := range [][2]string{{"rule", d.Rule}, {"clause", d.Clause}, {"citation", d.Citation}, {"note", d.Note}, {"ask", d.Ask}, {"standing", string(d.Standing)}} {
		if l[1] != "" {
			lines = append(lines, fmt.Sprintf("%s %s %s", duty, l[0], l[1]))
		}
	}
	for _, i := range d.Missing.List() {
		lines = append(lines, fmt.Sprintf("%s missing %s", duty, i))
	}
	return lines
}
