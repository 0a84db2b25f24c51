package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

// scrubPatience is how long, in milliseconds, a scrub may hold up writers while
// it waits for readers.
const scrubPatience = "200"

// Scrub moves the write-ahead log into the database, where secure_delete has
// overwritten what is gone, and empties the log, where it has not.
func (e *engine) Scrub(ctx context.Context) (err error) {
	c, err := e.reader.Conn(ctx) // the writer's connection is in use; query_only allows a checkpoint
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	if _, err := c.ExecContext(ctx, `PRAGMA busy_timeout(`+scrubPatience+`)`); err != nil {
		return err
	}
	err = truncateLog(ctx, c)
	_, back := c.ExecContext(context.WithoutCancel(ctx), `PRAGMA busy_timeout(10000)`)
	return errors.Join(err, back)
}

func truncateLog(ctx context.Context, c *sql.Conn) error {
	var busy, logged, moved int
	if err := c.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &logged, &moved); err != nil {
		return err
	}
	if busy != 0 {
		return errBusy
	}
	return nil
}

var errBusy = errors.New("the write-ahead log is being read")

func isBusy(err error) bool {
	var failed *sqlite.Error
	return errors.Is(err, errBusy) || errors.As(err, &failed) && (failed.Code()&0xff == lib.SQLITE_BUSY || failed.Code()&0xff == lib.SQLITE_LOCKED)
}
