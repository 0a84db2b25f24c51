package check

import "fmt"

// reference says that a column holds the id of a row elsewhere.
type reference struct{ table, column, id, target string }

// references are all of them. Some are foreign keys of the database, too;
// those that every crossing writes are not, for speed.
var references = []reference{
	{"documents", "traveler", "traveler", "travelers"}, {"manifests", "voyage", "voyage", "voyages"},
	{"passengers", "voyage", "id", "voyages"}, {"passengers", "traveler", "id", "travelers"},
	{"reference_items", "passenger", "id", "passengers"}, {"encounters", "voyage", "id", "voyages"},
	{"captures", "encounter", "id", "encounters"}, {"decisions", "encounter", "id", "encounters"},
	{"crossings", "traveler", "id", "travelers"}, {"crossings", "voyage", "id", "voyages"},
	{"crossings", "passenger", "id", "passengers"}, {"crossings", "decision", "id", "decisions"},
	{"admissions", "traveler", "id", "travelers"}, {"leads", "traveler", "id", "travelers"},
	{"stay_changes", "traveler", "id", "travelers"}, {"stay_changes", "admission", "id", "admissions"}, {"link_keys", "traveler", "traveler", "travelers"}, {"lead_candidates", "lead", "lead", "leads"},
}

func referenceRules() (rs []rule) {
	for _, r := range references {
		rs = append(rs, rule{"reference", fmt.Sprintf("this row of %s names a row of %s that is not there", r.table, r.target),
			fmt.Sprintf(`SELECT f.%s FROM %s f LEFT JOIN %s r ON r.id = f.%s WHERE r.id IS NULL`, r.id, r.table, r.target, r.column)})
	}
	return rs
}
