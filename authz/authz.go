// Package authz is the one table of who may do what: operations by role. What
// is not in the table is denied.
package authz

import "limen/errs"

// Role is what a key may act as. Its zero value may do nothing.
type Role string

// The roles.
const (
	Point   Role = "point"   // a capture point: a gate, booth, lane or kiosk
	Carrier Role = "carrier" // an air or sea carrier
	Officer Role = "officer"
	Auditor Role = "auditor" // verifies the audit log; sees nobody's data
)

// ParseRole returns the role named s, or an Invalid error.
func ParseRole(s string) (Role, error) {
	switch r := Role(s); r {
	case Point, Carrier, Officer, Auditor:
		return r, nil
	}
	return "", errs.New(errs.Invalid, "role", "a role is point, carrier, officer or auditor")
}

// Operation names one thing the API can do. Its id is the OpenAPI operation id.
type Operation string

// The operations.
const (
	SendManifest     Operation = "send-manifest"
	AddReference     Operation = "add-reference"
	ReadReadiness    Operation = "read-readiness"
	CloseVoyage      Operation = "close-voyage"
	ListVoyages      Operation = "list-voyages"
	OpenEncounter    Operation = "open-encounter"
	SendCapture      Operation = "send-capture"
	OptOut           Operation = "opt-out"
	ReadStatus       Operation = "read-status"
	ListWaiting      Operation = "list-waiting"
	ReadEncounter    Operation = "read-encounter"
	ReadCapture      Operation = "read-capture-image"
	ReadReference    Operation = "read-reference-image"
	Decide           Operation = "decide"
	CorrectCrossing  Operation = "correct-crossing"
	RecordAdmission  Operation = "record-admission"
	ReadAdmission    Operation = "read-admission"
	ChangeStay       Operation = "change-stay"
	ListLeads        Operation = "list-leads"
	ReadLead         Operation = "read-lead"
	ClearLead        Operation = "clear-lead"
	MergeFiles       Operation = "merge-files"
	UndoMerge        Operation = "undo-merge"
	ReadBoard        Operation = "read-board"
	ReadMetrics      Operation = "read-metrics"
	ReadPlan         Operation = "read-retention-plan"
	ListHolds        Operation = "list-holds"
	PlaceHold        Operation = "place-hold"
	LiftHold         Operation = "lift-hold"
	ReadCheckpoint   Operation = "read-checkpoint"
	ListLeaves       Operation = "list-leaves"
	ProveInclusion   Operation = "prove-inclusion"
	ProveConsistency Operation = "prove-consistency"
	ReadReceipt      Operation = "read-receipt"
)

var table = map[Operation][]Role{
	SendManifest:     {Carrier},
	AddReference:     {Carrier, Officer},
	ReadReadiness:    {Carrier, Officer},
	CloseVoyage:      {Carrier, Officer},
	ListVoyages:      {Point, Carrier, Officer},
	OpenEncounter:    {Point},
	SendCapture:      {Point},
	OptOut:           {Point, Officer},
	ReadStatus:       {Point, Officer},
	ListWaiting:      {Officer},
	ReadEncounter:    {Officer},
	ReadCapture:      {Officer},
	ReadReference:    {Officer},
	Decide:           {Officer},
	CorrectCrossing:  {Officer},
	RecordAdmission:  {Officer},
	ReadAdmission:    {Officer},
	ChangeStay:       {Officer},
	ListLeads:        {Officer},
	ReadLead:         {Officer},
	ClearLead:        {Officer},
	MergeFiles:       {Officer},
	UndoMerge:        {Officer},
	ReadBoard:        {Officer},
	ReadMetrics:      {Officer},
	ReadPlan:         {Officer, Auditor},
	ListHolds:        {Officer, Auditor},
	PlaceHold:        {Officer},
	LiftHold:         {Officer},
	ReadCheckpoint:   {Officer, Auditor},
	ListLeaves:       {Officer, Auditor},
	ProveInclusion:   {Officer, Auditor},
	ProveConsistency: {Officer, Auditor},
	ReadReceipt:      {Officer},
}

// Operations returns every operation in the table.
func Operations() []Operation {
	ops := make([]Operation, 0, len(table))
	for op := range table {
		ops = append(ops, op)
	}
	return ops
}

// RolesOf returns the roles that may do an operation; none if the table does
// not have it.
func RolesOf(op Operation) []Role { return append([]Role(nil), table[op]...) }

// Allowed reports whether a role may do an operation.
func Allowed(r Role, op Operation) bool {
	for _, have := range table[op] {
		if have == r {
			return true
		}
	}
	return false
}
