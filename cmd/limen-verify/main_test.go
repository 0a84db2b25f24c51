package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"limen/audit"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// desk is a folder with all that a verifier may be handed.
type desk struct {
	t      *testing.T
	dir    string
	signer note.Signer
	leaves [][]byte
	hashes [][]byte
	tree   audit.Tree
}

// newDesk has a log of 1,234 leaves with checkpoints at 1,000 and at its end,
// the same log without its last checkpoint and with a leaf altered, a witness's
// file, a receipt and a proof.
func newDesk(t *testing.T) *desk {
	d := &desk{t: t, dir: t.TempDir()}
	skey, vkey, err := audit.NewKey("limen.example/port")
	d.must(err)
	d.signer, err = note.NewSigner(skey)
	d.must(err)
	d.put("key", []byte(vkey+"\n"))
	var at1000 []byte
	for i := range 1234 {
		if i == 1000 {
			at1000 = d.sign()
		}
		e, s := d.entry(i)
		leaf := e.Leaf(s).Bytes()
		_, h := d.tree.Append(leaf)
		d.leaves, d.hashes = append(d.leaves, leaf), append(d.hashes, h)
	}
	end := d.sign()
	d.put("old", at1000)
	d.put("new", end)
	d.put("witness", slices.Concat(at1000, end))
	d.put("log", d.export(1234, map[int][]byte{1000: at1000, 1234: end}))
	d.put("growing", d.export(1234, map[int][]byte{1000: at1000}))
	d.put("setback", d.export(1000, map[int][]byte{1000: at1000}))
	d.put("empty", nil)
	d.put("foreign", bytes.Replace(at1000, []byte("1000"), []byte("1001"), 1)) // so the signature is another's
	d.proofs(end)
	d.leaves[1100] = bytes.Replace(d.leaves[1100], []byte("crossing"), []byte("decision"), 1)
	d.put("altered", d.export(1234, map[int][]byte{1000: at1000, 1234: end}))
	return d
}

func (d *desk) entry(i int) (audit.Entry, audit.Salt) {
	e := audit.Entry{At: noon.Add(time.Duration(i) * time.Second), Actor: "gate-1", Action: "crossing", Subject: fmt.Sprint("enc-", i),
		Purpose: "exit", Detail: []byte(`{"voyage":"v1","score":0.91}`)}
	if i == 7 {
		e.Actor = "gate\x1b[2J" // clears a careless terminal
	}
	return e, audit.Salt{byte(i), byte(i >> 8)}
}

func (d *desk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) path(name string) string { return filepath.Join(d.dir, name) }

func (d *desk) put(name string, b []byte) { d.must(os.WriteFile(d.path(name), b, 0o600)) }

func (d *desk) sign() []byte {
	b, err := audit.Checkpoint{Origin: d.signer.Name(), Size: d.tree.Size(), Root: d.tree.Root(), At: noon.Add(time.Hour)}.Sign(d.signer)
	d.must(err)
	return b
}

func (d *desk) export(size int, checkpoints map[int][]byte) []byte {
	var b bytes.Buffer
	w := audit.NewWriter(&b, d.signer.Name())
	for i := range size + 1 {
		if c := checkpoints[i]; c != nil {
			d.must(w.Checkpoint(c))
		}
		if i < size {
			d.must(w.Leaf(d.leaves[i], d.hashes[i]))
		}
	}
	d.must(w.Close())
	return b.Bytes()
}

func (d *desk) proofs(end []byte) {
	r := audit.Stored(func(leaves []int64) ([][]byte, error) {
		var out [][]byte
		for _, i := range leaves {
			out = append(out, d.hashes[i])
		}
		return out, nil
	})
	grown, err := audit.Consistency(r, 1000, 1234)
	d.must(err)
	d.json("proof", audit.ConsistencyProof{From: 1000, To: 1234, Proof: grown})
	d.json("wrongproof", audit.ConsistencyProof{From: 1000, To: 1234, Proof: append([]tlog.Hash{{}}, grown[1:]...)})
	in, err := audit.Inclusion(r, 7, 1234)
	d.must(err)
	e, s := d.entry(7)
	receipt := audit.Receipt{Leaf: string(d.leaves[7]), Index: 7, Proof: in, Checkpoint: string(end), Opening: &audit.Opening{Salt: s, Entry: e}}
	d.json("receipt", receipt)
	receipt.Opening = nil
	d.json("closedreceipt", receipt)
	receipt.Index = 8
	d.json("wrongreceipt", receipt)
}

func (d *desk) json(name string, v any) {
	b, err := json.MarshalIndent(v, "", "  ")
	d.must(err)
	d.put(name, b)
}

// run calls the program; a word that starts with @ is a file on the desk.
func (d *desk) run(line string) (code int, out, errs string) {
	args := strings.Fields(line)
	for i, a := range args {
		if name, file := strings.CutPrefix(a, "@"); file {
			args[i] = d.path(name)
		}
	}
	in, err := os.Open(d.path("log"))
	d.must(err)
	defer in.Close()
	var o, e bytes.Buffer
	code = run(args, in, &o, &e)
	return code, o.String(), e.String()
}

