package app

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"limen/audit"
	"limen/biometric"
	"limen/decision"
	"limen/errs"
	"limen/gallery"
	"limen/internal/store"
	"limen/internal/store/pgtest"
	"limen/internal/store/sqlite"
	"limen/manifest"
	"limen/retention"
	"limen/travel"
)

// aviary is an installation in which everything of a person is a canary, with
// the canaries that are let fly, by what they are.
type aviary struct {
	*site
	server *pgtest.Server // nil on SQLite
	rng    *rand.Rand
	made   []biometric.Sample // what the engine handed out
	out    *bytes.Buffer      // the program's log
	backup string
	flying []perch
}

// perch is what is kept of one person in one class.
type perch struct {
	class     retention.Class
	due       time.Time
	voyage    travel.VoyageID
	passenger travel.PassengerID
	traveler  travel.TravelerID
	encounter travel.EncounterID
	names     []string // surname, given names, document number, officer's reason
	samples   []biometric.Sample
	keys      []string // ids of the data keys
	named     bool     // the names are of the class, not only the image
}

func newAviary(t *testing.T) *aviary {
	t.Helper()
	var server *pgtest.Server
	if onPostgres() {
		server = pgtest.StartOwn(t, pgtest.Options{}) // its files are this test's alone
	}
	a := &aviary{site: newSiteOn(t, server), server: server, rng: rand.New(rand.NewPCG(20261123, 5)), out: &bytes.Buffer{}, backup: t.TempDir()}
	a.log = slog.New(slog.NewJSONHandler(a.out, &slog.HandlerOptions{Level: slog.LevelDebug}))
	a.reopen()
	return a
}

func (a *aviary) reopen() {
	a.t.Helper()
	a.restart()
	a.Engine = pictured{made: &a.made}
}

// letters is a word that nobody has.
func (a *aviary) letters(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = "BCDFGHJKLMNPQRSTVWXZ"[a.rng.IntN(20)]
	}
	return string(b)
}

// perch lets an alien board a voyage of today, be captured and be decided on.
func (a *aviary) perch(class retention.Class) perch {
	a.t.Helper()
	n, day := len(a.flying), travel.DayOf(a.clock)
	p := perch{class: class, names: []string{a.letters(14), a.letters(12), a.letters(9), "reason " + a.letters(12)}}
	who := person(0, "GBR")
	who.Surname, who.GivenNames, who.Documents[0].Number = p.names[0], p.names[1], p.names[2]
	if class == retention.CrossingResident {
		card := who.Documents[0]
		card.Type, card.Number, card.Issuer = travel.Resident, a.letters(9), "USA"
		who.Documents = append(who.Documents, card)
	}
	before := len(a.made)
	r := a.send(manifest.Message{Reference: fmt.Sprint("M", n), Function: manifest.Original, Passengers: []manifest.Passenger{who}, Legs: []travel.Leg{{Carrier: "ZZ", Number: fmt.Sprint(100 + n),
		From: "BGR", To: "KEF", Departure: travel.LocalTime{Day: day, Minute: 23 * 60}, Arrival: travel.LocalTime{Day: day.AddDays(1), Minute: 300}}}})
	p.voyage, p.passenger, p.traveler = r.Voyage, r.Passengers[0].ID, r.Passengers[0].Traveler
	if _, err := a.AddReference(a.t.Context(), a.carrier, p.passenger, gallery.VisaPhoto, fmt.Appendf(nil, "face %d 0", n)); err != nil {
		a.t.Fatal(err)
	}
	p.encounter = a.meet(p.voyage)
	a.look(p.encounter, 1, fmt.Sprintf("dark %d 1", n))
	out := decision.Referred
	if class == retention.CrossingNonimmigrant || class == retention.CrossingResident {
		out = decision.Departed
	}
	if _, err := a.Decide(a.t.Context(), a.officer, p.encounter, Ruling{Outcome: out, Passenger: p.passenger, Reason: p.names[3]}); err != nil {
		a.t.Fatal(err)
	}
	p.samples = a.made[before:len(a.made):len(a.made)]
	a.classify(&p)
	a.flying = append(a.flying, p)
	return p
}

