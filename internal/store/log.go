package store

import (
	"time"

	"limen/audit"
	"limen/errs"
	"limen/internal/seal"
)

var auditTable = Table{Name: "audit", Columns: []Column{{"seq", "bigint"}, {"leaf", "bytea"}, {"hashes", "bytea"}, {"at", "bigint"}, {"actor", "text"},
	{"action", "text"}, {"subject", "text"}, {"purpose", "text"}, {"detail", "bytea"}, {"key_id", "text"}, {"owner", "text"}, {"salt", "bytea"}, {"due", "bigint"}}}

// Audit implements crossing.Tx: it appends an entry to the audit log. The leaf
// gets its place when the group commits, together with what it speaks of.
func (t *Tx) Audit(e audit.Entry) error {
	return t.append(entry{Entry: e})
}

func (t *Tx) append(e entry) error {
	if t.group == nil {
		return errReadOnly()
	}
	if err := e.Check(); err != nil {
		return errs.New(errs.Broken, "audit-entry", "the audit log cannot hold this entry: %w", err)
	}
	if err := checkText(e.Actor, e.Subject, e.Purpose, e.keyID, e.owner); err != nil {
		return err
	}
	t.group.pending.entries = append(t.group.pending.entries, e)
	return nil
}

// AuditSealed is Audit for an entry whose detail has personal data: it is
// sealed under the data key of owner, with which it goes.
func (t *Tx) AuditSealed(e audit.Entry, keyID, owner string) error {
	sealed, err := t.seal(keyID, detailContext(owner), e.Detail)
	if err != nil {
		return err
	}
	return t.append(entry{e, sealed, keyID, owner})
}

func detailContext(owner string) seal.Context {
	return seal.Context{Subject: owner, Class: record, Kind: "audit-detail"}
}

// LogEntry is a leaf of the audit log with what opens it.
type LogEntry struct {
	Seq    int64
	Leaf   []byte
	Hashes []byte
	// Opened says that Salt and Entry are there: they are erased when their
	// time is over. Sealed says that the detail is gone with its data key.
	Opened bool
	Sealed bool
	Salt   audit.Salt
	Entry  audit.Entry
	KeyID  string // of a sealed detail
	Owner  string
	Due    time.Time // when what opens it goes; zero if that is not known yet
}

const logColumns = `seq, leaf, hashes, at, actor, action, subject, purpose, detail, key_id, owner, salt, due`

func (t *Tx) scanLog(row func(...any) error) (e LogEntry, err error) {
	var salt []byte
	var due int64
	err = row(&e.Seq, &e.Leaf, &e.Hashes, timeColumn{&e.Entry.At}, &e.Entry.Actor, &e.Entry.Action, &e.Entry.Subject, &e.Entry.Purpose,
		&e.Entry.Detail, &e.KeyID, &e.Owner, &salt, &due)
	if err != nil {
		return e, err
	}
	e.Due = instant(max(due, -due)) // negative once it is erased
	e.Opened = copy(e.Salt[:], salt) == len(e.Salt)
	if e.KeyID != "" && e.Opened {
		e.Entry.Detail, err = t.open(e.KeyID, detailContext(e.Owner), e.Entry.Detail)
		if errs.KindOf(err) == errs.NotFound {
			e.Sealed, err = true, nil
		}
	}
	if len(e.Entry.Detail) == 0 {
		e.Entry.Detail = nil
	}
	return e, err
}

// Log returns the audit log from leaf seq on, at most n, in order.
func (t *Tx) Log(seq int64, n int) ([]LogEntry, error) {
	return list(t, t.scanLog, `SELECT `+logColumns+` FROM audit WHERE seq >= $1 ORDER BY seq LIMIT $2`, seq, n)
}

// LogOf returns what the audit log has of a subject under an action, in order.
func (t *Tx) LogOf(subject, action string) ([]LogEntry, error) {
	return list(t, t.scanLog, `SELECT `+logColumns+` FROM audit WHERE subject = $1 AND action = $2 ORDER BY seq`, subject, action)
}

// AuditEntries returns the entries of the audit log from leaf seq on that are
// not erased, at most n leaves of it, in order.
func (t *Tx) AuditEntries(seq int64, n int) (out []audit.Entry, err error) {
	log, err := t.Log(seq, n)
	for _, e := range log {
		if e.Opened {
			out = append(out, e.Entry)
		}
	}
	return out, err
}

// LogSize returns how many leaves the audit log has, and how many
// announcements the outbox.
func (t *Tx) LogSize() (size, outbox int64, err error) {
	_, err = t.one([]any{&size, &outbox}, `SELECT size, outbox FROM log_head`)
	return size, outbox, err
}

// logHashes returns the hashes column of leaves, in their order.
func (t *Tx) logHashes(leaves []int64) ([][]byte, error) {
	out := make([][]byte, len(leaves))
	for i, seq := range leaves {
		found, err := peek(t, func(row func(...any) error) (b []byte, err error) { err = row(&b); return b, err }, `SELECT hashes FROM audit WHERE seq = $1`, seq)
		if err != nil {
			return nil, err
		}
		if len(found) != 1 {
			return nil, errs.New(errs.Broken, "audit-gap", "leaf %d of the audit log is missing", seq)
		}
		out[i] = found[0]
	}
	return out, nil
}

// LogHashes returns the hashes that leaves complete, for audit.Stored.
func (t *Tx) LogHashes(leaves []int64) ([][]byte, error) { return t.logHashes(leaves) }

// Checkpoint is a signed checkpoint of the audit log, as a note.
type Checkpoint struct {
	Size int64
	At   time.Time
	Note []byte
}

func scanCheckpoint(row func(...any) error) (c Checkpoint, err error) {
	err = row(&c.Size, timeColumn{&c.At}, &c.Note)
	return c, err
}

// LatestCheckpoint returns the latest checkpoint, or nil.
func (t *Tx) LatestCheckpoint() (*Checkpoint, error) {
	return first(t, scanCheckpoint, `SELECT size, at, note FROM checkpoints ORDER BY size DESC LIMIT 1`)
}

// Checkpoints returns the checkpoints of more than size leaves, at most n, by
// size.
func (t *Tx) Checkpoints(size int64, n int) ([]Checkpoint, error) {
	return list(t, scanCheckpoint, `SELECT size, at, note FROM checkpoints WHERE size > $1 ORDER BY size LIMIT $2`, size, n)
}

// PutCheckpoint adds a checkpoint; of the same size the later one stays.
func (t *Tx) PutCheckpoint(c Checkpoint) error {
	return t.exec(`INSERT INTO checkpoints (size, at, note) VALUES ($1, $2, $3)
		ON CONFLICT (size) DO UPDATE SET at = excluded.at, note = excluded.note`, c.Size, micros(c.At), c.Note)
}

// Setting returns a setting, or "".
func (t *Tx) Setting(name string) (value string, err error) {
	_, err = t.one([]any{&value}, `SELECT value FROM settings WHERE name = $1`, name)
	return value, err
}

// PutSetting sets a setting.
func (t *Tx) PutSetting(name, value string) error {
	return t.exec(`INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, value)
}