func TestCommands(t *testing.T) {
	d := newDesk(t)
	for _, c := range []struct {
		line string
		code int
		want []string // of the output, or of the errors if the code is 2
	}{
		{"log --key @key @log", 0, []string{"GOOD", "limen.example/port", "1,234, from 2026-03-01 12:00:00 UTC", "--witness"}},
		{"log --key @key -", 0, []string{"GOOD", "1,234"}},
		{"log @log --key @key --witness @witness", 0, []string{"GOOD", "checkpoints held elsewhere: 2", "the witness saw"}},
		{"log --key @key @growing", 1, []string{"BAD", "first bad leaf  1,000", "no checkpoint vouches", "--allow-unsigned"}},
		{"log --key @key --allow-unsigned @growing", 0, []string{"GOOD", "234 leaves at the end"}},
		{"log --key @key @altered", 1, []string{"BAD", "first bad leaf  1,100\n", "stored hash", "signed until    1,000 leaves"}},
		{"log --key @key @setback", 0, []string{"GOOD"}},
		{"log --key @key --witness @new @setback", 1, []string{"BAD", "first bad leaf  1,000", "1234"}},
		{"log --key @key @receipt", 1, []string{"BAD", "does not start"}},
		{"log --key @key @empty", 1, []string{"BAD", "breaks off"}},
		{"log --key @key @nothing", 2, []string{"nothing"}},
		{"log --key @key --witness @empty @log", 2, []string{"no checkpoint in it"}},
		{"log --key @key --witness @log @log", 2, []string{"cut off"}},
		{"log --key @key --witness @foreign @log", 2, []string{"held checkpoint 1"}},
		{"log @log", 2, []string{"--key"}},
		{"log --key @nothing @log", 2, []string{"neither a public key nor a file"}},
		{"log --key @log @log", 2, []string{"one public key"}},
		{"log --key @key", 2, []string{"want 1 file"}},
		{"log --bad @log", 2, []string{"-bad"}},
		{"receipt --key @key @receipt", 0, []string{"GOOD", "number 7 of 1,234", "enc-7", "gate\uFFFD[2J", `"score": 0.91`}},
		{"receipt --key @key @closedreceipt", 0, []string{"GOOD", "without its opening"}},
		{"receipt --key @key @wrongreceipt", 1, []string{"BAD", "leaf 8"}},
		{"receipt --key @key @log", 1, []string{"BAD", "not the JSON of a receipt"}},
		{"consistency --key @key --log @log @old @new", 0, []string{"GOOD", "1,000 leaves", "1,234 leaves", "leaf for leaf"}},
		{"consistency --key @key --proof @proof @old @new", 0, []string{"GOOD"}},
		{"consistency --key @key --proof @wrongproof @old @new", 1, []string{"BAD"}},
		{"consistency --key @key --proof @log @old @new", 1, []string{"BAD", "not a proof"}},
		{"consistency --key @key --log @altered @old @new", 1, []string{"BAD", "1,100"}},
		{"consistency --key @key --log @setback @old @new", 1, []string{"BAD", "1,000"}},
		{"consistency --key @key --log @log @new @old", 2, []string{"swapped"}},
		{"consistency --key @key --log @log @log @new", 1, []string{"BAD"}},
		{"consistency --key @key @old @new", 2, []string{"--log or --proof"}},
		{"consistency --key @key --log @log @old", 2, []string{"want 2 file"}},
		{"", 2, []string{"Exit status"}},
		{"frobnicate", 2, []string{"--help"}},
		{"--help", 0, []string{"Exit status", "--witness", "KEY is the log's public key"}},
		{"help", 0, []string{"Exit status"}},
		{"log --help", 0, []string{"limen-verify log --key KEY", "-witness FILE", "-allow-unsigned"}},
	} {
		code, out, errs := d.run(c.line)
		said := out
		if c.code == exitUsage {
			said = errs
		}
		if code != c.code {
			t.Errorf("%s: exit %d, want %d\n%s%s", c.line, code, c.code, out, errs)
		}
		for _, want := range c.want {
			if !strings.Contains(said, want) {
				t.Errorf("%s: no %q in\n%s%s", c.line, want, out, errs)
			}
		}
	}
}

// TestKeyAsText takes the key itself instead of a file, and a key that is not
// the log's for what it is.
func TestKeyAsText(t *testing.T) {
	d := newDesk(t)
	key, err := os.ReadFile(d.path("key"))
	d.must(err)
	_, other, err := audit.NewKey("limen.example/port")
	d.must(err)
	if code, out, errs := d.run("log @log --key " + string(key)); code != 0 {
		t.Errorf("exit %d\n%s%s", code, out, errs)
	}
	if code, out, errs := d.run("log @log --key " + other); code != 1 {
		t.Errorf("another key: exit %d\n%s%s", code, out, errs)
	}
	if code, out, errs := d.run("log @log --key " + other + " --key " + string(key)); code != 0 {
		t.Errorf("both keys: exit %d\n%s%s", code, out, errs)
	}
}

// TestImportsNothingElse: whoever reads the source of the verifier has three
// small packages to read beside the standard library (promise 04).
func TestImportsNothingElse(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Fields(string(out))
	slices.Sort(got)
	want := []string{"golang.org/x/mod/sumdb/note", "golang.org/x/mod/sumdb/tlog", "limen/audit", "limen/cmd/limen-verify"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
