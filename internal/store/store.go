// Package store is the record: the portable SQL layer over database/sql that
// both engines share. It has no clock, makes no ids and decides nothing; every
// write happens inside one transaction that the caller composes.
//
// What names a person, every image and every template is sealed on its way in
// (Vault): the database, its logs and its backups hold nothing of them that
// outlives its data key.
package store

import (
	"context"
	"errors"
	"sync"
	"time"

	"limen/errs"
	"limen/internal/seal"
)

// Vault seals what the store may not hold in the clear.
type Vault interface {
	// Mint makes a durable data key and returns its id.
	Mint(ctx context.Context) (keyID string, err error)
	// Seal encrypts plain under a data key, bound to c.
	Seal(ctx context.Context, keyID string, c seal.Context, plain []byte) ([]byte, error)
	// Open decrypts what Seal made; NotFound (code "data-key") if the key was
	// destroyed.
	Open(ctx context.Context, keyID string, c seal.Context, sealed []byte) ([]byte, error)
	// Index is a keyed digest by which a document can be found.
	Index(fields ...string) []byte
}

// Store is an open store. It is safe for concurrent use: reads run beside each
// other and beside the one writer.
type Store struct {
	engine Engine
	vault  Vault

	requests chan *request
	writer   chan *writer // the one there is, while nobody has it
	closing  chan struct{}
	stopped  chan struct{}
	stopOnce sync.Once
	endOnce  sync.Once // of Close
	ended    error     // set by Close
	cause    error     // set before stopped is closed
}

// New returns a store over an engine. Without a vault nothing that names a
// person can be written or read: for administration.
func New(e Engine, v Vault) *Store {
	s := &Store{engine: e, vault: v, requests: make(chan *request), writer: make(chan *writer, 1), closing: make(chan struct{}), stopped: make(chan struct{})}
	s.writer <- &writer{Store: s}
	return s
}

// Stopped is closed when the state of the store is unknown after an error of
// the disk or of a commit. The process must end then, at once and without
// closing anything: what start-up finds on the disk is the truth. Err says why.
func (s *Store) Stopped() <-chan struct{} { return s.stopped }

// Err returns why the store stopped, or nil.
func (s *Store) Err() error {
	select {
	case <-s.stopped:
		return s.cause
	default:
		return nil
	}
}

// Stop stops the store because of an error found elsewhere that says the same:
// what the disk holds is not known.
func (s *Store) Stop(err error) { _ = s.stop(err) }

// stop refuses everything from now on.
func (s *Store) stop(err error) error {
	s.stopOnce.Do(func() {
		s.cause = errs.New(errs.Broken, "store-stopped", "the store failed and its state is unknown; the program must end and be started again: %w", err)
		close(s.stopped)
	})
	return s.cause
}

// Close ends the writer and closes the store; no call may be running. After a
// stop it closes nothing: a sync that failed must not be tried again.
func (s *Store) Close() error {
	s.endOnce.Do(func() {
		close(s.closing)
		w := <-s.writer // whoever has it is at work for a moment yet
		w.disconnect()
		if s.Err() == nil {
			s.ended = s.engine.Close()
		}
	})
	return s.ended
}

// Read runs fn on one unchanging state of the store.
func (s *Store) Read(ctx context.Context, fn func(*Tx) error) error {
	if err := s.Err(); err != nil {
		return err
	}
	tx, err := s.engine.Reader().BeginTx(ctx, s.engine.ReadOptions())
	if err != nil {
		return s.fault(err)
	}
	defer tx.Rollback() // does nothing after a commit
	t := &Tx{ctx: ctx, q: tx, store: s}
	if err := fn(t); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return s.fault(err)
	}
	return nil
}

// fault classifies an error of the database. The cause is kept for logs; SQL
// errors quote no values.
func (s *Store) fault(err error) error {
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return canceled(err)
	case s.engine.Fault(err) == Stop:
		return s.stop(err)
	case s.engine.Fault(err) == Away:
		return errs.Retry(time.Second, "store-away", "the store cannot be reached: %w", err)
	}
	return errs.New(errs.Broken, "store", "the store failed: %w", err)
}

func canceled(err error) error {
	return errs.Retry(time.Second, "store-canceled", "the store did not answer in time: %w", err)
}
