package store

// Leaf is what everyone may see of a leaf of the audit log, and the hashes that
// are stored with it.
type Leaf struct {
	Seq    int64
	Leaf   []byte
	Hashes []byte
}

// Leaves returns the leaves of the audit log from seq on, at most n, in order,
// without what opens them.
func (t *Tx) Leaves(seq int64, n int) ([]Leaf, error) {
	return list(t, func(row func(...any) error) (l Leaf, err error) {
		err = row(&l.Seq, &l.Leaf, &l.Hashes)
		return l, err
	}, `SELECT seq, leaf, hashes FROM audit WHERE seq >= $1 ORDER BY seq LIMIT $2`, seq, n)
}
