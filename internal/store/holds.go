package store

import (
	"slices"

	"limen/retention"
)

// PutHold adds a hold, or records that it was lifted.
func (t *Tx) PutHold(h retention.Hold) error {
	return t.exec(`INSERT INTO holds (id, kind, subject, owner, reason, placed, until, lifted, lifted_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (id) DO UPDATE SET lifted = excluded.lifted, lifted_by = excluded.lifted_by`,
		h.ID, h.Subject.Kind, h.Subject.ID, h.Owner, h.Reason, micros(h.Placed), micros(h.Until), micros(h.Lifted), h.LiftedBy)
}

const holdColumns = `id, kind, subject, owner, reason, placed, until, lifted, lifted_by`

func scanHold(row func(...any) error) (h retention.Hold, err error) {
	err = row(&h.ID, &h.Subject.Kind, &h.Subject.ID, &h.Owner, &h.Reason, timeColumn{&h.Placed}, timeColumn{&h.Until}, timeColumn{&h.Lifted}, &h.LiftedBy)
	return h, err
}

// Holds returns every hold in the order they were placed.
func (t *Tx) Holds() ([]retention.Hold, error) {
	return list(t, scanHold, `SELECT `+holdColumns+` FROM holds ORDER BY placed, id`)
}

// Hold returns a hold, or nil.
func (t *Tx) Hold(id string) (*retention.Hold, error) {
	return first(t, scanHold, `SELECT `+holdColumns+` FROM holds WHERE id = $1`, id)
}

// DeleteHold deletes a hold.
func (t *Tx) DeleteHold(id string) error { return t.exec(`DELETE FROM holds WHERE id = $1`, id) }

// OnRecord reports whether anything that a hold may keep is on record under a
// kind and id; of a voyage, whether anybody is.
func (t *Tx) OnRecord(s retention.Subject) (bool, error) {
	query := map[retention.SubjectKind]string{
		retention.OfTraveler:  `SELECT id FROM travelers WHERE id = $1`,
		retention.OfVoyage:    `SELECT id FROM passengers WHERE voyage = $1 UNION ALL SELECT id FROM encounters WHERE voyage = $1 LIMIT 1`,
		retention.OfEncounter: `SELECT id FROM encounters WHERE id = $1`,
		retention.OfPassenger: `SELECT id FROM passengers WHERE id = $1`,
	}[s.Kind]
	if query == "" {
		return false, nil
	}
	ids, err := list(t, scanID, query, s.ID)
	return len(ids) > 0, err
}

// Mentioned reports whether the audit log has an entry about a subject that can
// be opened still.
func (t *Tx) Mentioned(subject string) (bool, error) {
	ids, err := list(t, scanID, `SELECT subject FROM audit WHERE subject = $1 LIMIT 1`, subject)
	return len(ids) > 0, err
}

// Related returns what a hold may name to keep a subject: itself, its voyage,
// its traveler, the passenger it turned out to be; and of a traveler, whom no
// passenger can do without, the passengers and their voyages. Whoever is held is
// held with the travelers whose files were merged with theirs: what was compared,
// by whom and why is as much about the one as about the other.
func (t *Tx) Related(subject string) ([]retention.Subject, error) {
	out, err := t.related(subject)
	if err != nil {
		return nil, err
	}
	for _, s := range out {
		if s.Kind != retention.OfTraveler {
			continue
		}
		others, err := t.mergedWith(s.ID)
		if err != nil {
			return nil, err
		}
		for _, id := range others {
			if o := (retention.Subject{Kind: retention.OfTraveler, ID: id}); !slices.Contains(out, o) {
				out = append(out, o)
			}
		}
	}
	return out, nil
}

// mergedWith returns whom a record about files names beside a traveler.
func (t *Tx) mergedWith(id string) ([]string, error) {
	return list(t, scanID, `SELECT other FROM file_records WHERE kept = $1 UNION SELECT kept FROM file_records WHERE other = $1`, id)
}

func (t *Tx) related(subject string) ([]retention.Subject, error) {
	return list(t, func(row func(...any) error) (s retention.Subject, err error) {
		err = row(&s.Kind, &s.ID)
		return s, err
	},
		`SELECT 'passenger', id FROM passengers WHERE id = $1
		UNION SELECT 'voyage', voyage FROM passengers WHERE id = $1 UNION SELECT 'traveler', traveler FROM passengers WHERE id = $1
		UNION SELECT 'encounter', id FROM encounters WHERE id = $1 UNION SELECT 'voyage', voyage FROM encounters WHERE id = $1
		UNION SELECT 'passenger', p.id FROM decisions d JOIN passengers p ON p.id = d.passenger WHERE d.encounter = $1
		UNION SELECT 'traveler', p.traveler FROM decisions d JOIN passengers p ON p.id = d.passenger WHERE d.encounter = $1
		UNION SELECT 'voyage', voyage FROM crossings WHERE id = $1 UNION SELECT 'traveler', traveler FROM crossings WHERE id = $1
		UNION SELECT 'passenger', passenger FROM crossings WHERE id = $1
		UNION SELECT 'traveler', id FROM travelers WHERE id = $1
		UNION SELECT 'passenger', id FROM passengers WHERE traveler = $1 UNION SELECT 'voyage', voyage FROM passengers WHERE traveler = $1`, subject)
}

// Under returns the ids of what a hold on a subject reaches: what Related finds
// from the other end.
func (t *Tx) Under(s retention.Subject) ([]string, error) {
	q, ok := reaches[s.Kind]
	if !ok {
		return nil, nil
	}
	held := []string{s.ID}
	if s.Kind == retention.OfTraveler {
		others, err := t.mergedWith(s.ID)
		if err != nil {
			return nil, err
		}
		held = append(held, others...)
	}
	var out []string
	for _, id := range held {
		ids, err := list(t, scanID, q, id)
		if err != nil {
			return nil, err
		}
		out = append(out, ids...)
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// An encounter's decision is on a passenger of its voyage, and a crossing is of
// a passenger's traveler: what has no index of its own is found by these.
var reaches = map[retention.SubjectKind]string{
	retention.OfEncounter: `SELECT id FROM encounters WHERE id = $1`,
	retention.OfPassenger: `SELECT id FROM passengers WHERE id = $1 UNION SELECT traveler FROM passengers WHERE id = $1` + reached(`p.id = $1`),
	retention.OfTraveler: `SELECT id FROM travelers WHERE id = $1 UNION SELECT id FROM passengers WHERE traveler = $1
		UNION SELECT id FROM crossings WHERE traveler = $1` + reached(`p.traveler = $1`),
	retention.OfVoyage: `SELECT id FROM voyages WHERE id = $1 UNION SELECT id FROM passengers WHERE voyage = $1
		UNION SELECT id FROM encounters WHERE voyage = $1 UNION SELECT traveler FROM passengers WHERE voyage = $1` + reached(`p.voyage = $1`),
}

// reached is the crossings of passengers, and the encounters decided on them.
func reached(where string) string {
	return ` UNION SELECT x.id FROM passengers p JOIN crossings x ON x.traveler = p.traveler AND x.passenger = p.id WHERE ` + where + `
		UNION SELECT d.encounter FROM passengers p JOIN encounters e ON e.voyage = p.voyage
			JOIN decisions d ON d.encounter = e.id AND d.passenger = p.id WHERE ` + where
}