// imagesOnly are the classes that an image alone can have.
var imagesOnly = []retention.Class{retention.CitizenImage, retention.Unresolved, retention.AlienImage, retention.VoyageGallery, retention.SystemOfRecordImage}

// classify gives what is kept of a person the class, as a jurisdiction's rules
// would: the image that, and the names if the class is one of records.
func (a *aviary) classify(p *perch) {
	a.t.Helper()
	p.due, p.named = due(p.class, a.clock), !slices.Contains(imagesOnly, p.class)
	if p.class == retention.VoyageGallery {
		p.due = a.sealed(string(p.passenger))[0].Due // by the voyage's end
	}
	err := a.store.Write(a.t.Context(), func(tx *store.Tx) error {
		if err := tx.Reclassify(string(p.encounter), p.class, p.due, a.clock); err != nil || !p.named {
			return err
		}
		was, err := tx.Passenger(p.passenger)
		if err != nil {
			return err
		}
		if was.Class == p.class {
			p.due = was.Due // the path gave it that
		}
		was.Class, was.Due = p.class, p.due
		if err := tx.PutPassenger(*was); err != nil {
			return err
		}
		if err := tx.KeepEncounter(p.encounter, p.class, p.due); err != nil {
			return err
		}
		return tx.KeepTraveler(p.traveler, p.class, p.due)
	})
	if err != nil {
		a.t.Fatal(err)
	}
	if err := a.drain(a.t.Context()); err != nil { // the keys of the classes before
		a.t.Fatal(err)
	}
	for _, i := range a.sealed(string(p.encounter)) {
		p.keys = append(p.keys, i.KeyID)
	}
	if p.named {
		p.keys = append(p.keys, read(a.site, func(tx *store.Tx) (*store.Passenger, error) { return tx.Passenger(p.passenger) }).KeyID,
			read(a.site, func(tx *store.Tx) (*store.Traveler, error) { return tx.Traveler(p.traveler) }).KeyID,
			read(a.site, func(tx *store.Tx) (*store.Encounter, error) { return tx.Encounter(p.encounter) }).KeyID)
	}
}

// seen is what can be read of a person through the store: of the class's image
// and template, and of the class's names.
func (a *aviary) seen(p perch) (images, names int) {
	a.t.Helper()
	for _, i := range a.sealed(string(p.encounter)) {
		opened, err := a.store.Unseal(a.t.Context(), i)
		if err == nil && len(opened.Image) > 100 && len(opened.Template) > 100 {
			images++
		}
	}
	if v := read(a.site, func(tx *store.Tx) (*store.Passenger, error) { return tx.Passenger(p.passenger) }); v != nil && v.Listed.Surname == p.names[0] {
		names++
	}
	if v := read(a.site, func(tx *store.Tx) (*store.Traveler, error) { return tx.Traveler(p.traveler) }); v != nil && v.Person.Surname == p.names[0] {
		names++
	}
	if v := read(a.site, func(tx *store.Tx) (*decision.Decision, error) { return tx.Decision(p.encounter) }); v != nil && v.Reason == p.names[3] {
		names++
	}
	return images, names
}

// forms are the ways in which a canary may stand in bytes: as it is, as UTF-16,
// in hexadecimal, in base64 wherever it begins. Capitals and small letters are
// the same, except in base64.
func forms(secret string) (folded, exact []string) {
	wide := utf16.Encode([]rune(secret))
	var little, big []byte
	for _, u := range wide {
		little, big = append(little, byte(u), byte(u>>8)), append(big, byte(u>>8), byte(u))
	}
	folded = []string{string(fold([]byte(secret))), string(fold(little)), string(fold(big)), hex.EncodeToString([]byte(secret))}
	for _, s := range []string{secret, string(fold([]byte(secret)))} {
		for skip := range 3 { // the first and last characters depend on what is around
			e := base64.StdEncoding.EncodeToString(append(make([]byte, skip), s...))
			e = strings.TrimRight(e, "=")
			e = e[min(len(e)-8, skip+1) : len(e)-1]
			exact = append(exact, e, strings.NewReplacer("+", "-", "/", "_").Replace(e))
		}
	}
	return append(folded, hex.EncodeToString(fold([]byte(secret)))), exact
}

