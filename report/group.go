package report

import (
	"strings"

	"limen/stay"
)

// Group is a column of the report: classes of admission, grouped. Its zero
// value is unspecified; as a column it stands for the sum of all groups.
type Group int

// The groups. DHS reports B, then F, M and J, then all other classes in scope.
// Immigrant and ClassUnknown stand in the table of departures; ClassUnknown
// also takes stays whose class is not one of 22 CFR 41.12, and is shown only
// where it is not empty.
const (
	AllGroups         Group = iota
	BusinessPleasure        // B-1, B-2, WB, WT
	StudentExchange         // F, M, J
	OtherNonimmigrant       // every other class of 22 CFR 41.12
	ClassUnknown
	ImmigrantGroup
	groups
)

var groupNames = [groups]string{"all classes", "business or pleasure", "student or exchange visitor", "other nonimmigrant", "class not known", "immigrant"}
var groupClasses = [groups]string{"", "B-1, B-2, WB, WT", "F, M, J", "all other classes of 22 CFR 41.12", "", "lawful permanent resident"}

// String returns the group's name in words.
func (g Group) String() string {
	if g < 0 || g >= groups {
		return "no group"
	}
	return groupNames[g]
}

// Classes says which classes of admission the group holds, in words; "" if none
// can be named.
func (g Group) Classes() string {
	if g < 0 || g >= groups {
		return ""
	}
	return groupClasses[g]
}

// families are the nonimmigrant classes by what stands before the hyphen, with
// the number of the highest subclass.
//
// Source: 22 CFR 41.12 (classification symbols); 8 CFR 214.1(a)(2). The letters
// that may follow a number, such as in H-1B, are not looked at.
var families = map[string]struct {
	group Group
	last  int
}{
	"A": {OtherNonimmigrant, 3}, "B": {BusinessPleasure, 2}, "C": {OtherNonimmigrant, 3}, "D": {OtherNonimmigrant, 2},
	"E": {OtherNonimmigrant, 3}, "F": {StudentExchange, 3}, "G": {OtherNonimmigrant, 5}, "H": {OtherNonimmigrant, 4},
	"I": {OtherNonimmigrant, 1}, "J": {StudentExchange, 2}, "K": {OtherNonimmigrant, 4}, "L": {OtherNonimmigrant, 2},
	"M": {StudentExchange, 3}, "N": {OtherNonimmigrant, 9}, "NATO": {OtherNonimmigrant, 7}, "O": {OtherNonimmigrant, 3},
	"P": {OtherNonimmigrant, 4}, "Q": {OtherNonimmigrant, 3}, "R": {OtherNonimmigrant, 2}, "S": {OtherNonimmigrant, 7},
	"T": {OtherNonimmigrant, 6}, "TD": {OtherNonimmigrant, 0}, "TN": {OtherNonimmigrant, 2}, "U": {OtherNonimmigrant, 5},
	"V": {OtherNonimmigrant, 3}, "WB": {BusinessPleasure, 0}, "WT": {BusinessPleasure, 0}, "CW": {OtherNonimmigrant, 2},
}

// GroupOf returns the group of a class of admission, however it is written:
// "B-2", "b2" and "B2" are one. What is no nonimmigrant class of 22 CFR 41.12 is
// ClassUnknown.
func GroupOf(class stay.ClassOfAdmission) Group {
	s := strings.ToUpper(strings.TrimSpace(string(class)))
	n := 0
	for n < len(s) && s[n] >= 'A' && s[n] <= 'Z' {
		n++
	}
	f, known := families[s[:n]]
	rest := strings.TrimLeft(s[n:], "- /")
	switch {
	case !known || len(rest) > 3:
		return ClassUnknown
	case rest == "":
		return f.group // the family as a whole, such as "I" or "TD"
	case rest[0] < '1' || int(rest[0]-'0') > f.last:
		return ClassUnknown
	}
	return f.group
}
