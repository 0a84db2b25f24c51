package policydiff_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"limen/internal/policydiff"
)

// byHand are persons whose answers were worked out from the text of the rules,
// without the program: in answers, on photograph and on other biometrics, under
// us-2004 and then us-2025. R is required, E exempt, N not in scope, O needs an
// officer.
const byHand = `on,direction,mode,pilot-port,citizenship,presents-as,birth,class,attendant,visa-required,i94,refused
2026-06-01,entry,air,no,GBR,,2012-06-02,WT,,,yes,
2026-06-01,entry,air,no,GBR,,2012-06-01,WT,,,yes,
2026-06-01,entry,air,no,GBR,,1946-06-02,WT,,,yes,
2026-06-01,entry,air,no,GBR,,1946-06-01,WT,,,yes,
2026-06-01,entry,land,no,CAN,,1986-01-01,B-2,,no,no,
2026-06-01,entry,land,no,CAN,,1986-01-01,B-2,,no,,
2026-06-02,exit,land,no,MEX,,1986-01-01,LPR,,,,
2026-06-02,exit,air,yes,MEX,,1986-01-01,LPR,,,,
2026-06-02,exit,air,yes,USA,,1986-01-01,,,,,
2026-06-02,entry,air,no,USA GBR,USA,1986-01-01,,,,,
2026-06-03,entry,air,no,FRA,,1986-01-01,A-1,,,yes,
2026-06-03,entry,air,no,GBR,,1986-01-01,,,,yes,
2026-06-03,entry,air,no,,,1986-01-01,B-2,,yes,yes,
2026-06-03,exit,air,,GBR,,1986-01-01,B-2,,yes,yes,
2026-06-03,entry,air,no,GBR,,1986-01-01,WT,,,yes,yes
2026-06-04,entry,air,no,EGY,,1986-01-01,C-3,yes,yes,yes,
2026-06-04,exit,sea,no,DEU,,2016-01-01,WT,,,yes,
`

// answers of byHand, a line for a row.
var answers = []struct{ photo, other, why string }{
	{"ER", "EE", "13 years old, 14 tomorrow: exempt from all, then from other biometrics only"},
	{"RR", "RR", "14 today"},
	{"RR", "RR", "79 years old, 80 tomorrow"},
	{"ER", "EE", "80 today: older than 79"},
	{"ER", "EE", "Canadian visitor without visa and Form I-94"},
	{"OR", "OO", "Canadian visitor: was Form I-94 issued? For a photograph it does not matter any more"},
	{"NR", "NR", "resident leaving where no program records exits"},
	{"RR", "RR", "resident leaving at a pilot port"},
	{"NN", "NN", "citizen"},
	{"NN", "NN", "dual national who presents as a citizen"},
	{"ER", "EE", "diplomat"},
	{"OR", "OO", "class not stated: it may be an exempt one"},
	{"OO", "OO", "citizenship not stated: it may be a citizen"},
	{"OR", "OR", "visitor leaving, program not stated; since 2025 it does not matter"},
	{"OO", "OO", "declines: an officer decides"},
	{"RR", "RR", "attendant of an official in transit: C-3, but not exempt"},
	{"ER", "EE", "child leaving: exempt by age before the missing program is asked about"},
}

// letters of the outcomes.
const letters = " ROEN"

func TestByHand(t *testing.T) {
	d := diff(t, "us-2004", "us-2025", rows(t, byHand))
	if d.Traffic.Persons != int64(len(answers)) || d.Traffic.First.String() != "2026-06-01" || d.Traffic.Last.String() != "2026-06-04" {
		t.Fatalf("traffic %+v, want %d persons", d.Traffic, len(answers))
	}
	var want [2]policydiff.Flow
	for i, a := range answers {
		for duty, s := range []string{a.photo, a.other} {
			want[duty][strings.IndexByte(letters, s[0])][strings.IndexByte(letters, s[1])]++
		}
		// Each person alone, so that two mistakes cannot cancel out.
		lines := strings.SplitAfter(byHand, "\n")
		one := diff(t, "us-2004", "us-2025", rows(t, lines[0]+lines[i+1]))
		for duty, s := range []string{a.photo, a.other} {
			if one.Duties[duty].Total[strings.IndexByte(letters, s[0])][strings.IndexByte(letters, s[1])] != 1 {
				t.Errorf("person %d, %s, %s: want %s, got %v", i+1, a.why, one.Duties[duty].ID, s, one.Duties[duty].Total)
			}
		}
	}
	for i := range want {
		if d.Duties[i].Total != want[i] {
			t.Errorf("%s:\n%v, want\n%v", d.Duties[i].ID, d.Duties[i].Total, want[i])
		}
	}
	photo := &d.Duties[0]
	if photo.Total.In() != 6 || photo.Total.Out() != 0 || photo.Total.FromOfficer() != 3 || photo.Total.ToOfficer() != 0 || photo.Total.Same() != 8 {
		t.Errorf("sums of %v", photo.Total)
	}
	for _, c := range []struct {
		dimension, value string
		persons, in      int64
	}{
		{"age", "0–13", 2, 2}, {"age", "14–79", 14, 3}, {"age", "80 and older", 1, 1},
		{"age in bands", "12–13", 1, 1}, {"age in bands", "14–17", 1, 0}, {"age in bands", "70–79", 1, 0}, {"age in bands", "80–89", 1, 1}, {"age in bands", "6–11", 1, 1},
		{"class of admission", "citizen", 2, 0}, {"class of admission", "LPR", 2, 1}, {"class of admission", "A-1", 1, 1}, {"class of admission", "not stated", 1, 0},
		{"mode", "sea", 1, 1}, {"mode", "land", 3, 2}, {"direction", "exit", 5, 2},
		{"nationality", "USA", 2, 0}, {"nationality", "CAN", 2, 1}, {"nationality", "not stated", 1, 0},
	} {
		i := slices.IndexFunc(photo.Dimension(c.dimension).Values, func(v policydiff.Value) bool { return v.Name == c.value })
		if i < 0 {
			t.Errorf("%s has no %s", c.dimension, c.value)
			continue
		}
		if f := photo.Dimension(c.dimension).Values[i].Flow; f.Persons() != c.persons || f.In() != c.in {
			t.Errorf("%s %s: %d persons, %d in; want %d, %d", c.dimension, c.value, f.Persons(), f.In(), c.persons, c.in)
		}
	}
	rules := ""
	for _, m := range photo.InBy {
		rules += m.Rule + " " + strconv.FormatInt(m.Persons, 10) + "; "
		if len(m.Clauses) == 0 || m.Text == "" {
			t.Errorf("rule %s moves persons without a clause", m.Rule)
		}
	}
	if rules != "age 3; canadian-visitor 1; no-program 1; official 1; " {
		t.Errorf("moved in by: %s", rules)
	}
}
