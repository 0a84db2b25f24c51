// Package backup copies the embedded store while it serves, and makes a data
// folder of a copy again, in which what was erased stays erased.
//
// A backup is a folder named by its time, with limen.db and manifest.json. It
// has neither data keys nor the key-encryption key: without them, nobody reads
// a name or a face in it, and destroying a data key erases from every backup
// what it opened.
//
// # Why VACUUM INTO
//
// SQLite offers two ways to copy a database that is in use. VACUUM INTO reads
// one state in one read transaction, beside the writer, and writes only what
// is there: no free page that may hold what was deleted. The backup API starts
// over whenever another process writes, which a serving limen always does, and
// copies free pages as well. What VACUUM INTO costs: the write-ahead log is
// not shortened while it runs.
//
// Source: SQLite, lang_vacuum.html (VACUUM INTO), c3ref/backup_finish.html.
package backup

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"time"

	"limen/audit"
	"limen/errs"
	"limen/internal/store/sqlite"
)

// Format is the form of a backup that this build writes and reads.
const Format = "limen-backup-v1"

// ManifestFile is the name of the manifest in a backup.
const ManifestFile = "manifest.json"

// Manifest says what a backup is. It has no personal data.
type Manifest struct {
	Format string    `json:"format"`
	Made   time.Time `json:"made"` // whole seconds, UTC
	File   string    `json:"file"` // limen.db
	Bytes  int64     `json:"bytes"`
	SHA256 string    `json:"sha256"` // of the file, in hexadecimal
	Schema int64     `json:"schema"` // version of the tables
	// Leaves is the size of the audit log, Checkpoint its latest checkpoint as a
	// note, "" if none was signed yet.
	Leaves     int64  `json:"leaves"`
	Checkpoint string `json:"checkpoint"`
}

// Encode returns the manifest's file.
func (m Manifest) Encode() []byte {
	b, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		panic("backup: " + err.Error()) // strings, numbers and a time
	}
	return append(b, '\n')
}

// maxManifest bounds the bytes of a manifest.
const maxManifest = 16 << 10

// ParseManifest reads what Encode writes, and nothing else. Broken errors:
// "backup-manifest", and "backup-format" for one of another build.
func ParseManifest(b []byte) (Manifest, error) {
	bad := errs.New(errs.Broken, "backup-manifest", "the backup's manifest is damaged, or not one")
	var m Manifest
	if len(b) > maxManifest || json.Unmarshal(b, &m) != nil {
		return Manifest{}, bad
	}
	if m.Format != Format {
		return Manifest{}, errs.New(errs.Broken, "backup-format", "the backup is of another format than %s: use the build that made it", Format)
	}
	digest, err := hex.DecodeString(m.SHA256)
	switch {
	case !bytes.Equal(m.Encode(), b), err != nil, len(digest) != 32, m.File != sqlite.File,
		m.Made.IsZero(), !m.Made.Equal(m.Made.Truncate(time.Second)), m.Made.Location() != time.UTC,
		m.Bytes < 1, m.Schema < 1, m.Leaves < 0, m.Leaves > audit.MaxSize, len(m.Checkpoint) > audit.MaxCheckpoint:
		return Manifest{}, bad
	}
	return m, nil
}