// fold returns b with small letters for capitals, and every other byte as it is.
func fold(b []byte) []byte {
	out := bytes.Clone(b)
	for i, c := range out {
		if c >= 'A' && c <= 'Z' {
			out[i] += 'a' - 'A'
		}
	}
	return out
}

// secretsOf are the canaries of a person, each with what it is.
func (a *aviary) secretsOf(p perch) map[string]string {
	a.t.Helper()
	out := map[string]string{}
	for secret, what := range secrets(a.t, p.samples) {
		if !strings.Contains(what, "beginning") {
			out[secret] = string(p.class) + ": " + what
		}
	}
	for i, n := range p.names {
		out[n] = string(p.class) + ": " + []string{"surname", "given names", "document number", "reason"}[i]
	}
	return out
}

// needles are forms of canaries by their first bytes, so that a file is read
// once for all of them.
type needles map[[6]byte][][2]string

func (n needles) add(form, what string) {
	k := [6]byte([]byte(form))
	n[k] = append(n[k], [2]string{form, what})
}

func (n needles) in(b []byte) (found []string) {
	for i := 0; i+6 <= len(b); i++ {
		for _, f := range n[[6]byte(b[i:])] {
			if bytes.HasPrefix(b[i:], []byte(f[0])) {
				found = append(found, f[1])
			}
		}
	}
	return found
}

// hunt searches every byte that the installation left: each file of the data
// folder and of more, the program's log, the metrics, the exported audit log. It returns what it found, and where.
func (a *aviary) hunt(secrets map[string]string, more ...string) (found []string, searched map[string]int) {
	a.t.Helper()
	searched = map[string]int{}
	small, exact := needles{}, needles{}
	for secret, what := range secrets {
		folded, same := forms(secret)
		for _, f := range folded {
			small.add(f, what)
		}
		for _, f := range same {
			exact.add(f, what+" in base64")
		}
	}
	look := func(where string, b []byte) {
		searched[where] = len(b)
		for _, what := range append(small.in(fold(b)), exact.in(b)...) {
			found = append(found, what+" in "+where)
		}
	}
	for _, dir := range append(more, a.dir) {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			b, err := os.ReadFile(path)
			look(filepath.Base(filepath.Dir(path))+"/"+d.Name(), b)
			return err
		})
		if err != nil {
			a.t.Fatal(err)
		}
	}
	look("log", a.out.Bytes())
	scrape := httptest.NewRecorder()
	a.Metrics.Handler().ServeHTTP(scrape, httptest.NewRequest("GET", "/metrics", nil))
	look("metrics", scrape.Body.Bytes())
	look("audit export", a.export())
	return found, searched
}

// export is the audit log as others get it.
func (a *aviary) export() []byte {
	a.t.Helper()
	var out bytes.Buffer
	w := audit.NewWriter(&out, "limen.example/test")
	for _, e := range read(a.site, func(tx *store.Tx) ([]store.LogEntry, error) { return tx.Log(0, 1<<20) }) {
		if err := w.Leaf(e.Leaf, e.Hashes); err != nil {
			a.t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		a.t.Fatal(err)
	}
	return out.Bytes()
}

// copyTo makes a copy of the database as a backup does, and one as of a disk
// that is pulled out: file by file.
func (a *aviary) copyTo(name string) {
	a.t.Helper()
	dir := filepath.Join(a.backup, name)
	if a.server != nil {
		if err := a.server.Exec(a.t.Context(), "postgres", "CHECKPOINT"); err != nil {
			a.t.Fatal(err)
		}
		if err := os.CopyFS(dir, os.DirFS(a.server.DataDir())); err != nil {
			a.t.Fatal(err)
		}
		return
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		a.t.Fatal(err)
	}
	db, err := sql.Open("sqlite", sqlite.URI(filepath.Join(a.dir, sqlite.File))+"?mode=ro")
	if err != nil {
		a.t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`VACUUM INTO $1`, filepath.Join(dir, "backup.db")); err != nil {
		a.t.Fatal(err)
	}
	for _, f := range []string{"limen.db", "limen.db-wal"} {
		b, err := os.ReadFile(filepath.Join(a.dir, f))
		if err != nil {
			a.t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, f), b, 0o600); err != nil {
			a.t.Fatal(err)
		}
	}
}

