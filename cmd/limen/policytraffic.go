package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"text/tabwriter"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
	"golang.org/x/term"

	"limen/errs"
	"limen/internal/traffic"
)

type policyTrafficCmd struct {
	Sim         trafficSimCmd         `cmd:"" help:"Write simulated traffic as CSV: a year of persons who do not exist."`
	Columns     trafficColumnsCmd     `cmd:"" help:"The columns of traffic, and what they mean."`
	Assumptions trafficAssumptionsCmd `cmd:"" help:"Write the shares that simulated traffic is drawn from, each with its source: edit, and give them to --assumptions."`
}

// simFlags say which traffic to simulate.
type simFlags struct {
	Persons     int    `help:"Simulated persons, each crossing once." default:"1000000"`
	Year        int    `help:"Year in which they cross." default:"2026"`
	Seed        uint64 `help:"The same seed draws the same persons." default:"1"`
	Assumptions string `help:"Shares to draw from (default: those of limen policy traffic assumptions)." placeholder:"FILE"`
}

func (f *simFlags) simulator() (*traffic.Simulator, error) {
	shares := traffic.BuiltIn()
	if f.Assumptions != "" {
		in, err := os.Open(f.Assumptions)
		if err != nil {
			return nil, errs.New(errs.NotFound, "assumptions-file", "the assumptions cannot be opened: %w", err)
		}
		defer in.Close()
		if shares, err = traffic.ParseAssumptions(in); err != nil {
			return nil, err
		}
	}
	return traffic.NewSim(traffic.Sim{Assumptions: shares, Persons: f.Persons, Year: f.Year, Seed: f.Seed})
}

// words writes the flags that decide what is drawn.
func (f *simFlags) words() string {
	s := fmt.Sprintf(" --persons %d --year %d --seed %d", f.Persons, f.Year, f.Seed)
	if f.Assumptions != "" {
		s += " --assumptions …"
	}
	return s
}

type trafficSimCmd struct {
	simFlags
}

// Help shows what the simulation is for.
func (trafficSimCmd) Help() string {
	return `A row is one person at one crossing. The file shows the form that limen policy diff --traffic
reads: put your own counts of a year into it, without names or document numbers, which it has no
column for.

Examples:
  limen policy traffic sim --persons 20
  limen policy traffic sim > traffic.csv && limen policy diff us-2004 us-2025 --traffic traffic.csv
  limen policy traffic assumptions > ours.csv; … ; limen policy traffic sim --assumptions ours.csv`
}

// Run writes the rows.
func (c *trafficSimCmd) Run(s *streams) error {
	sim, err := c.simulator()
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(s.Out, 1<<16)
	bar := newTrafficBar(s.Err, "simulated", c.Persons)
	err = traffic.Write(w, sim, func(rows int) { bar.rows(int64(rows)) })
	bar.done(err == nil)
	if err != nil {
		return err
	}
	return w.Flush()
}

type trafficColumnsCmd struct{}

// Run prints the columns.
func (trafficColumnsCmd) Run(s *streams) error {
	w := tabwriter.NewWriter(s.Out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "COLUMN\tWHAT A CELL HOLDS")
	for _, c := range traffic.Columns() {
		fmt.Fprintf(w, "%s\t%s\n", c, c.Means())
	}
	if err := w.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprint(s.Out, "\nThe first line names the columns, in any order; on and direction are needed. A column that is\nmissing, or an empty cell, is a fact that nobody stated: it stays unknown. The words are those of\nlimen policy explain. There is no column for names and numbers of documents: leave them out.\n")
	return err
}

type trafficAssumptionsCmd struct{}

// Run writes the file of assumptions.
func (trafficAssumptionsCmd) Run(s *streams) error { return traffic.WriteBuiltIn(s.Out) }

// trafficBar shows how far a stream of traffic is, on a terminal only.
type trafficBar struct {
	bars *mpb.Progress
	bar  *mpb.Bar
}

func newTrafficBar(out io.Writer, what string, total int) *trafficBar {
	f, ok := out.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return &trafficBar{}
	}
	b := &trafficBar{bars: mpb.New(mpb.WithOutput(out))}
	b.bar = b.bars.AddBar(int64(total), mpb.BarWidth(24), mpb.BarRemoveOnComplete(),
		mpb.PrependDecorators(decor.CurrentNoUnit("%d persons "), decor.Name(what+" ")),
		mpb.AppendDecorators(decor.AverageSpeed(0, " %.0f/s")))
	return b
}

// rows tells how many rows are done.
func (b *trafficBar) rows(n int64) {
	if b.bar != nil {
		b.bar.SetCurrent(n)
	}
}

// done takes the bar away.
func (b *trafficBar) done(whole bool) {
	if b.bar == nil {
		return
	}
	if whole {
		b.bar.SetTotal(-1, true)
	} else {
		b.bar.Abort(true)
	}
	b.bars.Wait()
}
