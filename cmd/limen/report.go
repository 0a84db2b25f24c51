package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"golang.org/x/term"

	"limen/audit"
	"limen/errs"
	"limen/internal/app"
	"limen/internal/reportfile"
	"limen/internal/staysim"
	"limen/report"
	"limen/travel"
)

type reportCmd struct {
	Overstay reportOverstayCmd `cmd:"" help:"Expected departures, overstays and matched departures of a year, by country and class."`
}

type reportOverstayCmd struct {
	siteFlags
	Year      int    `help:"Fiscal year, which ends on September 30 of it; with --calendar, calendar year." required:""`
	Calendar  bool   `help:"January 1 to December 31."`
	On        string `help:"Day of the report: what happened later is not in it (default: today)." placeholder:"DATE"`
	Public    bool   `help:"The form that may be published: small counts are withheld, and what would give them away."`
	Threshold int64  `help:"With --public, counts from 1 to one less are withheld; at least 5." default:"10"`
	Land      bool   `help:"Also count who was admitted at land ports."`
	Home      string `help:"Reporting country, whose citizens are not counted." default:"USA"`
	Format    string `help:"table, csv, xlsx, parquet or html." enum:"table,csv,xlsx,parquet,html" default:"table"`
	Out       string `help:"File to write (default: standard output)." type:"path" placeholder:"FILE"`
	Purpose   string `help:"Why; it stands in the audit log. Required unless --sim."`
	Sim       int    `help:"Report on so many stays of people who do not exist, instead of the record." placeholder:"N"`
	Seed      uint64 `help:"Draws other people with --sim." default:"1"`
}

// Help shows the report in its forms.
func (reportOverstayCmd) Help() string {
	return `Counts the authorized stays that end in the year: expected departures, out-of-country and
suspected in-country overstays, and their rates, by country of citizenship and class of admission
(the columns of the DHS Entry/Exit Overstay Report); and departures matched to arrivals (8 USC
1365a(e)). It works beside a running server and keeps no row. The notes of the report say what is
not counted.

Examples:
  limen report overstay --year 2026 --sim 1000000                      see it without a record
  limen report overstay --year 2026 --purpose "annual report"          this installation's
  limen report overstay --year 2026 --public --format html --out overstays.html --purpose "annual report"
  limen report overstay --year 2026 --calendar --on 2027-03-01 --format xlsx --out 2026.xlsx --purpose "analysis"`
}

// Run writes the report.
func (c *reportOverstayCmd) Run(ctx context.Context, io *streams) error {
	if err := c.fits(io); err != nil {
		return err
	}
	options, err := c.options()
	if err != nil {
		return err
	}
	tally, err := c.tally(ctx, options)
	if err != nil {
		return err
	}
	sheet := tally.Full()
	if c.Public {
		if sheet, err = tally.PublicForm(c.Threshold); err != nil {
			return err
		}
	}
	sheet.Synthetic = c.Sim > 0
	return c.write(io, sheet)
}

// fits refuses a form that a terminal cannot show.
func (c *reportOverstayCmd) fits(io *streams) error {
	f, is := io.Out.(*os.File)
	binary := c.Format == string(reportfile.XLSX) || c.Format == string(reportfile.Parquet)
	if binary && c.Out == "" && is && term.IsTerminal(int(f.Fd())) {
		return errs.New(errs.Invalid, "report-out", "a terminal cannot show %s: give --out FILE", c.Format)
	}
	return nil
}

func (c *reportOverstayCmd) options() (o report.Options, err error) {
	year := report.FiscalYear
	if c.Calendar {
		year = report.CalendarYear
	}
	if o.Period, err = year(c.Year); err != nil {
		return o, err
	}
	o.Land, o.Home, o.On = c.Land, travel.Country(c.Home), travel.DayOf(time.Now())
	if report.Nationality(o.Home) != o.Home || o.Home == report.NotKnown {
		return o, errs.New(errs.Invalid, "report-home", "--home: %q is no country, write its code of three letters such as USA", c.Home)
	}
	switch {
	case c.On != "":
		o.On, err = parseDay("--on", c.On)
	case c.Sim > 0: // the same on every day
		o.On = o.Period.Last.AddDays(123)
	}
	if err == nil {
		err = o.Check()
	}
	return o, err
}

func (c *reportOverstayCmd) write(io *streams, s *report.Sheet) error {
	if c.Out == "" {
		return reportfile.Write(io.Out, reportfile.Format(c.Format), s)
	}
	mode := fs.FileMode(0o600)
	if s.Public || s.Synthetic {
		mode = 0o644
	}
	partial := c.Out + ".part"
	f, err := os.OpenFile(partial, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, mode)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(f)
	err = reportfile.Write(out, reportfile.Format(c.Format), s)
	if err == nil {
		err = errors.Join(out.Flush(), f.Sync())
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, os.Remove(partial))
	}
	if err := os.Rename(partial, c.Out); err != nil {
		return err
	}
	fmt.Fprintf(io.Err, "limen: %s has the report\n", c.Out)
	return nil
}

// tally counts the record's rows, or those of people who do not exist.
func (c *reportOverstayCmd) tally(ctx context.Context, o report.Options) (tally *report.Tally, err error) {
	if c.Sim != 0 {
		p, err := staysim.New(c.Sim, c.Seed, o.Period)
		if err != nil {
			return nil, err
		}
		return report.Take(o, p.Stays(), p.Departures())
	}
	purpose, err := audit.ParsePurpose(c.Purpose)
	if err != nil {
		return nil, errs.New(errs.Invalid, "purpose", "--purpose: say in 1 to %d bytes what the report is for; it stands in the audit log", audit.MaxPurpose)
	}
	err = withOffice(ctx, c.siteFlags, func(a *app.Admin) error {
		tally, err = a.Overstays(ctx, purpose, o)
		return err
	})
	return tally, err
}
