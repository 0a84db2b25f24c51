package bench

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// Row is one line of a report: what was measured, against what, and whether
// that meets the target.
type Row struct {
	// What names the comparison, Measured gives the figures behind it.
	What     string `json:"what"`
	Measured string `json:"measured"`
	// Value is the figure that the target is about, most often a ratio; Low
	// and High are its quartiles, or both 0.
	Value float64 `json:"value"`
	Low   float64 `json:"low,omitzero"`
	High  float64 `json:"high,omitzero"`
	Unit  string  `json:"unit"`
	// Target is nil where nothing was promised.
	Target *Target `json:"target,omitempty"`
	// Met is whether Value meets Target, true without one.
	Met bool `json:"met"`
}

// Target is a promise about a value: at most Limit, or at least Limit.
type Target struct {
	AtLeast bool    `json:"at_least"`
	Limit   float64 `json:"limit"`
}

// AtMost and AtLeast make targets.
func AtMost(limit float64) *Target  { return &Target{Limit: limit} }
func AtLeast(limit float64) *Target { return &Target{AtLeast: true, Limit: limit} }

// Meets reports whether value keeps the promise; anything does if t is nil.
func (t *Target) Meets(value float64) bool {
	switch {
	case t == nil:
		return true
	case t.AtLeast:
		return value >= t.Limit
	}
	return value <= t.Limit
}

func (t *Target) text(unit string) string {
	switch {
	case t == nil:
		return "-"
	case t.AtLeast:
		return "≥ " + number(t.Limit) + unit
	}
	return "≤ " + number(t.Limit) + unit
}

// RatioRow makes a row of a ratio.
func RatioRow(what, measured string, r Ratio, target *Target) Row {
	return Row{What: what, Measured: measured, Value: r.Median, Low: r.Low, High: r.High, Unit: "×", Target: target, Met: target.Meets(r.Median)}
}

// ReadLimit is how much longer than a plain read of the same memory a search
// may take.
const ReadLimit = 2.5

// outOfCache is more than processors' caches hold, mostly.
const outOfCache = 32 << 20

// Rows are the lines that a search adds to a report: against a read of all
// templates, and against a read of the bytes that it scans. The latter is
// held to the limit only where those bytes are too many for a cache: from a
// cache a read costs next to nothing.
func (s SearchRow) Rows() []Row {
	cores := "1 core"
	if s.Cores > 1 {
		cores = fmt.Sprintf("%d cores", s.Cores)
	}
	row := func(read string, r Ratio, target *Target) Row {
		return RatioRow(fmt.Sprintf("search %d : %s, %s", s.References, read, cores),
			fmt.Sprintf("%.1f : %.1f ns/reference", r.Numerator, r.Denominator), r, target)
	}
	var scanned *Target
	if s.ScannedBytes >= outOfCache {
		scanned = AtMost(ReadLimit)
	}
	return []Row{row("read all", s.Templates, AtMost(ReadLimit)), row("read scanned", s.Scanned, scanned)}
}

// Rows are the lines that a start adds to a report; limit bounds the worst
// run's time, 0 for no promise.
func (f First) Rows(limit time.Duration) []Row {
	var target *Target
	if limit > 0 {
		target = AtMost(limit.Seconds())
	}
	worst := f.Worst.Seconds()
	measured := fmt.Sprintf("median %s s of %d starts", number(f.Median.Seconds()), f.Runs)
	if f.PeakBytes > 0 {
		measured += ", " + Bytes(f.PeakBytes)
	}
	return []Row{{What: "start to first answer, worst", Measured: measured, Value: worst, Unit: " s", Target: target, Met: target.Meets(worst)}}
}

// WriteTable writes rows for people, up to 100 columns wide if no text in
// them is longer than 39 (What) or 31 (Measured) characters.
func WriteTable(out io.Writer, rows []Row) error {
	var b strings.Builder
	line := func(what, measured, value, target, met string) {
		fmt.Fprintf(&b, "%-39s %-31s %-8s %-9s %s\n", what, measured, value, target, met)
	}
	line("what", "measured", "value", "target", "met")
	for _, r := range rows {
		met := "yes"
		switch {
		case r.Target == nil:
			met = "-"
		case !r.Met:
			met = "NO"
		}
		line(r.What, r.Measured, number(r.Value)+r.Unit, r.Target.text(r.Unit), met)
		if r.Low != 0 || r.High != 0 {
			fmt.Fprintf(&b, "%-39s half of the rounds within %s to %s%s\n", "", number(r.Low), number(r.High), r.Unit)
		}
	}
	_, err := io.WriteString(out, b.String())
	return err
}

// Met reports whether all rows meet their targets.
func Met(rows []Row) bool {
	for _, r := range rows {
		if !r.Met {
			return false
		}
	}
	return true
}

// Bytes writes a number of bytes for people, in MiB.
func Bytes(n int64) string { return fmt.Sprintf("%.0f MiB", float64(n)/(1<<20)) }

// number writes three digits that matter.
func number(v float64) string {
	switch {
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.2f", v)
}
