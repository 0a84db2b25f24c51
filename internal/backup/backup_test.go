package backup_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"limen/audit"
	"limen/errs"
	"limen/gallery"
	"limen/internal/backup"
	"limen/internal/check/checktest"
	"limen/internal/notary"
	"limen/internal/seal"
	"limen/internal/store"
	"limen/internal/store/sqlite"
	"limen/retention"
	"limen/travel"
)

func makeBackup(t *testing.T, s *checktest.Site, to string) backup.Made {
	t.Helper()
	m, err := backup.Make(t.Context(), backup.Options{Data: s.Dir, To: to, Now: s.Clock})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// moved is a data folder on a new machine: the keys, and no store.
func moved(t *testing.T, s *checktest.Site) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"keys.db", "kek", notary.KeyFile} {
		b, err := os.ReadFile(filepath.Join(s.Dir, name))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil || os.WriteFile(filepath.Join(dir, name), b, 0o600) != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func options(s *checktest.Site, from, dir string) backup.RestoreOptions {
	return backup.RestoreOptions{Backup: from, Settle: backup.SettleOptions{Keys: seal.Config{Dir: dir}, AuditKey: filepath.Join(dir, notary.KeyFile),
		Now: func() time.Time { return s.Clock }}}
}

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	if errs.CodeOf(err) != code {
		t.Errorf("%v, want %s", err, code)
	}
}

// While people cross, a backup is made; restored, it is the record of that
// moment, verified to its last leaf.
func TestBackupWhileServing(t *testing.T) {
	s := checktest.New(t, "")
	checktest.HistoryWith(s, func() {})
	s.Start()
	v, _ := s.Passengers(travel.Exit, 50, "GBR", "DEU", "FRA", "ITA", "JPN")
	to := t.TempDir()
	crossing := make(chan bool)
	go func() {
		defer close(crossing)
		for _, face := range []string{"face 50 1", "face 51 1", "face 52 1", "face 53 1", "face 54 1"} {
			s.Meet(v, face)
		}
	}()
	m := makeBackup(t, s, to)
	<-crossing
	s.Stop()
	if m.Manifest.Schema < 2 || m.Manifest.Leaves < 60 || m.Manifest.Checkpoint == "" {
		t.Errorf("%+v", m.Manifest)
	}
	dir := moved(t, s)
	r, err := backup.Restore(t.Context(), options(s, m.Dir, dir))
	if err != nil {
		t.Fatal(err, r.Check)
	}
	if r.Check == nil || r.Check.Total != 0 || r.Leaves != m.Manifest.Leaves || r.Settled.Records != 0 {
		t.Errorf("%+v", r)
	}
	names, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range names {
		if !slices.Contains([]string{"limen.db", "keys.db", "keys.db-wal", "keys.db-shm", "kek", "audit.key", "lock"}, n.Name()) {
			t.Errorf("left in the data folder: %s", n.Name())
		}
	}
	s.Dir = dir // it serves
	s.Start()
	s.Meet(v, "face 99 1")
	_, err = backup.Restore(t.Context(), options(s, m.Dir, dir))
	wantCode(t, err, "data-locked")
	s.Stop()
	_, err = backup.Restore(t.Context(), options(s, m.Dir, dir))
	wantCode(t, err, "restore-there")
}

// TestErasedStaysErased is the canary of promise 15: what was erased after the
// backup was made is in no byte of backup and restored folder, and does not
// open; what is there still does.
func TestErasedStaysErased(t *testing.T) {
	s := checktest.New(t, "")
	var m backup.Made
	checktest.HistoryWith(s, func() { m = makeBackup(t, s, t.TempDir()) }) // 2010; by 2026 a resident's crossing is erased
	held := sealedIn(t, m.Dir, forever)
	if held < 6 {
		t.Fatalf("only %d sealed values in the backup", held)
	}
	dir := moved(t, s)
	r, err := backup.Restore(t.Context(), options(s, m.Dir, dir))
	if err != nil {
		t.Fatalf("%v: %+v", err, r.Check)
	}
	if r.Settled.Records == 0 || r.Settled.Items == 0 {
		t.Errorf("nothing was erased again: %+v", r.Settled)
	}
	if left := sealedIn(t, dir, s.Clock); left != 0 {
		t.Errorf("%d sealed values of 2010 are left", left)
	}
	for _, folder := range []string{m.Dir, dir} {
		for _, canary := range []string{checktest.Surname, checktest.Officer, checktest.Reason, "CANARYGIVEN", "P0000040", "R0000040"} {
			scan(t, folder, canary)
		}
		scan(t, folder, "\xff\xd8\xff") // the start of a JPEG
	}
}

