package scenario

import (
	"fmt"

	"limen/stay"
	"limen/travel"
)

func (s *stayCase) wordsEU(read map[string]func([]string) error) {
	for _, d := range []travel.Direction{travel.Entry, travel.Exit} {
		read[string(d)] = func(w []string) error { return s.crossed(d, w) }
	}
	read["permit"] = func(w []string) error {
		var t stay.Term
		if len(w) == 0 {
			return fmt.Errorf("from and until are needed")
		}
		err := clauses(append([]string{"from"}, w...), map[string]func(string) error{"from": intoDay(&t.From), "until": intoDay(&t.Until)})
		s.permits = append(s.permits, t)
		return err
	}
	read["visa"] = func(w []string) error {
		if len(w) == 0 {
			return fmt.Errorf("single, double or multiple is needed")
		}
		s.visa = &stay.Visa{Entries: stay.VisaEntries(w[0]), Days: 90}
		return clauses(w[1:], map[string]func(string) error{"from": intoDay(&s.visa.From), "until": intoDay(&s.visa.Until), "days": intoNumber(&s.visa.Days)})
	}
}

// crossed reads `entry DAY [permit] [on DOC]`, and exit alike.
func (s *stayCase) crossed(d travel.Direction, w []string) error {
	if len(w) == 0 {
		return fmt.Errorf("a day is needed")
	}
	m, err := parseMoment(w[0])
	if err != nil {
		return err
	}
	c, doc := stay.Crossed{Day: m.day, Direction: d}, ""
	if w = w[1:]; len(w) > 0 && w[0] == "permit" {
		c.Permit, w = true, w[1:]
	}
	if err := clauses(w, map[string]func(string) error{"on": into(&doc)}); err != nil {
		return err
	}
	if s.own(doc) {
		s.crossings = append(s.crossings, c)
	}
	return nil
}

func (s *stayCase) answerEU() []string {
	h, err := stay.NewHistory(s.crossings, s.permits)
	if err != nil {
		return refusal(err)
	}
	if s.visa != nil {
		if err := s.visa.Check(); err != nil {
			return refusal(err)
		}
	}
	a := stay.Schengen().See(h, s.visa, s.on)
	in, present := "no", "no"
	if a.InCountry {
		in = "yes"
	}
	if a.Present {
		present = "yes"
	}
	traveler, carrier := a.ToTraveler(), a.ToCarrier()
	lines := []string{
		"state " + string(a.State), "citation " + a.Citation, "in country " + in, "present " + present,
		"window " + a.WindowStart.String() + " " + a.On.String(),
		fmt.Sprint("used ", a.DaysUsed), fmt.Sprint("certain ", a.Certain.DaysUsed), fmt.Sprint("left ", a.DaysLeft), "last day " + orNone(a.LastDay),
		fmt.Sprint("overstay ", a.OverstayDays), "first overstay " + orNone(a.FirstOverstay), "next entry " + orNone(a.NextEntry),
		fmt.Sprintf("traveler %s, %d left", traveler, *traveler.DaysLeft), "carrier " + carrier.String(),
	}
	if s.visa != nil {
		lines = append(lines, fmt.Sprint("entries used ", a.EntriesUsed))
	}
	for _, q := range a.Ask {
		lines = append(lines, "needs officer", "ask "+q)
	}
	return lines
}

func orNone(d travel.Day) string {
	if d.IsZero() {
		return "none"
	}
	return d.String()
}
