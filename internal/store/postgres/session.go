package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"limen/errs"
)

// serverLock is the advisory lock of the one limen server of a database:
// "limen" in ASCII. Advisory locks are a database's own.
const serverLock = 0x6c696d656e

// lockPatience is how long a starting server waits for the lock: a session
// whose process was killed keeps it until the server has noticed, which takes
// milliseconds where the operating system says so.
const lockPatience = 3 * time.Second

// writerSession makes a new connection fit to write: its server is checked, it
// waits for every commit, and, for a server, it holds the server's lock. The
// lock is on the writer's own session, so a connection that is lost can write
// no more once another server has the lock, and a new one is no writer before
// it has it. A connection that does not pass is closed.
func writerSession(locks bool, patience time.Duration) func(context.Context, *pgx.Conn) error {
	return func(ctx context.Context, c *pgx.Conn) error {
		s, err := readSettings(ctx, c)
		if err == nil {
			err = s.refuse()
		}
		if err == nil {
			err = s.harden(ctx, c)
		}
		if err == nil && locks {
			err = lock(ctx, c, patience)
		}
		if err != nil {
			return errors.Join(err, c.Close(ctx))
		}
		return nil
	}
}

// lock takes the server's lock, or returns an Unavailable error (code
// "data-locked") when another limen has it for longer than patience. The lock
// ends with the session, however it ends.
func lock(ctx context.Context, c *pgx.Conn, patience time.Duration) error {
	for end := time.Now().Add(patience); ; {
		var got bool
		if err := c.QueryRow(ctx, "SELECT pg_try_advisory_lock($1)", serverLock).Scan(&got); err != nil || got {
			return err
		}
		if time.Now().After(end) {
			return errs.Retry(time.Second, "data-locked", "another limen is using this database")
		}
		time.Sleep(50 * time.Millisecond)
	}
}
