package latched

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
)

// Make puts the database in the file path, which dsn names, into write-ahead
// mode, if the file is empty or a copy that is not in it. SQLite, left to it,
// syncs the new header, and if that fails rolls back and syncs again: here it is
// told not to, and the file is synced once. No connection to the database may be
// open in this process.
//
// What a crash leaves: the file as it was, or in write-ahead mode; after a power
// cut in between a copy may have to be made again.
func Make(ctx context.Context, dsn, path string) error {
	if is, err := inWAL(path); err != nil || is {
		return err
	}
	l := &Latch{}
	db := l.Open(dsn)
	db.SetMaxOpenConns(1)
	_, err := db.ExecContext(ctx, `PRAGMA synchronous=OFF`)
	if err == nil {
		err = WAL(ctx, db)
	}
	if err = errors.Join(err, db.Close()); err != nil {
		return err
	}
	// SQLite's locks are the process's: its connections are closed by now.
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// inWAL reads the file format versions of a database's header.
//
// Source: SQLite file format, section 1.3 (offsets 18 and 19).
func inWAL(path string) (bool, error) {
	f, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer f.Close()
	head := make([]byte, 20)
	if _, err := io.ReadFull(f, head); err != nil {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return false, nil
		}
		return false, err
	}
	return head[18] == 2 && head[19] == 2, nil
}

// WAL puts a database into write-ahead mode if it is not.
func WAL(ctx context.Context, db *sql.DB) error {
	var mode string
	if err := db.QueryRowContext(ctx, `PRAGMA journal_mode(WAL)`).Scan(&mode); err != nil {
		return err
	}
	if mode != "wal" {
		return fmt.Errorf("the journal mode is %s, not wal", mode)
	}
	return nil
}
