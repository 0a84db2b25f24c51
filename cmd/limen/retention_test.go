package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"limen/audit"
	"limen/internal/store"
	"limen/internal/store/sqlite"
	"limen/travel"
)

// TestRetentionCommands reads what a records officer reads, beside a server.
func TestRetentionCommands(t *testing.T) {
	dir := t.TempDir()
	f := siteFlags{Data: dir}
	run := func(c interface{ Run(*streams) error }) (string, error) {
		var out, log bytes.Buffer
		err := c.Run(&streams{Out: &out, Err: &log})
		return out.String(), err
	}
	do := func(fn func(*streams) error) (string, error) { return run(runs(fn)) }
	plan := func(until string) (string, error) {
		return do(func(io *streams) error { return (&retentionPlanCmd{siteFlags: f, Until: until}).Run(t.Context(), io) })
	}
	if _, err := plan(""); err == nil || !strings.Contains(err.Error(), "there is no record in "+dir) {
		t.Errorf("no record: %v", err)
	}
	server, err := sqlite.Open(t.Context(), dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	if out, err := plan(""); err != nil || !strings.Contains(out, "Nothing is kept under any retention class, so nothing goes.") {
		t.Errorf("empty: %v\n%s", err, out)
	}
	err = server.Write(t.Context(), func(tx *store.Tx) error {
		return tx.PutVoyage(store.Voyage{Voyage: travel.Voyage{ID: "ZZ1"}, Ends: time.Now()})
	})
	if err != nil {
		t.Fatal(err)
	}
	for until, want := range map[string]string{"2020-01-01": "2020-01-01 is past", "9999-12-31": "is 9998-12-31", "soon": `"soon" is not a day`} {
		if _, err := plan(until); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", until, err)
		}
	}
	place := holdPlaceCmd{siteFlags: f, ID: "H-7", Kind: "voyage", Subject: "ZZ1", Owner: "Counsel", Reason: "Docket 1", Until: "2099-12-31", By: "A. Officer"}
	held := func() (string, error) {
		return do(func(io *streams) error { return place.Run(t.Context(), io) })
	}
	if _, err := held(); err == nil || !strings.Contains(message(err), "hold-subject") { // nobody is on that voyage
		t.Errorf("a hold on an empty voyage: %v", err)
	}
	err = server.Write(t.Context(), func(tx *store.Tx) error {
		return tx.Audit(audit.Entry{At: time.Now(), Actor: "k", Action: "access", Subject: "ZZ1", Purpose: "test"})
	})
	if err != nil {
		t.Fatal(err)
	}
	out, err := held()
	if err != nil || !strings.Contains(out, "Hold H-7 on voyage ZZ1 is in force until 2100-01-01 00:00 UTC.") || !strings.Contains(out, "unresolved-capture (0 here): it may be a citizen's") {
		t.Errorf("placed: %v\n%s", err, out)
	}
	list := func() string {
		out, err := do(func(io *streams) error { return (&holdListCmd{siteFlags: f}).Run(t.Context(), io) })
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	if out := list(); !strings.Contains(out, "H-7  voyage ZZ1  active") {
		t.Errorf("list:\n%s", out)
	}
	out, err = do(func(io *streams) error {
		return (&holdLiftCmd{siteFlags: f, ID: "H-7", Reason: "closed", By: "B. Officer"}).Run(t.Context(), io)
	})
	if err != nil || !strings.Contains(out, "Hold H-7 on voyage ZZ1 is lifted, by B. Officer at ") {
		t.Errorf("lifted: %v\n%s", err, out)
	}
	if out := list(); !strings.Contains(out, "by B. Officer") {
		t.Errorf("list:\n%s", out)
	}
	if out, err := run(retentionRulesCmd{}); err != nil || !strings.Contains(out, "Regulation (EU) 2017/2226, Article 34(1)") || !strings.Contains(out, "[check]") {
		t.Errorf("rules: %v\n%s", err, out)
	}
}

// runs is a command by its function.
type runs func(*streams) error

// Run runs it.
func (r runs) Run(io *streams) error { return r(io) }
