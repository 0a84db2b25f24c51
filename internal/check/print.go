package check

import (
	"fmt"
	"io"
)

// Print writes the report for a person: what was looked at, what was not, and
// every violation with ids.
func (r *Report) Print(w io.Writer) error {
	p := printer{w: w}
	for _, c := range r.Counts {
		p.line("%10d  %s", c.N, c.What)
	}
	for _, s := range r.Skipped {
		p.line("not checked: %s", s)
	}
	for _, v := range r.Violations {
		p.line("VIOLATION  %s  %s: %s", v.Rule, v.ID, v.Says)
	}
	if more := r.Total - len(r.Violations); more > 0 {
		p.line("and %d more", more)
	}
	switch r.Total {
	case 0:
		p.line("Everything that was checked is as it must be.")
	case 1:
		p.line("1 violation.")
	default:
		p.line("%d violations.", r.Total)
	}
	return p.err
}

// printer writes lines until one fails.
type printer struct {
	w   io.Writer
	err error
}

func (p *printer) line(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format+"\n", args...)
	}
}
