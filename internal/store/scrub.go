package store

import "context"

// scrubber is an engine that can remove what its own files still hold of rows
// that are deleted.
type scrubber interface {
	Scrub(ctx context.Context) error
}

// Scrub removes what the engine's files still hold of deleted rows, such as
// their pages in a write-ahead log. It holds up no write for long: if others
// read, it gives way with an Unavailable error (code "store-away"), and is
// called again later. Of what was sealed nothing can be read either way.
func (s *Store) Scrub(ctx context.Context) error {
	e, can := s.engine.(scrubber)
	if err := s.Err(); err != nil || !can {
		return err
	}
	if err := e.Scrub(ctx); err != nil {
		return s.fault(err)
	}
	return nil
}
