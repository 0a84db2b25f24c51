package backup_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"limen/errs"
	"limen/internal/backup"
)

var whole = backup.Manifest{Format: backup.Format, Made: time.Date(2026, 11, 23, 15, 4, 5, 0, time.UTC), File: "limen.db", Bytes: 4096,
	SHA256: strings.Repeat("0a", 32), Schema: 2, Leaves: 61, Checkpoint: "limen/0123\n61\nAAAA\n"}

func TestManifestIsReadAsWritten(t *testing.T) {
	got, err := backup.ParseManifest(whole.Encode())
	if err != nil || got != whole {
		t.Errorf("%+v %v", got, err)
	}
	for name, change := range map[string]func(*backup.Manifest){
		"another file":       func(m *backup.Manifest) { m.File = "../keys.db" },
		"no bytes":           func(m *backup.Manifest) { m.Bytes = 0 },
		"a short digest":     func(m *backup.Manifest) { m.SHA256 = m.SHA256[2:] },
		"no digest":          func(m *backup.Manifest) { m.SHA256 = strings.Repeat("x", 64) },
		"no schema":          func(m *backup.Manifest) { m.Schema = 0 },
		"fewer than none":    func(m *backup.Manifest) { m.Leaves = -1 },
		"too many":           func(m *backup.Manifest) { m.Leaves = 1 << 60 },
		"no time":            func(m *backup.Manifest) { m.Made = time.Time{} },
		"half a second":      func(m *backup.Manifest) { m.Made = m.Made.Add(time.Second / 2) },
		"a long checkpoint":  func(m *backup.Manifest) { m.Checkpoint = strings.Repeat("x", 2000) },
		"a longer one still": func(m *backup.Manifest) { m.Checkpoint = strings.Repeat("x", 20000) },
	} {
		m := whole
		change(&m)
		if _, err := backup.ParseManifest(m.Encode()); errs.CodeOf(err) != "backup-manifest" {
			t.Errorf("%s: %v", name, err)
		}
	}
	other := whole
	other.Format = "limen-backup-v2"
	_, err = backup.ParseManifest(other.Encode())
	wantCode(t, err, "backup-format")
	for _, b := range [][]byte{nil, []byte("{}"), append(whole.Encode(), ' '), bytes.Replace(whole.Encode(), []byte(`"bytes"`), []byte(`"Bytes"`), 1)} {
		if _, err := backup.ParseManifest(b); err == nil {
			t.Errorf("taken: %s", b)
		}
	}
}

// FuzzParseManifest: whatever is taken is exactly what Encode writes.
func FuzzParseManifest(f *testing.F) {
	f.Add(whole.Encode())
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := backup.ParseManifest(b)
		if err != nil {
			if m != (backup.Manifest{}) {
				t.Errorf("%+v beside %v", m, err)
			}
			return
		}
		if !bytes.Equal(m.Encode(), b) || filepath.Base(m.File) != m.File {
			t.Errorf("%q was read as %+v", b, m)
		}
	})
}

// The corpus is not empty, and some of it is taken.
func TestFuzzCorpus(t *testing.T) {
	files, err := filepath.Glob("testdata/fuzz/FuzzParseManifest/*")
	if err != nil || len(files) < 3 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		if b, err := os.ReadFile(f); err != nil || !bytes.HasPrefix(b, []byte("go test fuzz v1\n")) {
			t.Error(f, err)
		}
	}
}
