package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"

	"limen/internal/bench"
	"limen/internal/linkagesim"
)

type benchLinkageCmd struct {
	Only   []string `help:"Only these parts: quality, growth." enum:"quality,growth" default:"quality,growth"`
	People int      `help:"How many arrivals are on file; cost is measured at a hundredth and a tenth of it, too." default:"1000000"`
	Seed   uint64   `help:"Another seed makes other people." default:"2026"`
	JSON   bool     `name:"json" help:"Print the figures as JSON."`
}

// Help says who is matched, and what counts as right.
func (benchLinkageCmd) Help() string {
	return `People who do not exist arrive; they and some whose arrival is not on file depart, each on a
new passport, with a name or a birth date written otherwise now and then, at stated rates.
Each departure is matched by name, birth date, sex and nationality alone: no document in
common, no biometrics. A match by rule is right or wrong; what is less sure is a lead.
Cost is the processor time of one departure, against n log n.
  recall      of the departures whose arrival is on file, matched to it by rule
  precision   of the departures matched by rule, matched to the right arrival
One departure in ten has no arrival on file; what precision would be with more of them
follows from the shares measured.
The matching is that of the record, on an index and a census in memory.
No figure says how often real departures are so written.

Examples:
  limen bench linkage                      a million people: some minutes, 1.3 GB
  limen bench linkage --people 100000
  limen bench linkage --only growth
  limen bench linkage --seed 7 --json > linkage.json`
}

// The targets of the issue on matching.
const (
	minPrecision = .999
	minRecall    = .95
)

type linkageFigures struct {
	Quality *linkagesim.Quality `json:"quality,omitempty"`
	Growth  []linkagesim.Growth `json:"growth,omitempty"`
	// InUse is the memory of the largest file with its people; Peak that of the
	// process.
	InUse int64 `json:"memory_in_use"`
	Peak  int64 `json:"memory_peak"`
}

// Run measures.
func (c *benchLinkageCmd) Run(ctx context.Context, s *streams) error {
	if c.People < 1000 || c.People > 20_000_000 {
		return fmt.Errorf("--people is 1,000 to 20,000,000")
	}
	show, clear := progressBar(s)
	defer clear()
	var f linkageFigures
	show("making people", 0, 0)
	file := linkagesim.NewFile(c.People, c.Seed)
	f.InUse = linkagesim.Memory()
	var err error
	if slices.Contains(c.Only, "quality") {
		if f.Quality, err = file.Quality(ctx, show.of("matching")); err != nil {
			return err
		}
	}
	if slices.Contains(c.Only, "growth") {
		files := []*linkagesim.File{linkagesim.NewFile(c.People/100, c.Seed), linkagesim.NewFile(c.People/10, c.Seed), file}
		if f.Growth, err = linkagesim.MeasureGrowth(ctx, files, show.of("by turns")); err != nil {
			return err
		}
	}
	f.Peak = bench.PeakMemory(os.Getpid())
	clear()
	if c.JSON {
		enc := json.NewEncoder(s.Out)
		enc.SetIndent("", "  ")
		return enc.Encode(f)
	}
	if f.Quality != nil {
		writeQuality(s.Out, f.Quality)
	}
	if len(f.Growth) > 0 {
		f.writeGrowth(s.Out)
	}
	fmt.Fprintf(s.Out, "memory: %s for people, index and census; %s at the most\n", bench.Bytes(f.InUse), bench.Bytes(f.Peak))
	return nil
}

func writeQuality(out io.Writer, q *linkagesim.Quality) {
	fmt.Fprintf(out, "%d arrivals on file, %d departures, %d of them of people on file; seed %d\n\n", q.Arrivals, q.All.Departures, q.All.Mated, q.Seed)
	fmt.Fprintf(out, "%-36s %9s %7s  %-17s %6s  %-19s %7s\n", "what was done to the departure", "mated", "recall", "95 %", "wrong", "precision, 95 %", "leads")
	line := func(name string, t linkagesim.Tally) {
		r, p := t.Recall(), t.Precision()
		fmt.Fprintf(out, "%-36s %9d %6.2f%%  %6.2f to %6.2f  %6d  %7.3f to %7.3f  %7d\n", name, t.Mated, 100*r.Value, 100*r.Low, 100*r.High, t.Wrong, 100*p.Low, 100*p.High, t.Leads)
	}
	for _, k := range q.Kinds {
		line(string(k.Kind), k.Tally)
	}
	line("all", q.All)
	fmt.Fprintln(out)
	target := func(name string, p linkagesim.Proportion, least float64) {
		met := "yes"
		if p.Value < least {
			met = "NO"
		}
		fmt.Fprintf(out, "%-10s %8.4f %%   95 %%: %.4f to %.4f   target ≥ %g %%   met: %s\n", name, 100*p.Value, 100*p.Low, 100*p.High, 100*least, met)
	}
	target("precision", q.All.Precision(), minPrecision)
	target("recall", q.All.Recall(), minRecall)
	m := q.All.FalseMerges()
	fmt.Fprintf(out, "\nwithout an arrival on file: %d of %d departures merged with somebody's, %.4f %%   95 %%: %.4f to %.4f\n", q.All.Merged, q.All.Unmated, 100*m.Value, 100*m.Low, 100*m.High)
	for _, share := range []float64{.1, .5, .9} {
		p := q.All.PrecisionAt(share)
		fmt.Fprintf(out, "precision if %2.0f %% of departures are such: %.4f %%   %.4f to %.4f\n", 100*share, 100*p.Value, 100*p.Low, 100*p.High)
	}
	fmt.Fprintf(out, "leads      %d departures, %d of them with the right arrival among the candidates\n\n", q.All.Leads, q.All.LeadsRight)
}

func (f *linkageFigures) writeGrowth(out io.Writer) {
	fmt.Fprintf(out, "%-10s %10s   %-33s %-18s %-9s %s\n", "arrivals", "candidates", "a departure, and to the smallest", "filing a person", "together", "n log n allows")
	for _, g := range f.Growth {
		fmt.Fprintf(out, "%-10d %10.2f   %6.1f µs  %4.2f × (%.2f to %.2f)   %6.1f µs  %4.2f ×  %4.2f ×    %4.2f ×\n", g.Arrivals, g.Candidates,
			g.MatchingTime.Seconds()*1e6, g.Matching[0], g.Matching[1], g.Matching[2], g.MakingTime.Seconds()*1e6, g.Making, g.Together, g.Allowed)
	}
	fmt.Fprintln(out, "\nprocessor time, by turns on files of all sizes; in brackets half of the rounds")
}
