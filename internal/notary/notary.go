package notary

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"limen/audit"
	"limen/errs"
	"limen/internal/obs"
	"limen/internal/store"
)

// When checkpoints are signed: at most Within after a leaf is durable, and
// every Idle while there are none.
const (
	Within = time.Second
	Idle   = time.Minute

	beat = 3 * Within / 4 // the rest is for reading, signing and writing
)

// Config is what a notary needs.
type Config struct {
	Store *store.Store
	// KeyFile is where the signing key is. It is made where nothing was signed
	// yet.
	KeyFile string
	// Witness holds checkpoints elsewhere; nil for none.
	Witness Witness
	// Now is the clock; nil is time.Now.
	Now     func() time.Time
	Log     *slog.Logger // nil for none
	Metrics *obs.Notary  // nil for none
}

func (c Config) defaults() Config {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Metrics == nil {
		c.Metrics = obs.NewMetrics().Notary
	}
	return c
}

// Notary signs the checkpoints of one log. It is safe for concurrent use.
type Notary struct {
	Config
	key *Key

	mu     sync.Mutex // one signature at a time
	last   audit.Checkpoint
	note   []byte    // last, signed; nil if nothing was signed yet
	signed time.Time // when this process signed last

	fresh chan []byte // the checkpoint to push next
	sent  push
}

// Open reads or makes the signing key and compares the log with the latest
// checkpoint in the store, every leaf after it with its hashes and what opens
// it, and the log with what the witness holds. The errors are those of the
// package; with one of them the log must not be continued. A witness that
// cannot be reached is compared with later, by Run.
func Open(ctx context.Context, c Config) (*Notary, error) {
	n, err := begin(ctx, c)
	if err != nil {
		return nil, err
	}
	if err := n.checkOpenings(ctx); err != nil {
		return nil, err
	}
	if n.Witness == nil {
		return n, nil
	}
	held, err := n.Witness.Latest(ctx)
	if err == nil {
		err = n.compare(ctx, held)
	}
	if errs.KindOf(err) == errs.Unavailable {
		n.Log.ErrorContext(ctx, "the audit log is not compared with its witness yet", "error", err)
		err = nil
	}
	return n, err
}

// begin is Open without the witness and what needs the data keys.
func begin(ctx context.Context, c Config) (*Notary, error) {
	n := &Notary{Config: c.defaults(), fresh: make(chan []byte, 1)}
	var latest *store.Checkpoint
	err := n.Store.Read(ctx, func(tx *store.Tx) (err error) { latest, err = tx.LatestCheckpoint(); return err })
	if err != nil {
		return nil, err
	}
	if n.key, err = n.openKey(ctx, latest != nil); err != nil {
		return nil, err
	}
	err = n.Store.Read(ctx, n.check)
	return n, err
}

// openKey reads the key, or makes one if nothing was ever signed: not in the
// store, and not at the witness.
func (n *Notary) openKey(ctx context.Context, signed bool) (*Key, error) {
	key, err := ReadKey(n.KeyFile)
	if errs.CodeOf(err) != "audit-key-missing" || signed {
		return key, err
	}
	if n.Witness != nil {
		held, away := n.Witness.Latest(ctx)
		if away != nil {
			return nil, errs.New(errs.Broken, "audit-key-missing", "there is no signing key of the audit log, and whether there ever was one cannot be asked of the witness: %w", away)
		}
		if held != nil {
			return nil, err
		}
	}
	return makeKey(n.KeyFile)
}

// Key is the log's key.
func (n *Notary) Key() *Key { return n.key }

// Run signs until ctx ends, then once more, and pushes to the witness. It
// returns nil then. It returns an error, and has stopped the store, if the log
// is not the one that was signed; and the store's if that stopped by itself.
func (n *Notary) Run(ctx context.Context) error {
	pushing, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	pushed := make(chan error, 1)
	if n.Witness != nil {
		go func() { pushed <- n.push(pushing) }()
	}
	if err := n.sign(ctx, pushed); err != nil {
		return err
	}
	within, done := context.WithTimeout(pushing, patience)
	defer done()
	if err := n.round(within, true); err != nil || n.Witness == nil {
		return err
	}
	return n.settle(within, stop, pushed)
}

// sign signs at every beat until ctx ends.
func (n *Notary) sign(ctx context.Context, pushed <-chan error) error {
	tick := time.NewTicker(beat)
	defer tick.Stop()
	for {
		if err := n.round(ctx, false); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case err := <-pushed:
			return n.alarm(err)
		case <-n.Store.Stopped():
			return n.Store.Err()
		case <-tick.C:
		}
	}
}

// settle gives the witness a moment to take the last checkpoint.
func (n *Notary) settle(ctx context.Context, stop context.CancelFunc, pushed <-chan error) error {
	tick := time.NewTicker(beat / 10)
	defer tick.Stop()
	for !n.sent.settled() {
		select {
		case err := <-pushed:
			return n.alarm(err)
		case <-ctx.Done():
			n.Log.Error("the witness does not answer; it gets the last checkpoint of the audit log after the next start")
			return nil // a call that hangs ends with the process
		case <-tick.C:
		}
	}
	stop()
	return n.alarm(<-pushed)
}

// round signs if it is time. What cannot be done now is done at the next beat.
func (n *Notary) round(ctx context.Context, last bool) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	var size int64
	err := n.Store.Read(ctx, func(tx *store.Tx) (err error) { size, _, err = tx.LogSize(); return err })
	due := size != n.last.Size || !last && (n.signed.IsZero() || n.Now().Sub(n.signed) > Idle-2*beat)
	if err == nil && size+n.last.Size > 0 && due {
		err = n.extend(ctx)
	}
	if passing(ctx, err) {
		if ctx.Err() == nil {
			n.Log.ErrorContext(ctx, "the audit log is not signed; it is tried again", "error", err)
		}
		return nil
	}
	return n.alarm(err)
}

// passing reports whether an error says nothing about the log: the store is
// away, or whoever asked has gone.
func passing(ctx context.Context, err error) bool {
	return errs.KindOf(err) == errs.Unavailable || err != nil && ctx.Err() != nil && errs.CodeOf(err) != "audit-altered"
}

// alarm ends everything: nobody may go on with a log that is not the one that
// was signed.
func (n *Notary) alarm(err error) error {
	if err == nil {
		return nil
	}
	if n.Store.Err() == nil {
		n.Metrics.Altered.Set(1)
		n.Log.Error("the audit log cannot be signed any more; limen stops", "error", err)
		n.Store.Stop(err)
	}
	return err
}
