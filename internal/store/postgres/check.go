package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"limen/errs"
)

// settings are what a session of ours gets from the server, after what the
// server's files, the database and the role say.
type settings struct {
	version  int // 150004 is 15.4
	encoding string
	standby  bool
	readOnly string
	values   map[string]string // of the settings in unsafe
}

const oldest = 150000

// unsafe are the settings under which a commit that was acknowledged can be
// lost, or a page altered without a word.
//
// Source: PostgreSQL 15 documentation, 20.5.1 (fsync, synchronous_commit,
// full_page_writes), 20.13 (data_sync_retry), 20.17 (zero_damaged_pages).
var unsafe = []struct{ name, bad, good, why string }{
	{"fsync", "off", "on", "a power cut could lose or destroy the record"},
	{"full_page_writes", "off", "on", "a power cut could leave half-written pages in the record"},
	{"synchronous_commit", "off", "on", "a crash could lose a crossing that was acknowledged"},
	{"data_sync_retry", "on", "off", "a failed sync would be tried again and believed, though the data may be lost"},
	{"zero_damaged_pages", "on", "off", "a damaged page would be emptied without a word"},
}

// readSettings asks for them in one query; a setting that the server does not
// know is "".
func readSettings(ctx context.Context, c *pgx.Conn) (s settings, err error) {
	names, values := make([]string, len(unsafe)), []string{}
	for i, u := range unsafe {
		names[i] = u.name
	}
	err = c.QueryRow(ctx, `SELECT current_setting('server_version_num')::int, current_setting('server_encoding'), pg_is_in_recovery(),
		current_setting('transaction_read_only'), ARRAY(SELECT coalesce(current_setting(n, true), '') FROM unnest($1::text[]) WITH ORDINALITY AS u(n, i) ORDER BY i)`,
		names).Scan(&s.version, &s.encoding, &s.standby, &s.readOnly, &values)
	if err != nil {
		return s, err
	}
	s.values = map[string]string{}
	for i, v := range values {
		s.values[names[i]] = v
	}
	return s, nil
}

// refuse returns why nothing may be recorded on such a server, or nil. Broken
// errors: "store-version", "store-unsafe", "store-encoding", "store-read-only".
func (s settings) refuse() error {
	if s.version < oldest {
		return errs.New(errs.Broken, "store-version", "the PostgreSQL server is version %d.%d; limen needs %d or newer",
			s.version/10000, s.version%10000, oldest/10000)
	}
	for _, u := range unsafe {
		if s.values[u.name] == u.bad {
			return errs.New(errs.Broken, "store-unsafe", "PostgreSQL has %[1]s %[2]s, and %[4]s: set %[1]s = %[3]s in postgresql.conf, and look for another value with ALTER DATABASE and ALTER ROLE",
				u.name, u.bad, u.good, u.why)
		}
	}
	if s.encoding != "UTF8" {
		return errs.New(errs.Broken, "store-encoding", "the database's encoding is %s: make one with CREATE DATABASE … TEMPLATE template0 ENCODING 'UTF8'", s.encoding)
	}
	if s.standby || s.readOnly == "on" {
		return errs.New(errs.Broken, "store-read-only", "the database takes no writes: the address must be that of the primary server, and default_transaction_read_only must be off")
	}
	return nil
}

// harden makes a session of ours wait for each commit whatever the server's
// files, the database or the role say later: synchronous_commit is on, or
// remote_apply where that was asked for. The lesser values "local" and
// "remote_write" are not refused but raised to on: where no synchronous
// standby is configured all of them mean the same, a flush to the local disk,
// and where one is, a commit waits until the standby has flushed it too.
func (s settings) harden(ctx context.Context, c *pgx.Conn) error {
	if s.values["synchronous_commit"] == "remote_apply" {
		return exec(ctx, c, "SET synchronous_commit = remote_apply")
	}
	return exec(ctx, c, "SET synchronous_commit = on")
}

func exec(ctx context.Context, c *pgx.Conn, statement string) error {
	_, err := c.Exec(ctx, statement)
	return err
}
