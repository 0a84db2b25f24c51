package store

import (
	"limen/linkage"
	"limen/travel"
)

// Arrived returns travelers whom linkage.Gather finds by keys of
// linkage.SearchKeys among those who have a stay that a departure on day can
// end: one that is open, or whose departure was missed and that the next
// admission closed. notAllSeen belongs into the Setting of the decision.
func (t *Tx) Arrived(keys []linkage.Key, day travel.Day) (ids []travel.TravelerID, notAllSeen bool, err error) {
	return linkage.Gather(nil, keys, func(k linkage.Key) ([]travel.TravelerID, error) {
		digest, err := t.linkIndex(string(k))
		if err != nil {
			return nil, err
		}
		return list(t, scanTravelerID, `SELECT k.traveler FROM link_keys k WHERE k.digest = $1
			AND EXISTS (SELECT 1 FROM admissions a WHERE a.traveler = k.traveler AND a.day <= $2 AND (a.closed = '' OR (a.closed_by = '' AND a.closed >= $2)))
			AND NOT EXISTS (SELECT 1 FROM travelers t JOIN erasures r ON r.key_id = t.key_id WHERE t.id = k.traveler)
			ORDER BY k.traveler LIMIT $3`, digest, day.String(), linkage.MaxBlock+1)
	})
}

func scanTravelerID(row func(...any) error) (id travel.TravelerID, err error) {
	err = row(&id)
	return id, err
}

// CountLinkKey returns how many travelers have a key, and counts no further than
// most.
func (t *Tx) CountLinkKey(key string, most int) (n int, err error) {
	digest, err := t.linkIndex(key)
	if err != nil {
		return 0, err
	}
	_, err = t.one([]any{&n}, `SELECT count(*) FROM (SELECT 1 FROM link_keys WHERE digest = $1 LIMIT $2) k`, digest, most)
	return n, err
}
