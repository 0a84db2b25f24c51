package postgres

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"limen/errs"
	"limen/internal/store"
)

// severed is an error of a connection on which statements were under way: what
// the server made of them is not known.
type severed struct{ err error }

func (s *severed) Error() string { return "the connection failed: " + s.err.Error() }
func (s *severed) Unwrap() error { return s.err }

// Fault implements store.Engine. A server that answers has undone what it
// refuses. One that is gone, or sends us away, has undone what was not
// committed; whether a commit was, the store does not guess. Damage stops us.
//
// Source: PostgreSQL 15 documentation, appendix A (error codes).
func (e *engine) Fault(err error) store.Fault {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return answered(pg)
	}
	var unfit *errs.Error // a new session is refused
	if errors.As(err, &unfit) {
		if unfit.Kind == errs.Unavailable {
			return store.Away
		}
		return store.Stop
	}
	if gone(err) {
		return store.Away
	}
	return store.Refused
}

// answered classifies an error that the server sent.
func answered(pg *pgconn.PgError) store.Fault {
	if pg.Severity == "FATAL" || pg.Severity == "PANIC" { // the session is over
		return store.Away
	}
	if strings.HasPrefix(pg.Code, "58") || strings.HasPrefix(pg.Code, "XX") { // the disk or a file fails; damaged data
		return store.Stop
	}
	for _, class := range []string{
		"08",    // connection exception
		"40",    // serialization failure, deadlock
		"53",    // out of disk, memory or connections
		"55P03", // lock not available
		"57",    // shutdown, or canceled by an administrator
		"58",    // a file is missing
	} {
		if strings.HasPrefix(pg.Code, class) {
			return store.Away
		}
	}
	return store.Refused
}

func gone(err error) bool {
	var cut *severed
	var connect *pgconn.ConnectError
	var network net.Error
	return errors.As(err, &cut) || errors.As(err, &connect) || errors.As(err, &network) || pgconn.SafeToRetry(err) ||
		errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}