// A hold that the backup knows of, and that was lifted since, keeps nothing that
// was erased after it was lifted.
func TestLiftedHoldKeepsNothing(t *testing.T) {
	s := checktest.New(t, "")
	var m backup.Made
	checktest.HistoryWith(s, func() {
		s.Start()
		for i, e := range []string{"encounter-001", "encounter-002"} {
			_, err := s.PlaceHold(t.Context(), s.Officer, retention.Hold{ID: "lifted" + strconv.Itoa(i), Subject: retention.Subject{Kind: retention.OfEncounter, ID: e},
				Owner: "records office", Reason: "inquiry", Until: s.Clock.AddDate(50, 0, 0)})
			if err != nil {
				t.Fatal(err)
			}
		}
		s.Stop()
		m = makeBackup(t, s, t.TempDir())
		s.Start()
		for i := range 2 {
			if _, err := s.LiftHold(t.Context(), s.Officer, "lifted"+strconv.Itoa(i), "end of the inquiry"); err != nil {
				t.Fatal(err)
			}
		}
		s.Stop()
	})
	dir := moved(t, s)
	r, err := backup.Restore(t.Context(), options(s, m.Dir, dir))
	if err != nil {
		t.Fatalf("%v: %+v", err, r.Check)
	}
	if left := sealedIn(t, dir, s.Clock); left != 0 {
		t.Errorf("%d sealed values are left", left)
	}
}

const dueBy = `SELECT (SELECT count(*) FROM travelers WHERE due <= $1) + (SELECT count(*) FROM passengers WHERE due <= $1)
	+ (SELECT count(*) FROM sealed WHERE due <= $1)`

