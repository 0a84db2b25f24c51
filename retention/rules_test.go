package retention_test

import (
	"slices"
	"strings"
	"testing"

	"limen/retention"
)

// law is the table of the law as it was handed down: period, clock, action. A
// slip in rules.go differs from it here.
var law = map[retention.Class]string{
	retention.CitizenImage:         "erase 12 hours after capture, US",
	retention.Unresolved:           "erase 12 hours after capture, limen",
	retention.AlienImage:           "erase 14 days after capture, US",
	retention.VoyageGallery:        "erase 12 hours after end of the voyage, limen",
	retention.SystemOfRecordImage:  "hand over 75 years after crossing, US",
	retention.CrossingResident:     "erase 15 years after crossing, US",
	retention.CrossingNonimmigrant: "erase 75 years after crossing, US",
	retention.Listing:              "erase 12 months after receipt of the manifest, US",
	retention.EURecord:             "erase 3 years after exit or refusal, EU",
	retention.EUFile:               "erase 3 years and 1 day after last record, EU",
	retention.EUNoExit:             "erase 5 years after expiry of the authorized stay, EU",
	retention.EUFamily:             "erase 1 year after exit or refusal, EU",
	retention.EUFamilyNoExit:       "erase 5 years after last entry, EU",
	retention.AccessLog:            "erase 1 year after erasure of what it speaks of, EU",
}

func TestRules(t *testing.T) {
	rules := retention.Rules()
	seen := map[retention.Class]bool{}
	for _, r := range rules {
		words := string(r.Action) + " " + r.Period.String() + " after " + string(r.Clock) + ", " + string(r.By)
		if words != law[r.Class] {
			t.Errorf("%s: %s; the law says %q", r.Class, words, law[r.Class])
		}
		if seen[r.Class] || r.What == "" || r.Source == "" {
			t.Errorf("twice, or without description or source: %+v", r)
		}
		seen[r.Class] = true
		if got, err := retention.RuleOf(r.Class); err != nil || got != r {
			t.Errorf("RuleOf %s: %+v, %v", r.Class, got, err)
		}
	}
	if len(rules) != len(law) {
		t.Errorf("%d rules for %d classes", len(rules), len(law))
	}
	retention.Rules()[0].Period.Hours = 0
	if retention.Rules()[0].Period.Hours == 0 {
		t.Error("a caller changed the rules")
	}
}

// What is known from secondary sources only says so; what was read does not.
func TestRulesMarkWhatIsToBeChecked(t *testing.T) {
	second := []retention.Class{retention.AlienImage, retention.SystemOfRecordImage, retention.CrossingResident,
		retention.CrossingNonimmigrant, retention.Listing}
	for _, r := range retention.Rules() {
		if marked := strings.HasPrefix(r.Note, "[check] "); marked != slices.Contains(second, r.Class) {
			t.Errorf("%s: source %q, note %q", r.Class, r.Source, r.Note)
		}
		if r.By == retention.EU && !strings.HasPrefix(r.Source, "Regulation (EU) 2017/2226, Article ") {
			t.Errorf("%s: %q is no article", r.Class, r.Source)
		}
	}
}

// Doubt about whose image it is never keeps it longer than a citizen's, and
// nothing but verification ends a citizen's sooner.
func TestDoubtIsAsShortAsCitizens(t *testing.T) {
	citizen, _ := retention.RuleOf(retention.CitizenImage)
	doubt, _ := retention.RuleOf(retention.Unresolved)
	if doubt.Period != citizen.Period || doubt.Clock != citizen.Clock || doubt.Clock != retention.AtCapture {
		t.Errorf("citizen %+v, unresolved %+v", citizen, doubt)
	}
	if citizen.AtOnce != retention.AtVerification {
		t.Errorf("a citizen's image goes at once on %q", citizen.AtOnce)
	}
}

func TestRecordClass(t *testing.T) {
	for _, c := range cases(t, "record.txt", 3) {
		words := strings.Fields(c[0])
		f := retention.Facts{Law: retention.Jurisdiction(words[0])}
		if words[1] != "unknown" {
			f.Standing = retention.Standing(words[1])
		}
		for _, w := range words[2:] {
			switch w {
			case "family":
				f.Family = retention.Yes
			case "not-family":
				f.Family = retention.No
			case "refused":
				f.Refused = true
			case "exited":
				f.Exited = true
			default:
				t.Fatalf("%q is no fact", w)
			}
		}
		class, why := retention.RecordClass(f)
		want := retention.Class(c[1])
		if c[1] == "-" {
			want = ""
		}
		if class != want || !strings.Contains(why, c[2]) {
			t.Errorf("%s: %q because %q; want %s because %s", c[0], class, why, c[1], c[2])
		}
	}
}

// Every set of facts has a sentence; every class named is one, of the law that
// was asked for; and what is unknown is said.
func TestRecordClassOfAllFacts(t *testing.T) {
	n := 0
	for _, law := range []retention.Jurisdiction{"", retention.US, retention.EU, retention.Own} {
		for _, s := range []retention.Standing{"", retention.Citizen, retention.Resident, retention.Nonimmigrant, "other"} {
			for _, family := range []retention.Fact{"", retention.Yes, retention.No, "perhaps"} {
				for bits := range 4 {
					n++
					f := retention.Facts{Law: law, Standing: s, Family: family, Refused: bits&1 != 0, Exited: bits&2 != 0}
					checkRecordClass(t, f)
				}
			}
		}
	}
	if n != 4*5*4*4 {
		t.Errorf("%d sets of facts", n)
	}
}

func checkRecordClass(t *testing.T, f retention.Facts) {
	t.Helper()
	class, why := retention.RecordClass(f)
	r, err := retention.RuleOf(class)
	switch {
	case why == "":
		t.Errorf("%+v: no reason", f)
	case class == "":
		return
	case err != nil || r.By != f.Law:
		t.Errorf("%+v: %q is a class of %q", f, class, r.By)
	case f.Standing == "" && !strings.HasPrefix(why, "unknown standing"):
		t.Errorf("%+v: %q hides that the standing is unknown", f, why)
	case f.Law == retention.EU && f.Family == "" && !f.Refused && !strings.Contains(why, "unknown family status"):
		t.Errorf("%+v: %q hides that the family status is unknown", f, why)
	}
}
