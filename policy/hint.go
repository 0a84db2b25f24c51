package policy

import "strings"

// nearest is a hint for a name that is not there.
func nearest(name string) string {
	best, at := "", 3
	for _, i := range Vocabulary() {
		if d := edits(name, i.String()); d < at {
			best, at = i.String(), d
		}
	}
	if best != "" {
		return "did you mean " + best + "?"
	}
	all := make([]string, 0, inputsEnd)
	for _, i := range Vocabulary() {
		all = append(all, i.String())
	}
	return "the inputs are " + strings.Join(all, ", ")
}

// edits counts how many letters must change to make b of a.
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
