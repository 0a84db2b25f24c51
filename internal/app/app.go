// Package app wires the domain packages to the store, the keys and the engine,
// and does what gates, carriers and officers ask: one method an operation.
//
// Each method checks the scope of who asks, does its work in one transaction,
// and leaves the store as it was when it returns an error.
package app

import (
	"context"
	"errors"
	"log/slog"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"limen/capture"
	"limen/decision"
	"limen/errs"
	"limen/gallery"
	"limen/internal/bus"
	"limen/internal/notary"
	"limen/internal/obs"
	"limen/internal/seal"
	"limen/match"
	"limen/policy"
	"limen/travel"
)

// Config is what an App needs. Engine and Calibration must be of one model.
type Config struct {
	// Dir is the data folder; it is made if absent.
	Dir string
	// Store is the URL of a PostgreSQL database, postgres://…; "" is SQLite in
	// Dir.
	Store string
	// KEK is the file of the key-encryption keyset, "" for kek in Dir, or the
	// URI of a key in a key service. Passphrase opens the file; nil if it has
	// none.
	KEK        string
	Passphrase func() ([]byte, error)
	// AuditKey is the file of the key that signs checkpoints of the audit log,
	// "" for audit.key in Dir. Witness is where they are pushed to: a folder or
	// a URL, "" for nowhere.
	AuditKey, Witness string
	// Version is the program's, for the audit log.
	Version string
	// Ports are the ports of entry and departure of this installation, each
	// with the zone of its calendar days.
	Ports map[travel.Port]*time.Location
	// Domestic are the other ports of the same country: a leg between two ports
	// of the country crosses no border.
	Domestic []travel.Port
	// Policy are the published rule sets, nil for those of the program.
	// Jurisdiction is whose law holds here, "" for that of the United States.
	Policy       *policy.Book
	Jurisdiction policy.Jurisdiction
	// Now is the clock; nil is time.Now.
	Now         func() time.Time
	Engine      match.Engine
	Calibration *match.Calibration
	// FPIR is the wished false positive identification rate of a search.
	FPIR       float64
	Captures   capture.Limits
	References gallery.Limits
	Rules      decision.Rules
	// AnswerWithin bounds how long a capture waits for a free core before the
	// lane is told to send the traveler to an officer.
	AnswerWithin time.Duration
	Log          *slog.Logger
}

