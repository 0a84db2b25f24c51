package audit

import (
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// Inclusion returns the proof that leaf index is in the tree of the first size
// leaves: at most log₂ size hashes, read from r.
func Inclusion(r tlog.HashReader, index, size int64) ([]tlog.Hash, error) {
	if index < 0 || index >= size || size > MaxSize {
		return nil, fmt.Errorf("a log of %d leaves has no leaf %d", size, index)
	}
	return tlog.ProveRecord(size, index, r)
}

// Consistency returns the proof that the tree of the first from leaves is the
// beginning of the tree of the first to leaves. From nothing, or to the same
// size, it is empty.
func Consistency(r tlog.HashReader, from, to int64) ([]tlog.Hash, error) {
	if from < 0 || from > to || to > MaxSize {
		return nil, fmt.Errorf("a log does not grow from %d leaves to %d", from, to)
	}
	if from == 0 {
		return []tlog.Hash{}, nil
	}
	return tlog.ProveTree(to, from, r)
}

// CheckConsistency returns nil if proof shows that the log at later begins
// with the log at earlier, and an error that says what does not agree.
func CheckConsistency(proof []tlog.Hash, earlier, later Checkpoint) error {
	empty := (&Tree{}).Root()
	switch {
	case earlier.Origin != later.Origin:
		return errors.New("the two checkpoints are of different logs")
	case earlier.Size < 0 || earlier.Size > later.Size || later.Size > MaxSize:
		return fmt.Errorf("a log does not grow from %d leaves to %d", earlier.Size, later.Size)
	case earlier.Size == 0 && earlier.Root != empty || later.Size == 0 && later.Root != empty:
		return errors.New("a log without leaves has not the root of one")
	case earlier.Size == later.Size && earlier.Root != later.Root:
		return fmt.Errorf("the log's key has signed two different logs of %d leaves: a fork", later.Size)
	case earlier.Size == 0 && len(proof) != 0:
		return errors.New("growth from nothing needs no proof, but one is given")
	case earlier.Size == 0:
		return nil
	}
	if tlog.CheckTree(proof, later.Size, later.Root, earlier.Size, earlier.Root) != nil {
		return fmt.Errorf("the log of %d leaves does not begin with the log of %d leaves, or the proof is not theirs", later.Size, earlier.Size)
	}
	return nil
}

// ConsistencyProof is a Consistency proof as JSON, with the sizes it is for.
type ConsistencyProof struct {
	From  int64       `json:"from"`
	To    int64       `json:"to"`
	Proof []tlog.Hash `json:"proof"`
}

// Verify returns nil if p shows that the log at later begins with the log at
// earlier, and an error that says what does not agree.
func (p ConsistencyProof) Verify(earlier, later Checkpoint) error {
	if p.From != earlier.Size || p.To != later.Size {
		return fmt.Errorf("the proof is for %d and %d leaves, the checkpoints are of %d and %d", p.From, p.To, earlier.Size, later.Size)
	}
	return CheckConsistency(p.Proof, earlier, later)
}
