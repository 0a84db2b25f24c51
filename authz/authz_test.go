package authz_test

import (
	"slices"
	"testing"

	"limen/authz"
	"limen/errs"
)

// want is the table once more, by hand and by role: a change of it must be
// made twice. A letter stands for a role: p point, c carrier, o
// officer, a auditor.
var want = map[authz.Operation]string{
	authz.SendManifest: "c", authz.AddReference: "co", authz.ReadReadiness: "co", authz.CloseVoyage: "co", authz.ListVoyages: "pco",
	authz.OpenEncounter: "p", authz.SendCapture: "p", authz.OptOut: "po",
	authz.ReadEncounter: "o", authz.Decide: "o", authz.CorrectCrossing: "o", authz.RecordAdmission: "o", authz.ListLeads: "o", authz.ReadBoard: "o",
	authz.ReadAdmission: "o", authz.ChangeStay: "o", authz.ReadLead: "o", authz.ClearLead: "o", authz.MergeFiles: "o", authz.UndoMerge: "o",
	authz.ReadStatus: "po", authz.ListWaiting: "o", authz.ReadCapture: "o", authz.ReadReference: "o", authz.ReadMetrics: "o",
	authz.ReadPlan: "oa", authz.ListHolds: "oa", authz.PlaceHold: "o", authz.LiftHold: "o",
	authz.ReadCheckpoint: "oa", authz.ListLeaves: "oa", authz.ProveInclusion: "oa", authz.ProveConsistency: "oa", authz.ReadReceipt: "o",
}

func TestTable(t *testing.T) {
	ops := authz.Operations()
	if len(ops) != len(want) {
		t.Errorf("%d operations, want %d", len(ops), len(want))
	}
	for op, letters := range want {
		if !slices.Contains(ops, op) {
			t.Errorf("%s is not in the table", op)
		}
		for letter, role := range map[rune]authz.Role{'p': authz.Point, 'c': authz.Carrier, 'o': authz.Officer, 'a': authz.Auditor} {
			should := slices.Contains([]rune(letters), letter)
			if got := authz.Allowed(role, op); got != should {
				t.Errorf("%s may %s: %v", role, op, got)
			}
			if got := slices.Contains(authz.RolesOf(op), role); got != should {
				t.Errorf("roles of %s name %s: %v", op, role, got)
			}
		}
	}
}

// What is not in the table is denied.
func TestDenied(t *testing.T) {
	for _, r := range []authz.Role{"", "admin", "Officer", "officer "} {
		for _, op := range authz.Operations() {
			if authz.Allowed(r, op) {
				t.Errorf("role %q may %s", r, op)
			}
		}
		if _, err := authz.ParseRole(string(r)); errs.CodeOf(err) != "role" {
			t.Errorf("role %q: %v", r, err)
		}
	}
	for _, op := range []authz.Operation{"", "search-everyone"} {
		if authz.Allowed(authz.Officer, op) || len(authz.RolesOf(op)) != 0 {
			t.Errorf("an officer may %q", op)
		}
	}
	for _, r := range []authz.Role{authz.Point, authz.Carrier, authz.Officer, authz.Auditor} {
		if got, err := authz.ParseRole(string(r)); got != r || err != nil {
			t.Errorf("role %s: %q, %v", r, got, err)
		}
	}
	authz.RolesOf(authz.Decide)[0] = authz.Carrier
	if authz.Allowed(authz.Carrier, authz.Decide) {
		t.Error("a caller changed the table")
	}
}
