package stay

// Reply is all that a carrier or a traveler may be told: OK or NOT OK, and a
// traveler how many days are left. It shows no history.
//
// Source: Regulation (EU) 2017/2226 art. 13(1) to (3).
type Reply struct {
	OK bool `json:"ok"`
	// DaysLeft is nil in a reply to a carrier.
	DaysLeft *int `json:"days_left,omitempty"`
	// AskOfficer says that a crossing is missing which decides: the traveler is
	// to see an officer, and is not told NOT OK for a gap in the record.
	AskOfficer bool `json:"ask_officer,omitempty"`
}

// String returns OK, NOT OK or ASK AN OFFICER.
func (r Reply) String() string {
	switch {
	case r.OK:
		return "OK"
	case r.AskOfficer:
		return "ASK AN OFFICER"
	}
	return "NOT OK"
}

// ToTraveler answers whether a person may enter on the answer's day, or, if
// they are in, may still be there on it, and how many days are left.
func (a Answer) ToTraveler() Reply {
	left := a.DaysLeft
	return Reply{OK: a.fine(), DaysLeft: &left}
}

func (a Answer) fine() bool { return !a.LastDay.IsZero() || a.State == OnPermit }

// ToCarrier answers whether the record itself speaks against bringing a person
// on the answer's day. Where a crossing is missing the caller asks with what is
// certain (History.Certain): a gap in the record keeps nobody from boarding,
// an officer at the border asks about it.
func (a Answer) ToCarrier() Reply { return Reply{OK: a.fine()} }
