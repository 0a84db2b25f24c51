package store

import (
	"encoding/json"
	"time"

	"limen/internal/seal"
	"limen/stay"
	"limen/travel"
)

// Lead is the record of a lead. It is never deleted before its traveler's
// record: what was found to explain it is noted on it.
type Lead struct {
	ID string `json:"id"`
	stay.Lead
	// Until is the last authorized day that an overstay is counted from.
	Until  travel.Day  `json:"until"`
	Port   travel.Port `json:"port,omitempty"`
	Raised time.Time   `json:"raised"`
	// Evidence is what a comparison of people found, as JSON: kinds of fields
	// and their weights, no values.
	Evidence json.RawMessage `json:"evidence,omitempty"`
	// Compared is when an unmatched departure was compared with the arrivals: a
	// note of the worker, which the log need not know.
	Compared time.Time `json:"-"`
	Clearing
}

// Clearing is how a lead was cleared; the zero value while it is open.
type Clearing struct {
	Cleared time.Time `json:"cleared,omitzero"`
	How     How       `json:"how,omitempty"`
	// Found is the id of the record that explains it: a crossing, a change, a
	// merge; "" if a person did.
	Found string `json:"found,omitempty"`
	By    string `json:"cleared_by,omitempty"` // the key, or the rule
	// Officer and Reason are sealed with the traveler's key.
	Officer string `json:"-"`
	Reason  string `json:"-"`
}

// Open reports whether nothing has explained the lead.
func (l Lead) Open() bool { return l.Cleared.IsZero() }

// How says what cleared a lead. Its zero value is unspecified.
type How string

// What clears leads.
const (
	ExitFound      How = "exit-found"
	EntryFound     How = "entry-found"  // of an unmatched departure
	ChangeFound    How = "change-found" // an extension, change of status, adjustment or parole
	Corrected      How = "corrected"    // what it rested on was corrected
	Unlinked       How = "unlinked"     // the merge it rested on was undone
	ByOfficerError How = "error"        // an officer: the record is wrong
	ByOfficer      How = "explained"    // an officer: otherwise explained
)

// Detail is the form in which a lead stands in the audit log.
func (l Lead) Detail() []byte {
	for _, at := range []*time.Time{&l.Raised, &l.Cleared} {
		if *at = at.UTC(); !at.IsZero() {
			*at = at.Truncate(time.Microsecond)
		}
	}
	return []byte(toJSON(l))
}

// LeadColumns are what ScanLead reads, of the table l.
const LeadColumns = `l.id, l.kind, l.traveler, l.admission, l.crossing, l.until, l.days, l.day, l.port, l.change, l.raised, l.evidence, l.compared,
	l.cleared, l.how, l.found, l.cleared_by`

// ScanLead reads LeadColumns, and what follows them into more.
func ScanLead(row func(...any) error, more ...any) (l Lead, err error) {
	var evidence string
	err = row(append([]any{&l.ID, &l.Kind, &l.Traveler, &l.Admission, &l.Crossing, dayColumn{&l.Until}, &l.Days, dayColumn{&l.Day}, &l.Port, &l.Change,
		timeColumn{&l.Raised}, &evidence, timeColumn{&l.Compared}, timeColumn{&l.Cleared}, &l.How, &l.Found, &l.By}, more...)...)
	if evidence != "" {
		l.Evidence = json.RawMessage(evidence)
	}
	return l, err
}

func scanLead(row func(...any) error) (Lead, error) { return ScanLead(row) }

// clearedContext is that of who cleared a lead and why.
func clearedContext(id travel.TravelerID) seal.Context {
	return seal.Context{Subject: string(id), Class: record, Kind: "lead-cleared"}
}

// PutLead adds a lead, or records how the one with its id now stands. Who
// cleared it and why is sealed with the traveler's key.
func (t *Tx) PutLead(l Lead) error {
	sealed := []byte{}
	if l.Officer != "" {
		key, err := t.KeyOf(l.Traveler)
		if err != nil {
			return err
		}
		if sealed, err = t.seal(key, clearedContext(l.Traveler), []byte(toJSON(said{l.Officer, l.Reason}))); err != nil {
			return err
		}
	}
	if err := t.putCandidates(l); err != nil {
		return err
	}
	return t.exec(`INSERT INTO leads (id, kind, traveler, admission, crossing, until, days, day, port, change, raised, evidence, compared, cleared, how, found, cleared_by, said)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
		ON CONFLICT (id) DO UPDATE SET evidence = excluded.evidence, compared = excluded.compared, cleared = excluded.cleared, how = excluded.how,
		found = excluded.found, cleared_by = excluded.cleared_by, said = excluded.said`,
		l.ID, l.Kind, l.Traveler, l.Admission, l.Crossing, l.Until.String(), l.Days, l.Day.String(), l.Port, l.Change, micros(l.Raised), string(l.Evidence),
		micros(l.Compared), micros(l.Cleared), l.How, l.Found, l.By, sealed)
}