// serverWasSearched looks for what the server's files have in the clear, a
// voyage's id: if that is not found, nothing was looked for.
func (a *aviary) serverWasSearched() {
	a.t.Helper()
	found, _ := a.hunt(map[string]string{string(a.flying[0].voyage): "a voyage"}, a.backup)
	if !slices.ContainsFunc(found, func(f string) bool { return strings.Contains(f, "a voyage in pg_wal/") }) {
		a.t.Error("a voyage's id was not found in the server's write-ahead log")
	}
}

// TestCanaries is promise 13: of every class, image, template and names can be
// read one second before they are due, and not after the next sweep; then no
// byte of them is left, in whatever form, in the data folder, in the database
// server's files and write-ahead log, in backups made before, in logs; a hold keeps what it may keep until it is lifted; and the
// audit log verifies all the while.
func TestCanaries(t *testing.T) {
	a := newAviary(t)
	for _, r := range retention.Rules() {
		if r.Class != retention.AccessLog {
			a.perch(r.Class)
		}
	}
	heldUntil := a.clock.AddDate(100, 0, 0)
	kept := slices.IndexFunc(a.flying, func(p perch) bool { return p.class == retention.EURecord })
	a.hold("H-kept", retention.OfTraveler, string(a.flying[kept].traveler), heldUntil.Sub(a.clock))
	// A hold on a voyage with an image that may be a citizen's has no effect on it.
	a.hold("H-vain", retention.OfVoyage, string(a.flying[1].voyage), heldUntil.Sub(a.clock))
	if all := a.all(); len(all) < 10*len(a.flying) {
		t.Fatalf("only %d canaries", len(all))
	}
	a.copyTo("first")
	order := slices.Clone(a.flying)
	slices.SortStableFunc(order, func(x, y perch) int { return x.due.Compare(y.due) })
	for len(order) > 0 {
		n := 1
		for n < len(order) && order[n].due.Equal(order[0].due) {
			n++
		}
		a.leave(order[:n])
		order = order[n:]
	}
	p := a.flying[kept]
	if images, names := a.seen(p); images != 1 || names != 3 {
		t.Errorf("under a hold %d images and %d names can be read", images, names)
	}
	if _, err := a.LiftHold(t.Context(), a.officer, "H-kept", "case closed"); err != nil {
		t.Fatal(err)
	}
	a.sweep()
	a.vanished(p)
	a.clock = a.clock.AddDate(2, 0, 0)
	a.sweep()
	a.copyTo("last")
	a.nothing(a.all(), "in the end", a.backup)
	a.verified()
}

// all are the canaries of everybody.
func (a *aviary) all() map[string]string {
	out := map[string]string{}
	for _, p := range a.flying {
		for s, what := range a.secretsOf(p) {
			out[s] = what
		}
	}
	return out
}

// leave moves the clock past an instant at which classes are due, and checks
// both sides of it.
func (a *aviary) leave(ps []perch) {
	a.t.Helper()
	a.clock = ps[0].due.Add(-time.Second)
	a.sweep()
	for _, p := range ps {
		if images, names := a.seen(p); images != 1 || p.named && names != 3 {
			a.t.Errorf("%s: one second before it is due %d images and %d names can be read", p.class, images, names)
		}
	}
	a.clock = ps[0].due
	a.sweep()
	gone, names := map[string]string{}, ""
	for _, p := range ps {
		if p.class == retention.EURecord { // which is held
			continue
		}
		a.vanished(p)
		names += " " + string(p.class)
		for s, what := range a.secretsOf(p) {
			if p.named || !strings.Contains(strings.Join(p.names, "\n"), s) {
				gone[s] = what
			}
		}
	}
	a.nothing(gone, "after"+names)
	a.verified()
}

