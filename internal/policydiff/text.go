package policydiff

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// inText is how many groups of a long dimension the terminal shows.
const inText = 10

// WriteText writes the diff as a person reads it in a terminal: what it comes
// to, who flows where, by which rules, and the figures by group.
func (r *Diff) WriteText(out io.Writer) error {
	w := &failing{w: out}
	fmt.Fprintln(w, r.scope())
	for _, s := range r.AsIf {
		fmt.Fprintln(w, s)
	}
	if s := r.Traffic.Simulated; s != nil {
		fmt.Fprintf(w, "The persons do not exist (seed %d): their shares are assumptions, with sources in limen policy traffic assumptions.\n", s.Seed)
	}
	fmt.Fprintln(w)
	if r.Traffic.Persons == 0 {
		fmt.Fprintln(w, r.Headline(&r.Duties[0]))
		return w.err
	}
	for i := range r.Duties {
		fmt.Fprintln(w, r.Headline(&r.Duties[i]))
	}
	for i := range r.Duties {
		r.writeDuty(w, &r.Duties[i])
	}
	for _, s := range []RuleSet{r.From, r.To} {
		for _, n := range s.Notes {
			fmt.Fprintf(w, "\nOn %s: %s\n", s.ID, n)
		}
	}
	return w.err
}

func (r *Diff) writeDuty(w io.Writer, d *Duty) {
	f, n := &d.Total, d.Total.Persons()
	fmt.Fprintf(w, "\n%s\n\n", strings.ToUpper(d.Title()))
	t := grid{{"  " + r.From.ID, r.To.ID, "persons", ""}}
	for _, from := range Outcomes {
		for _, to := range Outcomes {
			if x := f[from][to]; x > 0 {
				mark := "  "
				if from != to {
					mark = "▸ "
				}
				t = append(t, []string{mark + from.Words(), to.Words(), count(x), share(x, n)})
			}
		}
	}
	t.write(w, 2)
	for _, m := range r.moverViews(d) {
		t := grid{{"", "persons", ""}}
		for _, x := range m.Rows {
			t = append(t, []string{"  " + x.Rule, x.Persons, x.Share, "  " + x.Clauses})
		}
		fmt.Fprintf(w, "\n%s\n", m.Caption)
		t.write(w, 1)
		for _, x := range m.Rows {
			if x.Note != "" {
				fmt.Fprintf(w, "  not settled, of %s: %s\n", x.Rule, x.Note)
			}
		}
	}
	if f.Same() == n {
		fmt.Fprintln(w, "\nNobody's outcome changes, in any group.")
		return
	}
	for _, x := range d.By {
		writeDimension(w, x, changesIn(f))
	}
}

func writeDimension(w io.Writer, d Dimension, columns []change) {
	if d.Name == byBand {
		return // the page has them
	}
	head := []string{"by " + d.Name, "persons"}
	for _, c := range columns {
		head = append(head, c.name, "")
	}
	t := grid{head}
	var rest Flow
	for i, v := range d.Values {
		if len(d.Values) > inText+2 && i >= inText {
			rest.Add(&v.Flow)
			continue
		}
		name := strings.ReplaceAll(v.Name, "_", " ")
		if m := meaning(d.Name, v.Name); m != "" {
			name += "  " + m
		}
		t = append(t, valueRow(name, &v.Flow, columns))
	}
	if rest.Persons() > 0 {
		t = append(t, valueRow(fmt.Sprintf("the other %d", len(d.Values)-inText), &rest, columns))
	}
	fmt.Fprintln(w)
	t.write(w, 1)
}

func valueRow(name string, f *Flow, columns []change) []string {
	n := f.Persons()
	row := []string{"  " + name, count(n)}
	for _, c := range columns {
		if x := c.of(f); x > 0 {
			row = append(row, count(x), share(x, n))
		} else {
			row = append(row, "–", "")
		}
	}
	return row
}

// grid is a table for a terminal: the first columns to the left, figures to
// the right, text after them to the left again.
type grid [][]string

// write writes the grid, whose first left columns are text.
func (g grid) write(w io.Writer, left int) {
	var widths []int
	for _, row := range g {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	for _, row := range g {
		var line strings.Builder
		for i, cell := range row {
			pad := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if i < left || strings.HasPrefix(cell, "  ") {
				line.WriteString(cell + pad + "  ")
			} else {
				line.WriteString(pad + cell + "  ")
			}
		}
		fmt.Fprintln(w, strings.TrimRight(line.String(), " "))
	}
}

// failing keeps the first error of a writer.
type failing struct {
	w   io.Writer
	err error
}

func (f *failing) Write(p []byte) (int, error) {
	if f.err != nil {
		return 0, f.err
	}
	n, err := f.w.Write(p)
	f.err = err
	return n, err
}