// forever is when all is due.
var forever = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// sealedIn counts what is sealed in a store and due by a time. What a
// nonimmigrant did in 2010 is not, for it is kept for 75 years.
func sealedIn(t *testing.T, dir string, by time.Time) (n int) {
	t.Helper()
	copied := t.TempDir()
	b, err := os.ReadFile(filepath.Join(dir, sqlite.File))
	if err != nil || os.WriteFile(filepath.Join(copied, sqlite.File), b, 0o600) != nil {
		t.Fatal(err)
	}
	st, err := sqlite.Open(t.Context(), copied, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	err = st.Read(t.Context(), func(tx *store.Tx) error {
		return tx.Rows(func(scan func(...any) error) error { return scan(&n) },
			dueBy, by.UnixMicro())
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// What is not erased opens after a restore; images and templates that went
// after the backup, of a citizen who left and of one who declined, do not, and
// are in no byte of it in the clear.
func TestImagesErasedAfterwards(t *testing.T) {
	s := checktest.New(t, "")
	s.Clock = time.Date(2026, 11, 20, 15, 0, 0, 0, time.UTC)
	v, ps := s.Passengers(travel.Exit, 0, "GBR", "USA", "JPN")
	s.Meet(v, "face 0 1")             // an alien has left
	declines := s.Meet(v, "dark 2 1") // will decline
	s.Stop()
	canaries := plain(t, s)
	m := makeBackup(t, s, t.TempDir())
	s.Start()
	s.Meet(v, "face 1 1") // the citizen leaves: the portrait goes
	if err := s.OptOut(t.Context(), s.Gate, declines); err != nil {
		t.Fatal(err)
	}
	s.Stop()
	dir := moved(t, s)
	r, err := backup.Restore(t.Context(), options(s, m.Dir, dir))
	if err != nil || r.Settled.Items != 2 || r.Settled.Records != 0 {
		t.Fatalf("%v: %+v", err, r)
	}
	s.Dir = dir
	if got := plain(t, s); len(got) != len(canaries)-2*2 || len(got) == 0 {
		t.Errorf("%d images and templates open, of %d", len(got), len(canaries))
	}
	s.Open(func(st *store.Store, _ *seal.FileKeys) {
		err := st.Read(t.Context(), func(tx *store.Tx) error {
			p, err := tx.Passenger(ps[1])
			if err == nil && (p == nil || p.Erased || p.Readiness != gallery.Erased) {
				t.Errorf("the citizen: %+v", p)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
	for _, folder := range []string{m.Dir, dir} {
		for _, canary := range canaries {
			scan(t, folder, canary[len(canary)-48:])
		}
	}
}

// plain opens every image and template of a store.
func plain(t *testing.T, s *checktest.Site) (all []string) {
	t.Helper()
	s.Open(func(st *store.Store, _ *seal.FileKeys) {
		var items []store.Item
		err := st.Read(t.Context(), func(tx *store.Tx) (err error) { items, err = tx.AllItems(); return err })
		for _, i := range items {
			var open store.Item
			if open, err = st.Unseal(t.Context(), i); err != nil {
				break
			}
			all = append(all, string(open.Image), string(open.Template))
		}
		if err != nil {
			t.Fatal(err)
		}
	})
	return all
}

func scan(t *testing.T, dir, canary string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if bytes.Contains(b, []byte(canary)) {
			t.Errorf("%q is in %s", canary, filepath.Base(path))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Keys that are older than the record do not make it look erased.
func TestOldKeysAreRefused(t *testing.T) {
	s := checktest.New(t, "")
	old := filepath.Join(t.TempDir(), "keys.db")
	checktest.HistoryWith(s, func() {
		s.Open(func(_ *store.Store, keys *seal.FileKeys) {
			if err := keys.CopyTo(t.Context(), old); err != nil {
				t.Fatal(err)
			}
		})
	})
	m := makeBackup(t, s, t.TempDir())
	dir := moved(t, s)
	if err := os.Rename(old, filepath.Join(dir, "keys.db")); err != nil {
		t.Fatal(err)
	}
	_, err := backup.Restore(t.Context(), options(s, m.Dir, dir))
	wantCode(t, err, "keys-old")
	noStore(t, dir)
}

func noStore(t *testing.T, dir string) {
	t.Helper()
	if _, err := os.Stat(filepath.Join(dir, sqlite.File)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a store has its final name: %v", err)
	}
}

func TestKeysComeFromTheirCopy(t *testing.T) {
	s := checktest.New(t, "")
	checktest.History(s)
	m := makeBackup(t, s, t.TempDir())
	kept := filepath.Join(t.TempDir(), "copy.db")
	s.Open(func(_ *store.Store, keys *seal.FileKeys) {
		if err := keys.CopyTo(t.Context(), kept); err != nil {
			t.Fatal(err)
		}
	})
	dir := t.TempDir()
	_, err := backup.Restore(t.Context(), options(s, m.Dir, dir))
	wantCode(t, err, "restore-no-keys")
	o := options(s, m.Dir, dir)
	o.KeysFrom, o.Settle.Keys.KEK = kept, filepath.Join(s.Dir, "kek")
	if r, err := backup.Restore(t.Context(), o); err != nil {
		t.Errorf("%v: %+v", err, r.Check)
	}
}

// Every byte of a backup counts.
func TestAlteredBackupIsRefused(t *testing.T) {
	s := checktest.New(t, "")
	checktest.History(s)
	m := makeBackup(t, s, t.TempDir())
	dir := moved(t, s)
	file := filepath.Join(m.Dir, sqlite.File)
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, broken := range [][]byte{append(slices.Clone(b), 0), b[:len(b)-1], flipped(b, len(b)/2), nil} {
		if err := os.WriteFile(file, broken, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := backup.Restore(t.Context(), options(s, m.Dir, dir))
		wantCode(t, err, "backup-altered")
		noStore(t, dir)
	}
	_, err = backup.Restore(t.Context(), options(s, t.TempDir(), dir))
	wantCode(t, err, "backup-read")
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := backup.Restore(t.Context(), options(s, m.Dir, dir)); err != nil { // what those left is no hindrance
		t.Error(err)
	}
}

func flipped(b []byte, i int) []byte {
	b = slices.Clone(b)
	b[i] ^= 1
	return b
}

// A record that was altered before it was copied is not put in place, unless
// somebody says so.
func TestViolationsKeepItOut(t *testing.T) {
	s := checktest.New(t, "")
	checktest.History(s)
	breakIt(t, s.Dir)
	m := makeBackup(t, s, t.TempDir())
	dir := moved(t, s)
	o := options(s, m.Dir, dir)
	r, err := backup.Restore(t.Context(), o)
	wantCode(t, err, "restore-violations")
	noStore(t, dir)
	if r.Check == nil || r.Check.Total != 1 || r.Check.Violations[0].Rule != "crossing-outbox" {
		t.Errorf("%+v", r.Check)
	}
	o.Settle.Despite = true
	if _, err := backup.Restore(t.Context(), o); err != nil {
		t.Error(err)
	}
}

func TestGenerations(t *testing.T) {
	s := checktest.New(t, "")
	s.Stop()
	to := filepath.Join(t.TempDir(), "backups")
	var last backup.Made
	for range 5 {
		s.Clock = s.Clock.Add(time.Hour)
		var err error
		if last, err = backup.Make(t.Context(), backup.Options{Data: s.Dir, To: to, Keep: 3, Now: s.Clock}); err != nil {
			t.Fatal(err)
		}
	}
	names, err := backup.Generations(to)
	if err != nil || !slices.Equal(names, []string{"limen-20100301T180000Z", "limen-20100301T190000Z", "limen-20100301T200000Z"}) || len(last.Removed) != 1 {
		t.Errorf("%v %v, removed %v", names, err, last.Removed)
	}
	_, err = backup.Make(t.Context(), backup.Options{Data: s.Dir, To: to, Now: s.Clock})
	wantCode(t, err, "backup-exists")
	_, err = backup.Make(t.Context(), backup.Options{Data: t.TempDir(), To: to, Now: s.Clock})
	wantCode(t, err, "backup-source")
	// What a crash left goes, and is in nobody's way.
	left := filepath.Join(to, ".limen-backup.new")
	if err := errors.Join(os.Mkdir(left, 0o700), os.WriteFile(filepath.Join(left, "limen.db"), []byte("half"), 0o600)); err != nil {
		t.Fatal(err)
	}
	s.Clock = s.Clock.Add(time.Hour)
	if _, err := backup.Make(t.Context(), backup.Options{Data: s.Dir, To: to, Now: s.Clock}); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(left); !errors.Is(err, fs.ErrNotExist) {
		t.Error("what a crash left is there still")
	}
}

// The witness knows how many entries a restore loses, and somebody must say
// that it is known.
func TestLossIsAccepted(t *testing.T) {
	s := checktest.New(t, "")
	s.Stop()
	place := t.TempDir()
	notarize(t, s, place)
	m := makeBackup(t, s, t.TempDir())
	s.Write(func(tx *store.Tx) error {
		for range 4 {
			if err := tx.Audit(audit.Entry{At: s.Clock, Actor: "k", Action: "access", Subject: "leads", Purpose: "test"}); err != nil {
				return err
			}
		}
		return nil
	})
	notarize(t, s, place)
	dir := moved(t, s)
	o := options(s, m.Dir, dir)
	o.Settle.Witness = place
	r, err := backup.Restore(t.Context(), o)
	wantCode(t, err, "restore-loss")
	if !strings.Contains(err.Error(), "4 entries are lost") || r.Lost != 4 {
		t.Errorf("%v, %+v", err, r)
	}
	noStore(t, dir)
	o.Settle.Reason, o.Settle.By = "the disk burned", "A. Keeper"
	if r, err = backup.Restore(t.Context(), o); err != nil || r.Lost != 4 {
		t.Fatalf("%v, %+v", err, r)
	}
	s.Dir = dir
	notarize(t, s, place) // the witness agrees again
}

// notarize signs the log as it is, for the witness as well.
func notarize(t *testing.T, s *checktest.Site, place string) {
	t.Helper()
	w, err := notary.OpenWitness(place)
	if err != nil {
		t.Fatal(err)
	}
	s.Open(func(st *store.Store, _ *seal.FileKeys) {
		n, err := notary.Open(t.Context(), notary.Config{Store: st, KeyFile: filepath.Join(s.Dir, notary.KeyFile), Witness: w, Now: func() time.Time { return s.Clock }})
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- n.Run(ctx) }()
		for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
			var size int64
			_ = st.Read(t.Context(), func(tx *store.Tx) (err error) { size, _, err = tx.LogSize(); return err })
			b, err := w.Latest(t.Context())
			if err == nil && b != nil && strings.Contains(string(b), "\n"+itoa(size)+"\n") {
				break
			}
		}
		stop()
		<-done
	})
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// breakIt takes a row out of the outbox behind limen's back.
func breakIt(t *testing.T, dir string) {
	t.Helper()
	db, err := sql.Open("sqlite", sqlite.URI(filepath.Join(dir, sqlite.File)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`DELETE FROM outbox WHERE seq = (SELECT max(seq) FROM outbox)`); err != nil || db.Close() != nil {
		t.Fatal(err)
	}
}