// vanished checks that of a person nothing of a class can be read or found.
func (a *aviary) vanished(p perch) {
	a.t.Helper()
	images, names := a.seen(p)
	if images != 0 || p.named && names != 0 {
		a.t.Errorf("%s: after it was due %d images and %d names can be read", p.class, images, names)
	}
	for _, id := range p.keys {
		if _, err := a.keys.Key(a.t.Context(), id); errs.CodeOf(err) != "data-key" {
			a.t.Errorf("%s: a data key that opens what is in the backup is there: %v", p.class, err)
		}
	}
}

// nothing checks that no canary is found anywhere.
func (a *aviary) nothing(secrets map[string]string, when string, more ...string) {
	a.t.Helper()
	found, searched := a.hunt(secrets, more...)
	if len(found) != 0 {
		a.t.Errorf("%s: %s", when, strings.Join(found, "; "))
	}
	must := []string{filepath.Base(a.dir) + "/keys.db", "log", "metrics", "audit export"}
	switch {
	case a.server != nil && len(more) > 0:
		a.serverWasSearched()
	case a.server != nil:
	case len(more) == 0:
		must = append(must, filepath.Base(a.dir)+"/limen.db")
	default:
		must = append(must, "first/backup.db", "first/limen.db-wal", "last/backup.db")
	}
	for _, where := range must {
		if n, was := searched[where]; !was || n == 0 && where != "log" {
			a.t.Errorf("%s: %s was not searched, only %v", when, where, searched)
		}
	}
	if n := searched[filepath.Base(a.dir)+"/limen.db-wal"]; n != 0 {
		a.t.Errorf("%s: %d bytes are left in the write-ahead log", when, n)
	}
}

