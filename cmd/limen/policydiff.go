package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"limen/errs"
	"limen/internal/policydiff"
	"limen/internal/traffic"
	"limen/policy"
)

type policyDiffCmd struct {
	ruleFlags
	From    string   `arg:"" help:"Rule set to compare with: its id, or a rule file." placeholder:"FROM"`
	To      string   `arg:"" help:"Rule set to look at: its id, or a rule file." placeholder:"TO"`
	Traffic string   `required:"" help:"Persons to try both on: a CSV file, - for standard input, or sim for persons who do not exist." placeholder:"FILE|sim"`
	Sim     simFlags `embed:""`
	JSON    bool     `name:"json" help:"Print JSON." xor:"form"`
	CSV     bool     `name:"csv" help:"Print CSV: a row for each transition of each group." xor:"form"`
	HTML    string   `name:"html" help:"File of the page (default: policy-diff.html; none with --json and --csv)." placeholder:"FILE"`
	NoHTML  bool     `name:"no-html" help:"Write no page."`
}

// Help shows what is compared, and the form of the traffic.
func (policyDiffCmd) Help() string {
	return `Both rule sets are asked about the same persons, each as if it were in force on the day of the
crossing. What comes out is who moves in and out of each duty (photograph; other biometrics),
in persons and percent, by age, class, mode, direction and nationality, and on which clauses:
a table here, and a page with plots that stands alone. Nothing is switched on, nothing is stored.

A person of whom a fact is missing that a rule asks for is counted under "needs an officer",
never under a duty or an exemption.

Examples:
  limen policy diff us-2004 us-2025 --traffic sim
  limen policy diff us-2025 my-next-rule.yaml --traffic 2026.csv --html next.html
  limen policy diff us-2004 us-2025 --traffic sim --persons 50000 --json | jq '.duties[0].total'
  limen policy traffic sim --persons 20      what a file of traffic looks like
  limen policy traffic columns               what its columns mean`
}

// Run compares and writes.
func (c *policyDiffCmd) Run(ctx context.Context, io *streams) error {
	from, err := c.side(c.From)
	if err != nil {
		return err
	}
	to, err := c.side(c.To)
	if err != nil {
		return err
	}
	if err := policydiff.Comparable(from, to); err != nil {
		return err
	}
	d, err := c.compare(ctx, io, from, to)
	if err != nil {
		return err
	}
	switch {
	case c.JSON:
		err = printJSON(io.Out, d)
	case c.CSV:
		err = d.WriteCSV(io.Out)
	default:
		err = d.WriteText(io.Out)
	}
	if err != nil {
		return err
	}
	return c.page(io, d)
}

// compare runs the traffic through both rule sets.
func (c *policyDiffCmd) compare(ctx context.Context, io *streams, from, to policydiff.Side) (*policydiff.Diff, error) {
	in, about, err := c.source()
	if err != nil {
		return nil, err
	}
	defer in.Close()
	bar := newTrafficBar(io.Err, "asked both rule sets", in.total)
	d, err := policydiff.Run(ctx, from, to, in, bar.rows)
	bar.done(err == nil)
	if err != nil {
		return nil, inFile(about.Name, err)
	}
	about.Persons, about.First, about.Last = d.Traffic.Persons, d.Traffic.First, d.Traffic.Last
	d.Traffic = about
	return d, nil
}

// opened is a stream of traffic, and what must be closed after it.
type opened struct {
	traffic.Source
	total int // rows, 0 if not known
	file  *os.File
}

// Close closes the file, if there is one.
func (o *opened) Close() {
	if o.file != nil {
		o.file.Close()
	}
}

// source opens the traffic.
func (c *policyDiffCmd) source() (*opened, policydiff.Traffic, error) {
	if c.Traffic == "sim" {
		s, err := c.Sim.simulator()
		if err != nil {
			return nil, policydiff.Traffic{}, err
		}
		return &opened{Source: s, total: s.Persons}, simulated(s), nil
	}
	in, name := os.Stdin, "standard input"
	if c.Traffic != "-" {
		f, err := os.Open(c.Traffic)
		if err != nil {
			return nil, policydiff.Traffic{}, errs.New(errs.NotFound, "traffic-file", "the traffic cannot be opened: %w", err)
		}
		in, name = f, filepath.Base(c.Traffic)
	}
	r, err := traffic.NewReader(in)
	if err != nil {
		in.Close()
		return nil, policydiff.Traffic{}, inFile(name, err)
	}
	return &opened{Source: r, file: in}, policydiff.Traffic{Name: name}, nil
}

// inFile puts the name of a file before what is wrong in it.
func inFile(name string, err error) error {
	var e *errs.Error
	if !errors.As(err, &e) {
		return fmt.Errorf("%s: %w", name, err)
	}
	return &errs.Error{Kind: e.Kind, Code: e.Code, Detail: name + ": " + e.Detail, Err: err}
}

// simulated says what a page must tell of persons who do not exist.
func simulated(s *traffic.Simulator) policydiff.Traffic {
	about := &policydiff.Simulated{Seed: s.Seed, Year: s.Year, Assumptions: s.Assumptions.List()}
	return policydiff.Traffic{Name: fmt.Sprintf("simulated traffic of %d", s.Year), Simulated: about}
}

// page writes the HTML page, whole or not at all.
func (c *policyDiffCmd) page(io *streams, d *policydiff.Diff) error {
	name := c.HTML
	if name == "" && !c.JSON && !c.CSV {
		name = "policy-diff.html"
	}
	if c.NoHTML || name == "" {
		return nil
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".policy-diff-*.html")
	if err != nil {
		return errs.New(errs.Invalid, "policy-diff-html", "the page cannot be written: %w", err)
	}
	defer os.Remove(f.Name())
	err = errors.Join(d.WriteHTML(f, policydiff.About{Date: time.Now().Format(time.DateOnly), Command: c.command(), Version: version}), f.Chmod(0o644), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		return errs.New(errs.Invalid, "policy-diff-html", "the page cannot be written: %w", err)
	}
	fmt.Fprintf(io.Err, "\nThe page with the plots is %s\n", name)
	return nil
}

// command is what the page says it was made by: names of files, no folders.
func (c *policyDiffCmd) command() string {
	of := c.Traffic
	if of != "sim" && of != "-" {
		of = filepath.Base(of)
	}
	s := fmt.Sprintf("limen policy diff %s %s --traffic %s", filepath.Base(c.From), filepath.Base(c.To), of)
	if c.Traffic == "sim" {
		s += c.Sim.words()
	}
	return s
}

// side finds a published rule set by its id, or reads one from a file.
func (c *policyDiffCmd) side(name string) (policydiff.Side, error) {
	book, err := c.book()
	if err != nil {
		return policydiff.Side{}, err
	}
	if ext := filepath.Ext(name); ext == ".yaml" || ext == ".yml" {
		files, err := ruleFiles([]string{name})
		if err != nil {
			return policydiff.Side{}, errs.New(errs.NotFound, "policy-file", "the rule file cannot be read: %w", err)
		}
		// Alone: a draft may begin on a day on which a published set is in force.
		if book, err = policy.Load(files...); err != nil {
			return policydiff.Side{}, err
		}
		name = book.Sets()[0].ID
	}
	set, err := book.Set(name)
	if err != nil {
		return policydiff.Side{}, err
	}
	return policydiff.Side{Set: set, Until: book.Until(set)}, nil
}
