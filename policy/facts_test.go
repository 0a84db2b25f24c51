package policy_test

import (
	"strings"
	"testing"

	"limen/errs"
	"limen/policy"
)

// asked makes a question of words, such as "citizenship GBR", with a comma
// between them.
func asked(t *testing.T, words string) (q policy.Question) {
	t.Helper()
	for _, w := range strings.Split("on 2026-01-10, birth 1980-02-01, "+words, ", ") {
		word, value, _ := strings.Cut(w, " ")
		if err := q.Set(word, value); err != nil {
			t.Fatal(w, err)
		}
	}
	return q
}

// What is not stated frees nobody, nor does what contradicts itself.
func TestNothingIsTakenForGranted(t *testing.T) {
	for _, c := range []struct {
		set, words string
		want       policy.Result // of other biometrics; "" is refused
		missing    string
	}{
		{"us-2025", "direction exit, citizenship GBR, class A-1", policy.NeedsOfficer, "status_maintained"},
		{"us-2025", "direction exit, citizenship GBR, class A-1, status-ended no", policy.Exempt, ""},
		{"us-2025", "direction entry, citizenship GBR, class A-1", policy.Exempt, ""},
		{"us-2025", "direction exit, citizenship GBR, class B-2", policy.Required, ""},
		{"us-2025", "direction entry, citizenship GBR, class B-2", policy.Required, ""},
		{"us-2025", "direction exit, citizenship GBR, presents-as USA", "", ""},
		{"us-2025", "direction exit, citizenship GBR, presents-as CAN, class B-2, visa-required no, i94 no", "", ""},
		{"eu-ees", "direction exit, citizenship GBR, presents-as DEU", "", ""},
		{"us-2025", "direction exit, presents-as GBR, class B-2", policy.Required, ""},
		{"us-2025", "direction exit, citizenship GBR, resident yes, class A-1", "", ""},
		{"us-2025", "direction exit, citizenship GBR, resident no, class LPR", "", ""},
		{"us-2025", "direction exit, citizenship GBR, resident yes, class LPR", policy.Required, ""},
		{"eu-ees", "direction exit, citizenship GBR, resident yes, class D", policy.NotInScope, ""},
		{"eu-ees", "direction exit, citizenship GBR, class LPR", policy.NeedsOfficer, "resident"},
		{"eu-ees", "direction exit, citizenship GBR, class D", policy.NeedsOfficer, "resident"},
	} {
		law, err := policy.Default().Set(c.set)
		if err != nil {
			t.Fatal(err)
		}
		d, err := law.Decide(asked(t, c.words))
		got := d.OtherBiometrics
		var missing []string
		for _, i := range got.Missing.List() {
			missing = append(missing, i.String())
		}
		if (c.want == "") != (errs.CodeOf(err) == "policy-question") || got.Result != c.want || strings.Join(missing, " ") != c.missing {
			t.Errorf("%s, %s: %s, missing %v, %v", c.set, c.words, got.Result, missing, err)
		}
	}
}

// What the law presumes is named.
func TestPresumed(t *testing.T) {
	law, err := policy.Default().Set("us-2025")
	if err != nil {
		t.Fatal(err)
	}
	for words, want := range map[string]int{"direction entry, class A-1": 1, "direction entry, class A-1, status-ended no": 0, "direction entry, class B-2": 0} {
		q := asked(t, "citizenship GBR, "+words)
		d, err := law.Decide(q)
		if p := law.Presumed(q, d.OtherBiometrics.Inputs).List(); err != nil || len(p) != want || want > 0 && p[0] != policy.InStatusMaintained {
			t.Errorf("%s: %v, %v", words, p, err)
		}
	}
}
