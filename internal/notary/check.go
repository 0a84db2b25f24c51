package notary

import (
	"bytes"
	"context"
	"time"

	"limen/audit"
	"limen/internal/store"
)

// batch is how many leaves are read at a time.
const batch = 1000

// check holds the log against the latest checkpoint in the store, and every
// leaf after it against its stored hashes.
func (n *Notary) check(tx *store.Tx) error {
	latest, err := tx.LatestCheckpoint()
	if err != nil {
		return err
	}
	if latest != nil {
		if n.last, err = audit.OpenCheckpoint(latest.Note, n.key.Verifiers()); err != nil {
			return altered("its latest checkpoint: %w", err)
		}
		if n.last.Size != latest.Size {
			return altered("its latest checkpoint is of %d leaves, but is kept as one of %d", n.last.Size, latest.Size)
		}
		n.note = latest.Note
	}
	now, err := grown(tx, n.last, n.key.Origin())
	if err != nil {
		return err
	}
	tree, err := audit.OpenTree(n.last.Size, audit.Stored(tx.LogHashes))
	if err != nil {
		return damaged(err)
	}
	if err := rehash(tx, tree); err != nil {
		return err
	}
	if tree.Size() != now.Size {
		return altered("it is said to have %d leaves, and has %d", now.Size, tree.Size())
	}
	return nil
}

// rehash adds the leaves after a tree to it, as long as they are what their
// stored hashes are of.
func rehash(tx *store.Tx, tree *audit.Tree) error {
	for {
		leaves, err := tx.Leaves(tree.Size(), batch)
		if err != nil {
			return err
		}
		for _, l := range leaves {
			index, hashes := tree.Append(l.Leaf)
			if l.Seq != index {
				return altered("%w", missing(index))
			}
			if !bytes.Equal(hashes, l.Hashes) {
				return altered("%w", audit.BadIndex{Index: index, Until: index, Reason: "the leaf is not the one that its stored hashes are of"})
			}
		}
		if len(leaves) < batch {
			return nil
		}
	}
}

func missing(index int64) audit.BadIndex {
	return audit.BadIndex{Index: index, Until: index, Reason: "the leaf is missing"}
}

// checkOpenings holds what opens the leaves that are not signed yet against
// them.
func (n *Notary) checkOpenings(ctx context.Context) error {
	_, err := Openings(ctx, n.Store, n.last.Size, n.Now(), nil)
	if bad, is := asBad(err); is {
		return altered("%w", bad)
	}
	return err
}

// Opened says how many leaves were held against what opens them.
type Opened struct {
	Good   int64 // the entry is the one that the leaf commits to
	Erased int64 // the opening, or the key of its detail, is gone when its time was over
}

// Openings holds what opens each leaf from the given one on against the leaf.
// The error is an audit.BadIndex for the first that is another entry's, or that
// is gone before its time.
func Openings(ctx context.Context, st *store.Store, from int64, now time.Time, progress func(done int64)) (o Opened, err error) {
	for {
		var log []store.LogEntry
		if err := st.Read(ctx, func(tx *store.Tx) (err error) { log, err = tx.Log(from, batch); return err }); err != nil {
			return o, err
		}
		for _, e := range log {
			if why := o.add(e, now); why != "" {
				return o, audit.BadIndex{Index: e.Seq, Until: e.Seq, Reason: why}
			}
			from = e.Seq + 1
		}
		if progress != nil {
			progress(from)
		}
		if len(log) < batch {
			return o, nil
		}
	}
}

// add counts an opening, or says what is wrong with it.
func (o *Opened) add(e store.LogEntry, now time.Time) string {
	leaf, err := audit.ParseLeaf(e.Leaf)
	switch {
	case err != nil:
		return err.Error()
	case !e.Opened && (e.Due.IsZero() || e.Due.After(now)):
		return "what opens the leaf is gone before its time"
	case !e.Opened || e.Sealed:
		o.Erased++
	case !leaf.Opens(e.Salt, e.Entry):
		return "the entry is not what the leaf was made of"
	default:
		o.Good++
	}
	return ""
}
