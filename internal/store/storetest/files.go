package storetest

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"limen/audit"
	"limen/internal/store"
	"limen/linkage"
	"limen/retention"
	"limen/stay"
	"limen/travel"
)

// filesWithoutKey: what the gate folds is the same when the key is gone that
// opens who merged two files and why.
func filesWithoutKey(d *db) {
	d.boarded()
	d.all(addFileRecord(merged("f1")))
	fold := func() *linkage.Files {
		var rs []linkage.Record
		for _, r := range d.filesOf("t2") {
			rs = append(rs, r.Record())
		}
		f, err := linkage.Current(rs)
		if err != nil {
			d.t.Fatal(err)
		}
		return f
	}
	d.same("whose file it is", fold().Of("t2"), travel.TravelerID("t1"))
	d.vault.destroy(read(d, func(tx *store.Tx) (string, error) { return tx.KeyOf("t1") }))
	d.same("without the key", fold().Of("t2"), travel.TravelerID("t1"))
	nobody := merged("f2")
	nobody.Officer = ""
	if err := d.Write(d.t.Context(), addFileRecord(nobody)); err == nil {
		d.t.Error("a merge that neither a rule nor an officer made was written")
	}
}

func (d *db) filesOf(id travel.TravelerID) []store.FileRecord {
	return read(d, func(tx *store.Tx) ([]store.FileRecord, error) { return tx.FilesOf(id) })
}

func strong(id travel.TravelerID) linkage.Match {
	return linkage.Match{Candidate: id, Strength: linkage.Strong, Evidence: []linkage.Evidence{{Field: linkage.SurnameField, Level: linkage.Same, Bits: 9.5}}}
}

// erasedInOthers: the traveler whom two were merged with goes; the two are still
// one, no row names who went, and the last of them takes everything along.
func erasedInOthers(d *db) {
	d.boarded()
	d.all(travelers("root", "a", "b", "left"))
	one := func(id linkage.RecordID, other travel.TravelerID) store.FileRecord {
		m := strong("root")
		return store.FileRecord{ID: id, Kind: store.Merged, Kept: "root", Other: other, Rule: "r", By: "rule r", At: noon, Match: &m,
			Before: []store.Stay{admitted("s1", "root", today)}}
	}
	weighed := func(id string, of ...travel.TravelerID) store.Lead {
		l := lead(id, "left", stay.PossibleMatch)
		var ms []linkage.Match
		for _, c := range of {
			ms = append(ms, strong(c))
		}
		b, err := json.Marshal(map[string]any{"matches": ms})
		if err != nil {
			d.t.Fatal(err)
		}
		l.Evidence = b
		return l
	}
	two, only := weighed("l1", "root", "b"), weighed("l2", "root")
	d.all(addFileRecord(one("f1", "a")), addFileRecord(one("f2", "b")), putLead(two), putLead(only), putLead(two))
	for subject, action := range map[string]string{"f1": "file", "f2": "file", "l1": "lead", "l2": "lead"} {
		d.write(func(tx *store.Tx) error {
			return tx.Audit(audit.Entry{At: noon, Actor: "k1", Action: action, Subject: subject, Purpose: "test", Detail: []byte(`"root"`)})
		})
	}
	erase := func(id travel.TravelerID) {
		d.t.Helper()
		d.erase(func(tx *store.Tx) error { return tx.EraseRecord(store.TravelerKind, string(id), "test", noon) })
	}
	erase("root")
	got := d.filesOf("a")
	var rs []linkage.Record
	for _, r := range got {
		rs = append(rs, r.Record())
		if !store.StandsIn(r.Kept) || len(r.Match.Evidence) > 0 || len(r.Before) > 0 {
			d.t.Errorf("what is kept of the merge: %+v", r)
		}
	}
	f, err := linkage.Current(rs)
	if err != nil || len(got) != 2 || f.Of("a") != f.Of("b") {
		d.t.Fatalf("a and b are apart: %v %+v", err, got)
	}
	l1, l2 := read(d, func(tx *store.Tx) (*store.Lead, error) { return tx.Lead("l1") }), read(d, func(tx *store.Tx) (*store.Lead, error) { return tx.Lead("l2") })
	if !l1.Open() || !strings.Contains(string(l1.Evidence), `"b"`) || l2.Open() {
		d.t.Errorf("the leads: %+v %+v", l1, l2)
	}
	d.same("entries that named her end", d.erasedOpenings(noon.Add(time.Hour)), 4)
	err = d.Read(context.Background(), func(tx *store.Tx) error {
		return tx.Rows(func(scan func(...any) error) error {
			var row string
			err := scan(&row)
			if strings.Contains(row, "root") {
				d.t.Errorf("a row still names who was erased: %s", row)
			}
			return err
		}, `SELECT kept || other || detail FROM file_records UNION ALL SELECT evidence FROM leads UNION ALL SELECT traveler FROM lead_candidates`)
	})
	d.same("reading", err, error(nil))
	for _, subject := range []string{"f1", "f2", "l1", "l2"} {
		log := read(d, func(tx *store.Tx) ([]store.LogEntry, error) {
			fs, err := tx.LogOf(subject, "file")
			ls, err2 := tx.LogOf(subject, "lead")
			if err == nil {
				err = err2
			}
			return append(fs, ls...), err
		})
		if len(log) != 1 || log[0].Due != (time.Time{}) {
			d.t.Errorf("the log says of %s: %+v", subject, log)
		}
	}
	erase("a")
	d.same("one is left", len(d.filesOf("b")), 2)
	erase("b")
	d.same("none is left", read(d, func(tx *store.Tx) (n int64, err error) {
		err = tx.Rows(func(scan func(...any) error) error { return scan(&n) }, `SELECT count(*) FROM file_records`)
		return n, err
	}), int64(0))
	d.checkLog()
}

