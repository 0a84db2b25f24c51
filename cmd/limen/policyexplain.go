package main

import (
	"fmt"
	"time"

	"limen/policy"
	"limen/travel"
)

type policyExplainCmd struct {
	ruleFlags
	Rule         string              `help:"The rule set, such as us-2025 (default: the one in force that day)." placeholder:"ID"`
	Jurisdiction policy.Jurisdiction `help:"Whose law, without --rule: US, EU." default:"US"`
	On           string              `help:"Local day of the port (default: today)." placeholder:"DATE"`
	Direction    string              `required:"" help:"entry or exit." placeholder:"WAY"`

	Citizenship []string `help:"Country, such as GBR. Several times for a dual national." placeholder:"CCC" sep:"none"`
	PresentsAs  string   `help:"Of several citizenships, the one the traveler presents." placeholder:"CCC"`
	Birth       string   `help:"Date of birth." placeholder:"DATE"`
	Class       string   `help:"Class of admission, such as B-2; LPR for a lawful permanent resident." placeholder:"CLASS"`
	Mode        string   `help:"air, sea, land, pedestrian, private_aircraft, other." placeholder:"MODE"`
	Port        string   `help:"The port, such as JFK." placeholder:"PORT"`
	Document    string   `help:"passport, passport_card, id_card, resident_card, border_crossing_card, other." placeholder:"KIND"`

	Attendant      string `help:"C-3: attendant, servant or personal employee of an accredited official?" placeholder:"yes|no"`
	TaiwanOfficial string `help:"E-1: Taiwan official, or immediate family of one?" placeholder:"yes|no"`
	StatusEnded    string `help:"The status of the class is not maintained any more?" placeholder:"yes|no"`
	Resident       string `help:"Lawful permanent resident; EU: residence permit or long-stay visa?" placeholder:"yes|no"`
	VisaRequired   string `help:"Needs a visa, or has one?" placeholder:"yes|no"`
	I94            string `name:"i94" help:"Was issued Form I-94 or I-95?" placeholder:"yes|no"`
	Exemption      string `help:"An exemption by the Secretaries or the Director: granted, claimed, none." placeholder:"WHICH"`
	PilotPort      string `help:"us-2004: is the port in a program that records exits?" placeholder:"yes|no"`
	Refused        string `help:"The traveler was asked, and declines?" placeholder:"yes|no"`

	JSON bool `name:"json" help:"Print JSON."`
}

// Help shows an explanation.
func (policyExplainCmd) Help() string {
	return `Says what a person must give at a crossing, on which clause, by which rule, and from what it
follows. What is not stated is unknown: where the answer hangs on it, an officer has to ask, and the
question is printed; where it does not, the answer is certain all the same.

Examples:
  limen policy explain --on 2026-01-10 --citizenship GBR --birth 1950-02-01 --class B-2 \
    --mode air --direction exit
  limen policy explain --rule us-2004 --on 2026-01-10 --citizenship GBR --birth 2015-02-01 \
    --direction entry --json | jq .photo
  limen policy explain --citizenship USA --citizenship GBR --presents-as USA --direction entry`
}

// Run explains.
func (c *policyExplainCmd) Run(io *streams) error {
	q, err := c.question()
	if err != nil {
		return err
	}
	book, err := c.book()
	if err != nil {
		return err
	}
	law, err := book.On(c.Jurisdiction, q.Day)
	inForce := err == nil
	if c.Rule != "" {
		now := law
		law, err = book.Set(c.Rule)
		inForce = law == now
		if err == nil && law.Jurisdiction != c.Jurisdiction { // --rule says whose law
			now, _ = book.On(law.Jurisdiction, q.Day)
			inForce = law == now
		}
	}
	if err != nil {
		return err
	}
	ds, err := law.Decide(q)
	if err != nil {
		return err
	}
	e := explanation{law: law, q: q, ID: law.ID, Title: law.Title, Citation: law.Citation, InForce: inForce, On: q.Day, Direction: q.Direction,
		Photo: explain(law, q, ds.Photo), OtherBiometrics: explain(law, q, ds.OtherBiometrics), Notes: law.Notes}
	if c.JSON {
		return printJSON(io.Out, e)
	}
	return e.writeText(io.Out)
}

// question reads the flags; a flag that is not given is unknown.
func (c *policyExplainCmd) question() (q policy.Question, err error) {
	if q.Day, err = dayOr(c.On, "--on"); err != nil {
		return q, err
	}
	flags := [][2]string{{"direction", c.Direction}, {"presents-as", c.PresentsAs}, {"birth", c.Birth}, {"class", c.Class}, {"mode", c.Mode}, {"port", c.Port},
		{"document", c.Document}, {"attendant", c.Attendant}, {"taiwan-official", c.TaiwanOfficial}, {"status-ended", c.StatusEnded}, {"resident", c.Resident},
		{"visa-required", c.VisaRequired}, {"i94", c.I94}, {"exemption", c.Exemption}, {"pilot-port", c.PilotPort}, {"refused", c.Refused}}
	for _, v := range c.Citizenship {
		flags = append(flags, [2]string{"citizenship", v})
	}
	for _, f := range flags {
		if f[1] == "" {
			continue
		}
		if err := q.Set(f[0], f[1]); err != nil {
			return q, fmt.Errorf("--%s: %s", f[0], message(err))
		}
	}
	return q, nil
}

// dayOr reads a day, or takes today.
func dayOr(v, flag string) (travel.Day, error) {
	if v == "" {
		return travel.DayOf(time.Now()), nil
	}
	return parseDay(flag, v)
}
