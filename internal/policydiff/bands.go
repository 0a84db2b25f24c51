package policydiff

// segment is one part of a bar: everybody of a group is in exactly one.
type segment struct {
	Class string // of the page's style
	Name  string
	of    func(*Flow) int64
}

// segments part a group by what the change means for its people.
var segments = []segment{
	{"kept", "required before and after", func(f *Flow) int64 { return f[Required][Required] }},
	{"open", "required; open before", func(f *Flow) int64 { return f[NeedsOfficer][Required] }},
	{"in", "newly required", (*Flow).In},
	{"out", "no longer required", (*Flow).Out},
	{"ask", "needs an officer's question", func(f *Flow) int64 { return f.After(NeedsOfficer) }},
	{"free", "not required, and not newly so", func(f *Flow) int64 { return f.After(Exempt) + f.After(NotInScope) - f.Out() }},
}

// piece is a segment drawn: its place and width in percent of the bar.
type piece struct {
	segment
	Persons  int64
	X, Width float64
}

// bar returns the pieces of a group that have anybody in them.
func bar(f *Flow) (out []piece) {
	x, n := 0.0, f.Persons()
	for _, s := range segments {
		if v := s.of(f); v > 0 {
			w := percent(v, n)
			out = append(out, piece{s, v, x, w})
			x += w
		}
	}
	return out
}