// What officers write in the open, purposes and the reasons of holds, goes a
// year after what it speaks of, from the free space of the database, too.
func TestPurposesGo(t *testing.T) {
	a := newAviary(t)
	if a.server != nil {
		t.Skip("a purpose is not sealed, and a server keeps deleted rows in its files until it needs the room: run on SQLite")
	}
	written := map[string]string{}
	word := func(what string) string {
		w := what + " " + a.letters(12+a.rng.IntN(100))
		written[w] = what
		return w
	}
	for range 4 {
		p := a.perch(retention.Listing)
		reason := word("hold's reason")
		h := retention.Hold{ID: fmt.Sprint("H", len(written)), Subject: retention.Subject{Kind: retention.OfEncounter, ID: string(p.encounter)}, Owner: word("owner"), Reason: reason, Until: a.clock.Add(time.Hour)}
		if _, err := a.PlaceHold(t.Context(), a.officer, h); err != nil {
			t.Fatal(err)
		}
		for n := range 100 {
			var err error
			switch n % 4 {
			case 0:
				_, err = a.Evidence(t.Context(), a.officer, audit.Purpose(word("evidence")), p.encounter)
			case 1:
				_, err = a.Readiness(t.Context(), a.officer, audit.Purpose(word("readiness")), p.voyage)
			case 2:
				_, err = a.ReferenceImage(t.Context(), a.officer, audit.Purpose(word("image")), p.passenger)
			case 3:
				_, _, err = a.Leads(t.Context(), a.officer, audit.Purpose(word("leads")), LeadQuery{})
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if _, err := a.LiftHold(t.Context(), a.officer, h.ID, audit.Purpose(word("lifting"))); err != nil {
			t.Fatal(err)
		}
	}
	if found, _ := a.hunt(written); len(found) < len(written) {
		t.Fatalf("of %d words %d are found: the search is blind", len(written), len(found))
	}
	a.clock = a.clock.AddDate(1, 1, 0) // listings are gone
	a.sweep()
	a.clock = a.clock.AddDate(0, 11, 0)
	a.sweep()
	if open := len(read(a.site, func(tx *store.Tx) ([]store.Opening, error) { return tx.Openings(endOfTime, store.Opening{}, 1000) })); open < 400 {
		t.Errorf("%d openings are left before their time", open)
	}
	a.clock = a.clock.AddDate(0, 2, 0)
	a.sweep()
	if found, _ := a.hunt(written); len(found) != 0 {
		t.Errorf("%d of %d words are found, such as %s", len(found), len(written), found[0])
	}
	a.verified()
}

// TestTheHuntFinds plants a canary in each form where it must be found.
func TestTheHuntFinds(t *testing.T) {
	a := newAviary(t)
	secret := "QXVCanaryZ"
	upper := strings.ToUpper(secret)
	var wide []byte
	for _, u := range utf16.Encode([]rune(upper)) {
		wide = append(wide, byte(u), byte(u>>8))
	}
	for i, form := range []string{secret, upper, strings.ToLower(secret), string(wide), hex.EncodeToString([]byte(secret)), strings.ToUpper(hex.EncodeToString([]byte(secret))),
		base64.StdEncoding.EncodeToString([]byte("a" + secret + "b")), base64.URLEncoding.EncodeToString([]byte("ab" + secret)), base64.RawStdEncoding.EncodeToString([]byte("abc" + strings.ToLower(secret)))} {
		if err := os.WriteFile(filepath.Join(a.backup, "planted"), []byte("before "+form+" behind"), 0o600); err != nil {
			t.Fatal(err)
		}
		if found, _ := a.hunt(map[string]string{secret: "it"}, a.backup); len(found) == 0 {
			t.Errorf("form %d is not found: %q", i, form)
		}
	}
}

// images counts what can be read of images and templates of a passenger and an
// encounter, in the store or in memory.
func (s *site) images(p travel.PassengerID, e travel.EncounterID) (n int) {
	s.t.Helper()
	for _, subject := range []string{string(p), string(e)} {
		for _, i := range s.sealed(subject) {
			if opened, err := s.store.Unseal(s.t.Context(), i); err == nil && len(opened.Template) > 0 {
				n++
			}
		}
	}
	return n
}

// TestCitizensImagesGoThroughCrashes ends each operation that erases a
// citizen's images at every reading of the clock, which is in or before each of
// its transactions, and starts again. What is on record as done must have
// erased at once; and twelve hours after the capture nothing is left, whatever
// happened, even if the system was down all the time.
func TestCitizensImagesGoThroughCrashes(t *testing.T) {
	ctx := context.Background()
	for name, op := range map[string]struct {
		do   func(s *site, v travel.VoyageID, p travel.PassengerID, e travel.EncounterID) error
		done func(s *site, v travel.VoyageID, e travel.EncounterID) bool
	}{
		"leaves": {func(s *site, v travel.VoyageID, p travel.PassengerID, e travel.EncounterID) error {
			_, err := s.TakeCapture(ctx, s.gate, e, "capture-of-leave", []byte("face 0 3"))
			return err
		}, func(s *site, v travel.VoyageID, e travel.EncounterID) bool { return len(s.crossings(v)) == 1 }},
		"leaves by an officer": {func(s *site, v travel.VoyageID, p travel.PassengerID, e travel.EncounterID) error {
			_, err := s.Decide(ctx, s.officer, e, Ruling{Outcome: decision.Departed, Passenger: p, Reason: "seen"})
			return err
		}, func(s *site, v travel.VoyageID, e travel.EncounterID) bool { return len(s.crossings(v)) == 1 }},
		"declines": {func(s *site, v travel.VoyageID, p travel.PassengerID, e travel.EncounterID) error {
			return s.OptOut(ctx, s.gate, e)
		}, nil},
		"does not come": {func(s *site, v travel.VoyageID, p travel.PassengerID, e travel.EncounterID) error {
			return s.CloseVoyage(ctx, s.carrier, v)
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			for n := 1; crashCitizen(t, n, op.do, op.done); n++ {
				if n > 60 {
					t.Fatal("it never ends")
				}
			}
		})
	}
}

// crashCitizen crashes at the n-th reading of the clock; false if the operation
// reads it less often.
func crashCitizen(t *testing.T, n int, do func(*site, travel.VoyageID, travel.PassengerID, travel.EncounterID) error, done func(*site, travel.VoyageID, travel.EncounterID) bool) (crashed bool) {
	t.Helper()
	s := newSite(t)
	v, ps := s.board("USA")
	e := s.meet(v)
	s.look(e, 1, "dark 0 1")
	captured := s.clock
	if s.images(ps[0], e) != 2 {
		t.Fatalf("%d images at the beginning", s.images(ps[0], e))
	}
	count := n
	s.tick = func() {
		if count--; count == 0 {
			panic("crash")
		}
	}
	func() {
		defer func() { crashed = recover() != nil }()
		if err := do(s, v, ps[0], e); err != nil {
			t.Fatal(err)
		}
	}()
	s.tick = nil
	s.restart()
	if done != nil && done(s, v, e) && s.images(ps[0], e) != 0 {
		t.Errorf("crash %d: the crossing is on record, and %d images are left", n, s.images(ps[0], e))
	}
	if !crashed && done != nil && !done(s, v, e) {
		t.Errorf("without a crash nothing was recorded")
	}
	if err := s.App.Close(); err != nil { // and down for the rest of the time
		t.Fatal(err)
	}
	s.clock = captured.Add(12 * time.Hour)
	s.start()
	if left := s.sealed(string(e)); len(left) != 0 {
		t.Errorf("crash %d: 12 hours after the capture %d captures are left", n, len(left))
	}
	s.clock = captured.Add(24 * time.Hour)
	s.sweep()
	if left := s.images(ps[0], e); left != 0 {
		t.Errorf("crash %d: 12 hours after the voyage %d images are left", n, left)
	}
	return crashed
}

// TestGalleriesDoNotLink is promise 14 from end to end: one traveler's same
// photograph in two voyages' galleries leaves, in the whole database, two sealed
// items that share no key, no subject, no id and no block of bytes.
func TestGalleriesDoNotLink(t *testing.T) {
	s := newSite(t)
	var items [2][]store.Item
	var who [2]travel.TravelerID
	for i, to := range []travel.Port{"KEF", "LHR"} {
		l := leg("BGR", to)
		l.Number = fmt.Sprint(101 + i)
		_, ps := s.voyage(l, "GBR")
		who[i] = read(s, func(tx *store.Tx) (*store.Passenger, error) { return tx.Passenger(ps[0]) }).Traveler
		items[i] = s.sealed(string(ps[0]))
	}
	if who[0] != who[1] || len(items[0]) != 1 || len(items[1]) != 1 {
		t.Fatalf("not one traveler in two galleries: %v, %d, %d", who, len(items[0]), len(items[1]))
	}
	a, b := items[0][0], items[1][0]
	if a.KeyID == b.KeyID || a.Subject == b.Subject || a.ID == b.ID {
		t.Errorf("shared: %+v %+v", a, b)
	}
	if bytes.Contains(b.Template, a.Template[:8]) || len(a.Template) != len(b.Template) {
		t.Error("the templates begin alike, or differ in length")
	}
	blocks := map[string]bool{}
	for _, x := range [][]byte{a.Image, a.Template} {
		for i := 0; i+8 <= len(x); i++ {
			blocks[string(x[i:i+8])] = true
		}
	}
	for _, x := range [][]byte{b.Image, b.Template} {
		for i := 0; i+8 <= len(x); i++ {
			if blocks[string(x[i:i+8])] {
				t.Fatalf("eight bytes at %d are the same", i)
			}
		}
	}
}
