package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"limen/audit"
	"limen/errs"
	"limen/internal/notary"
	"limen/internal/store"
	"limen/internal/store/sqlite"
)

// logged makes a data folder whose log has n crossings, crossing-0 and on,
// signed and held by a witness.
func logged(t *testing.T, n int) auditSite {
	t.Helper()
	s := auditSite{siteFlags{Data: t.TempDir()}, auditFlags{Witness: t.TempDir()}}
	s.grow(t, 0, n)
	return s
}

func (s auditSite) grow(t *testing.T, from, n int) {
	t.Helper()
	st, err := sqlite.Open(t.Context(), s.Data, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	w, err := s.witness()
	if err != nil {
		t.Fatal(err)
	}
	notary, err := notary.Open(t.Context(), notary.Config{Store: st, KeyFile: filepath.Join(s.Data, notary.KeyFile), Witness: w})
	if err != nil {
		t.Fatal(err)
	}
	for i := from; i < from+n; i++ {
		err := st.Write(t.Context(), func(tx *store.Tx) error {
			return tx.Audit(audit.Entry{At: time.Now(), Actor: "rule r", Action: "crossing", Subject: "crossing-" + string(rune('0'+i)), Detail: []byte(`{"port":"BGR"}`)})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	ctx, stop := context.WithCancel(t.Context())
	stop() // signs once more, and waits for the witness
	if err := notary.Run(ctx); err != nil {
		t.Fatal(err)
	}
}

// TestAuditCommands exports a log, verifies it by the key that was printed, and
// asks for a receipt.
func TestAuditCommands(t *testing.T) {
	s := logged(t, 5)
	public, err := said(t, func(_ context.Context, io *streams) error { return (&auditKeyCmd{s}).Run(io) })
	if err != nil {
		t.Fatal(err)
	}
	v, err := note.NewVerifier(strings.TrimSpace(public))
	if err != nil {
		t.Fatalf("%q: %v", public, err)
	}
	keys := note.VerifierList(v)
	file := filepath.Join(t.TempDir(), "log.limen")
	if out, err := said(t, (&auditExportCmd{auditSite: s, Out: file}).Run); err != nil || out != "" {
		t.Fatalf("export: %q, %v", out, err)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if rep, err := audit.VerifyLog(bytes.NewReader(b), keys); err != nil || rep.Size != 5 || rep.Unsigned != 0 || bytes.Contains(b, []byte("crossing-3")) {
		t.Errorf("the export: %+v, %v", rep, err)
	}
	for _, c := range []struct {
		name string
		run  func(context.Context, *streams) error
		want string
	}{
		{"verify", (&auditVerifyCmd{auditSite: s}).Run, "5 are what their leaves commit to, 0 are erased\n  witness      2 checkpoints held there agree"},
		{"verify without a witness", (&auditVerifyCmd{auditSite: auditSite{siteFlags: s.siteFlags}, LeavesOnly: true}).Run, "witness      none"},
		{"witness", (&auditWitnessCmd{auditSite: s}).Run, "agrees: it holds a checkpoint of 5 leaves"},
	} {
		if out, err := said(t, c.run); err != nil || !strings.Contains(out, c.want) {
			t.Errorf("%s: %v\n%s", c.name, err, out)
		}
	}
	s.grow(t, 5, 1)
	out, err := said(t, (&auditReceiptCmd{auditSite: s, Crossing: "crossing-3", Purpose: "test"}).Run)
	if err != nil {
		t.Fatal(err)
	}
	r, err := audit.ParseReceipt([]byte(out))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Verify(keys); err != nil || r.Index != 3 || r.Opening.Entry.Subject != "crossing-3" {
		t.Errorf("%+v, %v", r, err)
	}
}

// TestAuditExportTellsWhatIsNotSigned: leaves that no server has signed yet are
// said to be so, and a link where the file is made is not followed.
func TestAuditExportTellsWhatIsNotSigned(t *testing.T) {
	s := logged(t, 3)
	st, err := sqlite.Open(t.Context(), s.Data, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	if signed, all := awaitSigned(t.Context(), st, time.Minute); signed != 3 || all != 3 {
		t.Errorf("all signed: %d of %d", signed, all)
	}
	err = st.Write(t.Context(), func(tx *store.Tx) error {
		return tx.Audit(audit.Entry{At: time.Now(), Actor: "a", Action: "access", Subject: "s"})
	})
	if err != nil {
		t.Fatal(err)
	}
	if signed, all := awaitSigned(t.Context(), st, 0); signed != 3 || all != 4 {
		t.Errorf("one not signed: %d of %d", signed, all)
	}
	file, other := filepath.Join(t.TempDir(), "log.limen"), filepath.Join(t.TempDir(), "other")
	if err := os.Symlink(other, file+".part"); err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	if err := (&auditExportCmd{auditSite: s, Out: file}).Run(t.Context(), &streams{Out: &log, Err: &log}); err != nil || !strings.Contains(log.String(), "leaves from 3 on are not signed yet") {
		t.Errorf("%v\n%s", err, log.String())
	}
	if _, err := os.Stat(other); err == nil {
		t.Error("the link was followed")
	}
}

// TestAuditRefusals: what is not there is said, and nothing is made.
func TestAuditRefusals(t *testing.T) {
	none := auditSite{siteFlags: siteFlags{Data: filepath.Join(t.TempDir(), "none")}}
	good := logged(t, 3)
	alone := auditSite{siteFlags: good.siteFlags}
	for _, c := range []struct {
		name string
		run  func(context.Context, *streams) error
		want string
	}{
		{"verify nothing", (&auditVerifyCmd{auditSite: none}).Run, "no record in"},
		{"export nothing", (&auditExportCmd{auditSite: none, Out: filepath.Join(t.TempDir(), "x")}).Run, "no record in"},
		{"no witness", (&auditWitnessCmd{auditSite: alone}).Run, "no witness is set"},
		{"no such crossing", (&auditReceiptCmd{auditSite: good, Crossing: "crossing-9", Purpose: "test"}).Run, "there is no crossing"},
		{"no purpose", (&auditReceiptCmd{auditSite: good, Crossing: "crossing-1", Purpose: " "}).Run, "purpose"},
		{"no folder to export to", (&auditExportCmd{auditSite: good, Out: filepath.Join(t.TempDir(), "none", "x")}).Run, "no such file"},
	} {
		if _, err := said(t, c.run); err == nil || !strings.Contains(message(err), c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if _, err := os.Stat(none.Data); err == nil {
		t.Error("a data folder was made")
	}
}

// TestAuditAcceptLoss: a log that was set back is refused until its loss is
// accepted.
func TestAuditAcceptLoss(t *testing.T) {
	s := logged(t, 3)
	older, err := os.ReadFile(filepath.Join(s.Data, sqlite.File))
	if err != nil {
		t.Fatal(err)
	}
	s.grow(t, 3, 4)
	for _, name := range []string{"", "-wal", "-shm"} {
		os.Remove(filepath.Join(s.Data, sqlite.File+name))
	}
	os.WriteFile(filepath.Join(s.Data, sqlite.File), older, 0o600)
	if _, err := said(t, (&auditWitnessCmd{auditSite: s}).Run); errs.CodeOf(err) != "audit-rolled-back" {
		t.Fatalf("set back: %v", err)
	}
	if _, err := said(t, (&auditVerifyCmd{auditSite: s}).Run); err == nil || !strings.Contains(err.Error(), "bad at leaf 3") {
		t.Errorf("verify: %v", err)
	}
	out, err := said(t, (&auditWitnessCmd{auditSite: s, AcceptLoss: "backup of noon"}).Run)
	if err != nil || !strings.Contains(out, "kept 3 leaves, the witness held 7") {
		t.Fatalf("%s %v", out, err)
	}
	if out, err := said(t, (&auditVerifyCmd{auditSite: s}).Run); err != nil || !strings.Contains(out, "leaves       4,") {
		t.Errorf("%s %v", out, err)
	}
}