// heldTogether: a hold on one keeps the other, with whom the evidence would go;
// and both directions agree.
func heldTogether(d *db) {
	d.boarded()
	d.all(addFileRecord(merged("f1")))
	for _, pair := range [][2]string{{"t1", "t2"}, {"t2", "t1"}} {
		held := fmt.Sprint(read(d, func(tx *store.Tx) ([]retention.Subject, error) { return tx.Related(pair[0]) }))
		if !strings.Contains(held, pair[1]) {
			d.t.Errorf("a hold on %s does not keep %s: %s", pair[1], pair[0], held)
		}
		under := read(d, func(tx *store.Tx) ([]string, error) {
			return tx.Under(retention.Subject{Kind: retention.OfTraveler, ID: pair[1]})
		})
		if !strings.Contains(fmt.Sprint(under), pair[0]) {
			d.t.Errorf("a hold on %s reaches %v", pair[1], under)
		}
	}
}

// leadPlans: the plan of a page of open leads reads the index of open ones.
func leadPlans(d *db) {
	for state, index := range map[string]string{"l.cleared = 0": "leads_open", "l.cleared <> 0": "leads_cleared"} {
		var plan []string
		err := d.Read(context.Background(), func(tx *store.Tx) error {
			explain, width := "EXPLAIN ", 1
			if tx.Embedded() {
				explain, width = "EXPLAIN QUERY PLAN ", 4
			} else if err := tx.Rows(func(func(...any) error) error { return nil }, `SELECT set_config('enable_seqscan', 'off', true)`); err != nil {
				return err // of an empty table nobody needs an index
			}
			return tx.Rows(func(scan func(...any) error) error {
				cells, to := make([]any, width), make([]any, width)
				for i := range cells {
					to[i] = &cells[i]
				}
				err := scan(to...)
				plan = append(plan, fmt.Sprint(cells...))
				return err
			}, explain+`SELECT l.id FROM leads l WHERE l.kind = 'overstay-in-country' AND `+state+` AND l.day >= '' AND l.day <= '~' ORDER BY l.day, l.id LIMIT 9`)
		})
		if err != nil || !strings.Contains(strings.Join(plan, "\n"), index) {
			d.t.Errorf("%s: %v %v", state, err, plan)
		}
	}
}
