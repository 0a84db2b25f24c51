package reportfile

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"limen/report"
)

// writeText writes the report for a terminal: the sums by group, then every
// country with all its classes. The figures by country and class are in the
// other forms.
func writeText(w io.Writer, s *report.Sheet) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s\n", title(s), asOf(s))
	section(&b, "Overstays by class of admission", 2, stayHeads(2), classRows(s))
	section(&b, "Overstays by country of citizenship, all classes", 1, stayHeads(1), countryRows(s))
	section(&b, "Departures, and those matched to an arrival", 1, [][]string{{"", "Departures", "Matched", "Match rate"}}, departureRows(s))
	if len(s.Series) > 0 {
		var rows [][]string
		for _, p := range s.Series {
			rows = append(rows, []string{p.Day.String(), thousands(p.InCountry)})
		}
		section(&b, "Suspected in-country overstays of the year, by day", 1, [][]string{{"By", "Not known to have left"}}, rows)
	}
	b.WriteString("\nNotes\n")
	for _, n := range s.Notes {
		fmt.Fprintf(&b, "- %s\n", n)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// stayHeads are the heads over the columns of overstays, after some of words.
func stayHeads(words int) [][]string {
	blank := make([]string, words)
	return [][]string{
		slices.Concat(blank, []string{"Expected", "Out of", "Suspected", "Total", "Overstay", "95 %", "In-country"}),
		slices.Concat(blank, []string{"departures", "country", "in country", "overstays", "rate", "interval", "rate"}),
	}
}

func stayCells(l report.Line) []string {
	r, interval := l.Rate(), "–"
	if r.Known {
		interval = fmt.Sprintf("%.2f–%.2f", 100*r.Lower, 100*r.Upper)
	}
	return []string{figure(l.Expected), figure(l.OutOfCountry), figure(l.InCountry), figure(l.Total), percent(r), interval, percent(l.InCountryRate())}
}

func classRows(s *report.Sheet) (rows [][]string) {
	for i, p := range places(s) {
		for _, l := range linesOf(s, i) {
			if p.Sum {
				rows = append(rows, slices.Concat([]string{p.Name, l.Group.String()}, stayCells(l)))
			}
		}
	}
	return rows
}

func countryRows(s *report.Sheet) (rows [][]string) {
	for i, p := range places(s) {
		rows = append(rows, slices.Concat([]string{p.Name}, stayCells(linesOf(s, i)[0])))
	}
	return rows
}

// departureRows are all countries by group, then each country.
func departureRows(s *report.Sheet) (rows [][]string) {
	for i, p := range places(s) {
		for _, l := range departuresOf(s, i) {
			name := p.Name
			if l.Group != report.AllGroups {
				name = "  " + l.Group.String()
			}
			if l.Group == report.AllGroups || i == 0 {
				rows = append(rows, []string{name, figure(l.All), figure(l.Matched), percent(l.Rate())})
			}
		}
	}
	return rows
}

// section writes a title and a table: so many columns of words to the left, then
// numbers to the right.
func section(b *strings.Builder, name string, words int, heads, rows [][]string) {
	fmt.Fprintf(b, "\n%s\n", name)
	lines := slices.Concat(heads, rows)
	t := tabwriter.NewWriter(b, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, line := range lines {
		for i := range words { // padded here: tabwriter aligns all columns alike
			line[i] = fmt.Sprintf("%-*s", widest(lines, i), line[i])
		}
		fmt.Fprintln(t, strings.Join(line, "\t")+"\t")
	}
	_ = t.Flush() // a strings.Builder takes everything
}

func widest(lines [][]string, column int) (n int) {
	for _, l := range lines {
		n = max(n, len([]rune(l[column])))
	}
	return n
}