// Defaults fills what a Config leaves open, except the engine and its
// calibration.
func (c Config) Defaults() Config {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.FPIR == 0 {
		c.FPIR = 0.003 // NIST's paperless-travel operating point
	}
	if c.Captures == (capture.Limits{}) {
		c.Captures = capture.Defaults()
	}
	if c.References == (gallery.Limits{}) {
		c.References = gallery.Defaults()
	}
	if c.Rules == (decision.Rules{}) {
		c.Rules = decision.Defaults()
	}
	if c.AnswerWithin == 0 {
		c.AnswerWithin = 2 * time.Second
	}
	if c.Policy == nil {
		c.Policy = policy.Default()
	}
	if c.Jurisdiction == "" {
		c.Jurisdiction = policy.US
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return c
}

// App is a running system. It is safe for concurrent use.
type App struct {
	Config
	office
	Metrics *obs.Metrics
	Changed bus.Bus

	keys   *seal.FileKeys
	notary *notary.Notary
	closed chan struct{}

	mu        sync.Mutex
	galleries map[travel.VoyageID]*gallery.Gallery
	// lanes serializes what concerns one encounter; voyages what changes both
	// the references on record and the gallery in memory, so that the two never
	// part. A goroutine that needs both takes lanes first.
	lanes, voyages keyedLock
	// draining has one key: whoever destroys data keys, a batch at a time.
	draining keyedLock
	// flagging and linking have one key: whoever raises overstays or compares
	// departures.
	flagging, linking keyedLock
	departed          chan struct{} // wakes Attend
	counted           struct {      // travelers on record; of linking
		n  int
		at time.Time
	}
	stuck map[string]bool // data keys whose rows could not be deleted, until the next sweep
	// unscrubbed says that the store's files may still hold what was erased.
	unscrubbed atomic.Bool
	// enrolling bounds how many cores references may keep from the lanes.
	enrolling chan struct{}
}

// Open opens the data folder, finishes what a crash may have left undone, and
// returns an App. Errors: Conflict (code "policy-changed") if a rule set is not
// what it was when published; Invalid (code "calibration-model") if engine and
// calibration are of different models; those of the store, the keys and the
// notary.
func Open(ctx context.Context, c Config) (*App, error) {
	c = c.Defaults()
	if c.Engine == nil || c.Calibration == nil || c.Engine.Model() != c.Calibration.Model() {
		return nil, errs.New(errs.Invalid, "calibration-model", "the calibration file is for another model than the engine's: measure one, or choose the one that belongs to it")
	}
	if len(c.Ports) == 0 {
		return nil, errs.New(errs.Invalid, "ports", "at least one port of entry or departure is needed")
	}
	st, keys, err := openRecord(ctx, c)
	if err != nil {
		return nil, err
	}
	a := &App{Config: c, office: office{st, c.Now}, Metrics: obs.NewMetrics(), keys: keys, closed: make(chan struct{}), departed: make(chan struct{}, 1),
		galleries: map[travel.VoyageID]*gallery.Gallery{}, enrolling: make(chan struct{}, max(1, runtime.GOMAXPROCS(0)-1))}
	go a.stopTogether()
	if err := a.begin(ctx); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

// begin holds the audit log against what was signed before anything is added,
// notes a new configuration and new rule sets in it, and recovers.
func (a *App) begin(ctx context.Context) error {
	if err := a.openNotary(ctx); err != nil {
		return err
	}
	if err := a.publishRules(ctx); err != nil {
		return err
	}
	changed, err := a.noteConfiguration(ctx)
	if err != nil {
		return err
	}
	if changed {
		if err := a.rescope(ctx); err != nil {
			return err
		}
	}
	if err := a.logOldLeads(ctx); err != nil {
		return err
	}
	return a.recover(ctx)
}

// recover finishes the erasures that a crash cut between an item and its key,
// and erases what fell due while the system was down.
func (a *App) recover(ctx context.Context) error {
	err := errors.Join(a.drain(ctx), a.Sweep(ctx))
	if errs.CodeOf(err) == erasuresStuck {
		return nil // logged and counted, and no reason to keep the lanes closed
	}
	return err
}

// today is the calendar day at a port.
func (a *App) today(p travel.Port) travel.Day { return travel.DayOf(a.Now().In(a.zone(p))) }

// zone is that of a port of this installation.
func (a *App) zone(p travel.Port) *time.Location {
	if z := a.Ports[p]; z != nil {
		return z
	}
	return time.UTC
}

func newID() string { return uuid.Must(uuid.NewV7()).String() }

// keyedLock serializes what has one key. Waiting ends with the context.
type keyedLock struct {
	mu    sync.Mutex
	turns map[string]*turn
}

type turn struct {
	taken chan struct{} // holds one token while somebody has the lock
	users int
}

// lock waits for the key and returns how to give it back, or an Unavailable
// error (code "busy") when ctx ends before.
func (k *keyedLock) lock(ctx context.Context, key string) (unlock func(), err error) {
	k.mu.Lock()
	if k.turns == nil {
		k.turns = map[string]*turn{}
	}
	t := k.turns[key]
	if t == nil {
		t = &turn{taken: make(chan struct{}, 1)}
		k.turns[key] = t
	}
	t.users++
	k.mu.Unlock()
	select {
	case t.taken <- struct{}{}:
		return func() { <-t.taken; k.leave(key, t) }, nil
	case <-ctx.Done():
		k.leave(key, t)
		return nil, errs.Retry(time.Second, "busy", "another request about the same voyage or encounter, or an erasure, is not done yet")
	}
}

func (k *keyedLock) leave(key string, t *turn) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if t.users--; t.users == 0 {
		delete(k.turns, key)
	}
}
