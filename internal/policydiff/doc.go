// Package policydiff shows what a new rule set changes before it is switched
// on: it asks two rule sets about the same persons and counts who moves in and
// out of each duty, by age, class of admission, mode, direction and
// nationality, and on which clauses.
//
//	d, err := policydiff.Run(ctx, from, to, stream, progress)
//	d.WriteText(os.Stdout); d.WriteHTML(file, about)
//
// Each rule set is asked as if it were in force on the day of the crossing, so
// that one that never was can be looked at, too. What the traffic does not say
// stays unknown: such a person is counted under needs_officer, never under a
// duty or an exemption. Counts are exact: everybody is counted once in the
// total of each duty and once in each dimension.
//
// The answer holds counts, clauses and group names only. A group may be of one
// person: it is a tool for authors of rules, not a publication.
package policydiff
