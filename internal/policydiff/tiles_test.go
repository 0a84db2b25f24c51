package policydiff

import "testing"

// The tiles at the head of a duty split the persons, whichever way they move.
func TestTilesAddUp(t *testing.T) {
	r := &Diff{To: RuleSet{ID: "us-2025"}}
	for _, from := range Outcomes {
		for _, to := range Outcomes {
			var f Flow
			f[from][to] = 16
			var sum int64
			for _, x := range r.tiles(&f) {
				if x.n != 0 && x.n != 16 {
					t.Errorf("%s to %s: %d in %q", from, to, x.n, x.name)
				}
				if x.name == "no change of duty" && x.n > 0 && (from == NeedsOfficer || to == NeedsOfficer || from == Required != (to == Required)) {
					t.Errorf("%s to %s is %q", from, to, x.name)
				}
				sum += x.n
			}
			if sum != 16 {
				t.Errorf("%s to %s: tiles have %d of 16", from, to, sum)
			}
		}
	}
}