// KeyOf returns the data key of a traveler's record, "" if there is none.
func (t *Tx) KeyOf(id travel.TravelerID) (key string, err error) {
	_, err = t.one([]any{&key}, `SELECT key_id FROM travelers WHERE id = $1`, id)
	return key, err
}

// Lead returns a lead with who cleared it and why, or nil.
func (t *Tx) Lead(id string) (*Lead, error) {
	return first(t, func(row func(...any) error) (l Lead, err error) {
		var key string
		var sealed []byte
		if l, err = ScanLead(row, &sealed, &key); err != nil || len(sealed) == 0 {
			return l, err
		}
		var s said
		_, err = t.openJSON(key, clearedContext(l.Traveler), sealed, &s)
		l.Officer, l.Reason = s.Officer, s.Reason
		return l, err
	}, `SELECT `+LeadColumns+`, l.said, t.key_id FROM leads l JOIN travelers t ON t.id = l.traveler WHERE l.id = $1`, id)
}

// LeadsOf returns a traveler's leads in the order of their ids.
func (t *Tx) LeadsOf(id travel.TravelerID) ([]Lead, error) {
	return list(t, scanLead, `SELECT `+LeadColumns+` FROM leads l WHERE l.traveler = $1 ORDER BY l.id`, id)
}

// LeadsAbout returns the leads about a stay, in the order of their ids.
func (t *Tx) LeadsAbout(admission string) ([]Lead, error) {
	return list(t, scanLead, `SELECT `+LeadColumns+` FROM leads l WHERE l.admission = $1 AND l.admission <> '' ORDER BY l.id`, admission)
}

// LeadsAt returns the leads about a crossing, in the order of their ids.
func (t *Tx) LeadsAt(x travel.CrossingID) ([]Lead, error) {
	return list(t, scanLead, `SELECT `+LeadColumns+` FROM leads l WHERE l.crossing = $1 AND l.crossing <> '' ORDER BY l.id`, x)
}

// Uncompared returns the open unmatched departures that were not compared with
// the arrivals yet, at most n, after the given id.
func (t *Tx) Uncompared(after string, n int) ([]Lead, error) {
	return list(t, scanLead, `SELECT `+LeadColumns+` FROM leads l WHERE l.kind = 'unmatched-departure' AND l.cleared = 0 AND l.compared = 0 AND l.id > $1 ORDER BY l.id LIMIT $2`, after, n)
}

// OldLeads returns the leads that were raised before leads stood in the audit
// log.
func (t *Tx) OldLeads() ([]Lead, error) {
	return list(t, scanLead, `SELECT `+LeadColumns+` FROM leads l WHERE l.raised = 0 ORDER BY l.id`)
}

// LeadFilter says which leads are listed: of a kind, which it needs, open or
// cleared, of a port ("" is any), raised for a day from From to To (no day is
// any).
type LeadFilter struct {
	Kind     stay.LeadKind
	Cleared  bool
	Port     travel.Port
	From, To travel.Day
}

// Leads returns the leads of a filter, at most n, in the order of (day, id)
// after the given one.
func (t *Tx) Leads(f LeadFilter, after Lead, n int) ([]Lead, error) {
	to := f.To.String()
	if to == "" {
		to = "~" // after every day
	}
	state := `l.cleared = 0` // each has its index: whoever looks at the open ones reads no cleared ones
	if f.Cleared {
		state = `l.cleared <> 0`
	}
	return list(t, scanLead, `SELECT `+LeadColumns+` FROM leads l WHERE l.kind = $1 AND `+state+` AND ($2 = '' OR l.port = $2)
		AND l.day >= $3 AND l.day <= $4 AND (l.day > $5 OR (l.day = $5 AND l.id > $6)) ORDER BY l.day, l.id LIMIT $7`,
		f.Kind, string(f.Port), f.From.String(), to, after.Day.String(), after.ID, n)
}
