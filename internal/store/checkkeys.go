package store

// Keyed returns what of a kind has a data key and may be erased without
// anything else: nothing that is kept refers to it, and it is not noted for
// destruction yet. At most n, in the order of key ids after the given one. For
// a record that was restored, to find what was erased after it was copied.
func (t *Tx) Keyed(k Kind, after string, n int) ([]Erasure, error) {
	return list(t, func(row func(...any) error) (e Erasure, err error) {
		e.Kind = k
		err = row(&e.KeyID, &e.Subject, &e.Class)
		return e, err
	}, keyedQueries[k]+` AND key_id > $1 AND NOT EXISTS (SELECT 1 FROM erasures r WHERE r.key_id = k.key_id) ORDER BY key_id LIMIT $2`, after, n)
}

var keyedQueries = map[Kind]string{
	ItemKind: `SELECT DISTINCT key_id, subject, class FROM sealed k WHERE NOT condemned`,
	EncounterKind: `SELECT key_id, id, class FROM encounters k
		WHERE NOT EXISTS (SELECT 1 FROM decisions d JOIN crossings x ON x.decision = d.id WHERE d.encounter = k.id)`,
	PassengerKind: `SELECT key_id, id, class FROM passengers k WHERE NOT EXISTS (SELECT 1 FROM crossings x WHERE x.passenger = k.id)`,
	TravelerKind: `SELECT key_id, id, class FROM travelers k
		WHERE NOT EXISTS (SELECT 1 FROM passengers p WHERE p.traveler = k.id) AND NOT EXISTS (SELECT 1 FROM crossings x WHERE x.traveler = k.id)`,
}

// NewestKey returns the greatest id of a data key that something needs, or "".
// Ids rise with time: a keys.db whose last one is smaller is older than the
// record.
func (t *Tx) NewestKey() (id string, err error) {
	_, err = t.one([]any{&id}, `SELECT coalesce(max(key_id), '') FROM (SELECT max(key_id) AS key_id FROM travelers
		UNION ALL SELECT max(key_id) FROM passengers UNION ALL SELECT max(key_id) FROM encounters UNION ALL SELECT max(key_id) FROM sealed) k`)
	return id, err
}
