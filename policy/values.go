package policy

// Values returns what a question says of the inputs, by name: texts, yes and no
// as booleans, the age as a number, and nil for what is unknown. A derived
// citizen or dual_national comes with the citizenship it is derived from. They
// are personal data: for whoever asked, not for a log.
func (s *Set) Values(q Question, of Inputs) map[string]any {
	f := q.facts(s)
	if of.has(InCitizen) || of.has(InDualNational) {
		of |= 1 << InCitizenship
	}
	out := map[string]any{}
	for _, i := range of.List() {
		switch {
		case !f.known.has(i):
			out[i.String()] = nil
		case i < InAge:
			out[i.String()] = f.text[i]
		case i == InAge:
			out[i.String()] = f.age
		default:
			out[i.String()] = f.yes.has(i)
		}
	}
	return out
}

// Presumed returns which of the inputs nobody stated, and the law presumes: that
// the status asked for at entry is maintained.
func (s *Set) Presumed(q Question, of Inputs) Inputs { return of & q.facts(s).presumed }
