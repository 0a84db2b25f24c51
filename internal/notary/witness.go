package notary

import (
	"context"
	"io"
	"strings"
	"time"

	"limen/audit"
	"limen/errs"
)

// Witness is a second place that holds checkpoints: latest, and a history
// beside it. It is safe for concurrent use.
type Witness interface {
	// ID tells this witness from others.
	ID() string
	// Latest returns the latest checkpoint, nil if there is none yet.
	Latest(ctx context.Context) ([]byte, error)
	// Held returns every checkpoint that can be listed: of a history, and the
	// latest.
	Held(ctx context.Context, history string) ([][]byte, error)
	// Put keeps a signed checkpoint under a name of lower-case letters, digits,
	// '-' and '/', whole or not at all, and replaces what has the name.
	Put(ctx context.Context, name string, note []byte) error
}

// The names at a witness.
const (
	latestName   = "checkpoint"
	firstHistory = "history"
)

// patience is how long a witness has to answer one call.
const patience = 10 * time.Second

// OpenWitness returns the witness at a place: a folder, which must be there, or
// an http:// or https:// URL below which a server answers GET and PUT (a user
// and password may stand in it). Nothing is reached yet. An Invalid error (code
// "witness") if it is neither.
func OpenWitness(place string) (Witness, error) {
	switch {
	case strings.HasPrefix(place, "http://"), strings.HasPrefix(place, "https://"):
		return openWeb(place)
	case place == "" || strings.Contains(place, "://"):
		return nil, errs.New(errs.Invalid, "witness", "a witness is a folder or an http:// or https:// URL")
	}
	return openFolder(place)
}

// away says that a witness cannot be reached now.
func away(err error) error {
	return errs.Retry(time.Second, "witness-away", "the witness of the audit log cannot be reached: %w", err)
}

// readNote reads a checkpoint; one that is too long is none, and will not
// verify.
func readNote(r io.Reader) ([]byte, error) {
	return io.ReadAll(io.LimitReader(r, audit.MaxCheckpoint+1))
}
