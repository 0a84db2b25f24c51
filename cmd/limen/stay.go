package main

import (
	"encoding/json"
	"io"
	"os"
	"strings"
	"time"

	"limen/errs"
	"limen/stay"
	"limen/travel"
)

type stayCmd struct {
	Compute stayComputeCmd `cmd:"" help:"Count the days of a stay: used, left, overstayed, and until when."`
}

type stayComputeCmd struct {
	Files  []string `arg:"" name:"file" help:"Crossings, one a line: date,entry|exit[,permit]; - reads standard input. One file for each passport of the person."`
	Rule   string   `required:"" enum:"eu-ees,us" help:"eu-ees: 90 days in any 180. us: an admit-until date or D/S."`
	On     string   `help:"The day to answer for, such as 2026-05-01 (default: today)." placeholder:"DATE"`
	JSON   bool     `name:"json" help:"Print one JSON object."`
	Permit []string `help:"eu-ees: days under a residence permit or long-stay visa; may be repeated." placeholder:"DATE..DATE"`
	Visa   string   `help:"eu-ees: a short-stay visa: single, double or multiple." placeholder:"ENTRIES"`
	Valid  string   `help:"eu-ees: first and last day of the visa." placeholder:"DATE..DATE"`
	Days   int      `help:"eu-ees: days of stay that the visa allows (default: 90)." default:"90"`
	Reply  string   `help:"eu-ees: only what a traveler or a carrier is told: OK or NOT OK." placeholder:"TO"`
	Until  string   `name:"admit-until" help:"us: last day of the stay that the last entry of the file began." placeholder:"DATE"`
	DS     bool     `name:"ds" help:"us: that entry was for duration of status."`
	Class  string   `help:"us: its class of admission, such as B-2." placeholder:"CLASS"`
}

// Help says what every figure means, and shows both rules.
func (stayComputeCmd) Help() string {
	return `The file has one line a crossing, in the order in which they happened. A person with two passports
may have two files: they are read as one history. A header and lines that are blank or begin with #
are left out; permit says that the stay is under a residence permit or a long-stay visa.

  date,direction,permit
  2026-01-05,entry
  2026-02-01,exit
  2026-03-10,entry,permit

Days are calendar days of the port. An exit that the date line, or a time zone, makes earlier than
its entry is written with the day of the entry. Two entries in a row: the exit between them is not
on record, and the stay counts until the second; two exits likewise. The answer then says so, and
how many days are certain.

--rule eu-ees answers for the end of the day --on:
  window_start     first of the 180 days that end on --on
  days_used        days of presence in them that count: days of entry and exit do, --on does if the
                   person was present on it, days under a permit do not
  days_left        days that the person can stay without a break, from the day after --on if present
                   on it, else from --on: the remaining stay, or the maximum stay at entry. Old days
                   that leave the window meanwhile are given back: it can be more than 90 - days_used
  last_day         the last of those days
  overstay_days    days of the present stay, or of the last one, on which more than 90 were used
  next_entry       first day on which an entry is possible, if the person is or goes out

--rule us answers for the stay that the last entry of the file began:
  window_start     the day of entry
  days_used        days of presence since, the day of entry, and --on or the day of exit, included
  days_left        days from the day after --on until the admit-until date; null for D/S
  overstay_days    days after that date, until --on or the exit

An overstay is a lead for an officer, never a verdict.

Examples:
  limen stay compute --rule eu-ees --on 2026-05-01 crossings.csv
  limen stay compute --rule eu-ees old-passport.csv new-passport.csv
  limen stay compute --rule eu-ees --visa double --valid 2026-01-01..2026-06-30 --days 30 --json -
  limen stay compute --rule eu-ees --reply traveler crossings.csv
  limen stay compute --rule us --admit-until 2026-06-30 --on 2026-07-04 crossings.csv`
}

// Run reads the file and prints the answer, or an error and nothing.
func (c *stayComputeCmd) Run(s *streams) error {
	on := travel.DayOf(time.Now())
	if c.On != "" {
		day, err := parseDay("--on", c.On)
		if err != nil {
			return err
		}
		on = day
	}
	if err := c.misplaced(); err != nil {
		return err
	}
	f, err := c.crossings()
	if err != nil {
		return err
	}
	if c.Rule == "us" {
		return c.us(s.Out, f, on)
	}
	return c.eu(s.Out, f, on)
}

// misplaced refuses a flag of the other rule: it would be left out unseen.
func (c *stayComputeCmd) misplaced() error {
	eu := len(c.Permit) > 0 || c.Visa != "" || c.Valid != "" || c.Reply != "" || c.Days != 90
	us := c.Until != "" || c.DS || c.Class != ""
	switch {
	case c.Rule == "us" && eu:
		return errs.New(errs.Invalid, "stay-flags", "--permit, --visa, --valid, --days and --reply belong to --rule eu-ees")
	case c.Rule != "us" && us:
		return errs.New(errs.Invalid, "stay-flags", "--admit-until, --ds and --class belong to --rule us")
	case c.Rule == "us" && c.DS == (c.Until != ""):
		return errs.New(errs.Invalid, "stay-flags", "--rule us needs either --admit-until or --ds")
	case (c.Visa == "") != (c.Valid == "") || c.Visa == "" && c.Days != 90:
		return errs.New(errs.Invalid, "stay-flags", "a visa has its entries and its validity: --visa and --valid go together, and --days with them")
	case c.Reply != "" && c.Reply != "traveler" && c.Reply != "carrier":
		return errs.New(errs.Invalid, "stay-flags", "--reply is traveler or carrier")
	}
	return nil
}

// crossings reads the files, one a passport, as those of one person.
func (c *stayComputeCmd) crossings() (stay.File, error) {
	files := make([]stay.File, len(c.Files))
	for i, name := range c.Files {
		data, err := readCrossings(name)
		if err != nil {
			return stay.File{}, err
		}
		if files[i], err = stay.ParseFile(data); err != nil && len(files) > 1 {
			return stay.File{}, errs.New(errs.KindOf(err), "stay-file", "file %d, %s", i+1, strings.TrimPrefix(err.Error(), "stay-file: "))
		} else if err != nil {
			return stay.File{}, err
		}
	}
	return stay.MergeFiles(files...), nil
}

func readCrossings(name string) ([]byte, error) {
	in := io.Reader(os.Stdin)
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, errs.New(errs.NotFound, "stay-file", "the file of crossings cannot be opened: %w", err)
		}
		defer f.Close()
		in = f
	}
	data, err := io.ReadAll(io.LimitReader(in, stay.MaxFile+1))
	if err != nil {
		return nil, errs.New(errs.Invalid, "stay-file", "the file of crossings cannot be read: %w", err)
	}
	return data, nil
}

// parseTerm reads the days from..until; without an end it has none.
func parseTerm(flag, s string) (t stay.Term, err error) {
	from, until, two := strings.Cut(s, "..")
	if !two {
		return t, errs.New(errs.Invalid, "stay-flags", "%s is written as 2026-01-01..2026-06-30", flag)
	}
	if t.From, err = parseDay(flag, from); err != nil || until == "" {
		return t, err
	}
	t.Until, err = parseDay(flag, until)
	return t, err
}

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
