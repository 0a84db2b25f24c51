package store

import (
	"time"

	"limen/authz"
	"limen/travel"
)

// Key is the record of an API key: whom it stands for and where it may act.
// Its secret is kept only as a hash.
type Key struct {
	ID      string
	Hash    []byte // SHA-256 of the secret, which is 256 random bits
	Role    authz.Role
	Port    travel.Port    // of a point
	Point   travel.PointID // of a point
	Carrier string         // of a carrier
	Label   string
	Created time.Time
	Revoked time.Time // zero while valid
}

const keyColumns = `id, hash, role, port, point, carrier, label, created, revoked`

func scanKey(row func(...any) error) (k Key, err error) {
	err = row(&k.ID, &k.Hash, &k.Role, &k.Port, &k.Point, &k.Carrier, &k.Label, timeColumn{&k.Created}, timeColumn{&k.Revoked})
	return k, err
}

// Key returns an API key, or nil.
func (t *Tx) Key(id string) (*Key, error) {
	return first(t, scanKey, `SELECT `+keyColumns+` FROM api_keys WHERE id = $1`, id)
}

// Keys returns every API key in the order made.
func (t *Tx) Keys() ([]Key, error) {
	return list(t, scanKey, `SELECT `+keyColumns+` FROM api_keys ORDER BY created, id`)
}

// InsertKey adds an API key.
func (t *Tx) InsertKey(k Key) error {
	return t.exec(`INSERT INTO api_keys (`+keyColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		k.ID, k.Hash, k.Role, k.Port, k.Point, k.Carrier, k.Label, micros(k.Created), micros(k.Revoked))
}

// RevokeKey ends an API key at once.
func (t *Tx) RevokeKey(id string, at time.Time) error {
	return t.exec(`UPDATE api_keys SET revoked = $2 WHERE id = $1 AND revoked = 0`, id, micros(at))
}
