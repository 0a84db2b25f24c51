package sim

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// WriteText writes the summary for a person at a terminal of 80 columns. The
// error is that of w.
func (s Summary) WriteText(w io.Writer) error {
	t := textWriter{w: w}
	t.title("A day at the border")
	t.line("voyages", s.Voyages, "")
	t.line("passengers", s.Passengers, fmt.Sprintf("%d citizens, %d in scope", s.Citizens, s.InScope))
	t.line("showed up", s.ShowedUp, fmt.Sprintf("%d stayed away", s.NoShows))
	t.line("opted out", s.OptOuts, "declined before any capture")
	t.title("Captures")
	t.line("captures", s.Captures, fmt.Sprintf("%.1f a second", s.CapturesPerSecond))
	t.text("capture rate", fmt.Sprintf("%.1f %%", 100*s.CaptureRate), "of those in scope whose face came into view")
	t.line("capture again", s.CaptureAgain, "asked of the traveler")
	t.title("Outcome")
	t.line("confirmed", s.Confirmed, "")
	t.line("manual", s.Manual, "sent to an officer, because of")
	for _, r := range s.reasons() {
		t.line("", s.ManualReasons[r], r)
	}
	t.title("Against the truth")
	t.line("false matches", s.FalseMatches, fmt.Sprintf("%d strangers came to a gate", s.Strangers))
	t.line("false non-matches", s.FalseNonMatches, "a usable portrait and a good capture, no match")
	t.line("pictures held up", s.Attacks, fmt.Sprintf("%d confirmed as somebody", s.AttacksConfirmed))
	t.title("Latency in ms         p50       p99")
	t.latency("capture to answer", s.Latency.Percentiles)
	for _, name := range s.stages() {
		t.latency("  "+name, s.Latency.Stages[name])
	}
	t.printf("\n%s\n", wrapped(s.Statement, 76))
	return t.err
}

// reasons are sorted by how often they were given.
func (s Summary) reasons() []string {
	return slices.SortedFunc(maps.Keys(s.ManualReasons), func(a, b string) int {
		return cmp.Or(cmp.Compare(s.ManualReasons[b], s.ManualReasons[a]), strings.Compare(a, b))
	})
}

// stages are sorted by the time they take.
func (s Summary) stages() []string {
	return slices.SortedFunc(maps.Keys(s.Latency.Stages), func(a, b string) int {
		return cmp.Or(cmp.Compare(s.Latency.Stages[b].P50, s.Latency.Stages[a].P50), strings.Compare(a, b))
	})
}

// textWriter keeps the first error.
type textWriter struct {
	w   io.Writer
	err error
}

func (t *textWriter) printf(format string, args ...any) {
	if t.err == nil {
		_, t.err = fmt.Fprintf(t.w, format, args...)
	}
}

func (t *textWriter) title(s string) { t.printf("\n%s\n", s) }

func (t *textWriter) line(name string, n int, note string) { t.text(name, fmt.Sprint(n), note) }

func (t *textWriter) text(name, value, note string) {
	t.printf("%s\n", strings.TrimRight(fmt.Sprintf("  %-19s %7s  %s", name, value, note), " "))
}

func (t *textWriter) latency(name string, p Percentiles) {
	t.printf("  %-19s%7.1f %9.1f\n", name, p.P50, p.P99)
}

// wrapped breaks a text between words into lines of at most width characters,
// each with two blanks before it.
func wrapped(text string, width int) string {
	var out strings.Builder
	column := 0
	for word := range strings.FieldsSeq(text) {
		if column > 0 && column+1+len(word) > width {
			out.WriteByte('\n')
			column = 0
		}
		if column == 0 {
			out.WriteString("  ")
		} else {
			out.WriteByte(' ')
			column++
		}
		out.WriteString(word)
		column += len(word)
	}
	return out.String()
}
