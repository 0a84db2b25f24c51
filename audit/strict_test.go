package audit_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"limen/audit"
)

// TestParseLeafIsStrict: whatever it takes, Bytes makes again; every flipped
// bit of a leaf is refused or another leaf.
func TestParseLeafIsStrict(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := audit.Leaf{Action: rapid.StringMatching(`[a-z0-9._-]{1,64}`).Draw(t, "action"),
			At: time.Unix(rapid.Int64Range(-62135596800, 253402300799).Draw(t, "at"), 0).UTC()}
		copy(l.Commitment[:], rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "commitment"))
		b := l.Bytes()
		back, err := audit.ParseLeaf(b)
		if err != nil || back != l || len(b) > audit.MaxLeaf {
			t.Fatalf("%s: %v", b, err)
		}
		at, bit := rapid.IntRange(0, len(b)-1).Draw(t, "byte"), rapid.IntRange(0, 7).Draw(t, "bit")
		b[at] ^= 1 << bit
		if other, err := audit.ParseLeaf(b); err == nil && (other == l || !bytes.Equal(other.Bytes(), b)) {
			t.Fatalf("%s passed", b)
		}
	})
	for _, bad := range []string{
		"", "limen.leaf.v1", vectorLeaf + " ", vectorLeaf + "\n", " " + vectorLeaf, vectorLeaf + "=",
		strings.Replace(vectorLeaf, "v1", "v2", 1), strings.Replace(vectorLeaf, "crossing", "Crossing", 1), strings.Replace(vectorLeaf, "crossing", "", 1),
		strings.Replace(vectorLeaf, "59Z", "59.0Z", 1), strings.Replace(vectorLeaf, "59Z", "60Z", 1), strings.Replace(vectorLeaf, "59Z", "59+00:00", 1),
		strings.Replace(vectorLeaf, "2026", "0000", 1), strings.Replace(vectorLeaf, "03-29", "02-30", 1),
		strings.Replace(vectorLeaf, "UasW", "UasW\n", 1), strings.TrimSuffix(vectorLeaf, "Q") + "R", // padding bits
	} {
		if l, err := audit.ParseLeaf([]byte(bad)); err == nil {
			t.Errorf("%q passed: %+v", bad, l)
		}
	}
}

// TestOpenCheckpointIsStrict flips every bit of a checkpoint, moves its lines,
// and adds to it.
func TestOpenCheckpointIsStrict(t *testing.T) {
	k := newKeys(t, origin)
	c := audit.Checkpoint{Origin: origin, Size: 41, Root: tlog.RecordHash([]byte("x")), At: dawn.Add(999)} // cut to the microsecond
	b, err := c.Sign(k.signer)
	if err != nil {
		t.Fatal(err)
	}
	back, err := audit.OpenCheckpoint(b, k.list)
	c.At = dawn
	if err != nil || back != c {
		t.Fatalf("%+v, %v", back, err)
	}
	for i := range 8 * len(b) {
		bent := bytes.Clone(b)
		bent[i/8] ^= 1 << (i % 8)
		if _, err := audit.OpenCheckpoint(bent, k.list); err == nil {
			t.Errorf("bit %d flipped and not noticed", i)
		}
	}
	other := newKeys(t, "limen.example/cosigner")
	text, sig, _ := strings.Cut(string(b), "\n\n")
	n := &note.Note{Text: text + "\n"}
	both, err := note.Sign(n, k.signer, other.signer)
	if err != nil {
		t.Fatal(err)
	}
	alone, err := note.Sign(n, other.signer)
	if err != nil {
		t.Fatal(err)
	}
	known := note.VerifierList(verifierOf(t, k), verifierOf(t, other))
	lines := strings.SplitAfter(text+"\n", "\n")
	for name, bad := range map[string]string{
		"nothing":                  "",
		"no signature":             text + "\n\n",
		"a line more at the end":   string(b) + "\n",
		"its signature twice":      string(b) + sig,
		"a cosignature":            string(both),
		"a cosignature only":       string(alone),
		"carriage returns":         strings.ReplaceAll(string(b), "\n", "\r\n"),
		"two":                      string(b) + string(b),
		"size and root in reverse": lines[0] + lines[2] + lines[1] + lines[3] + "\n" + sig,
	} {
		for _, v := range []note.Verifiers{k.list, known} {
			if _, err := audit.OpenCheckpoint([]byte(bad), v); err == nil {
				t.Errorf("%s passed", name)
			}
		}
	}
}

// TestSignedButNoCheckpoint: texts that are signed by the right key, but that
// Sign would not have made.
func TestSignedButNoCheckpoint(t *testing.T) {
	k := newKeys(t, origin)
	root := tlog.RecordHash(nil).String()
	bent := strings.Replace(root, "=", "", 1)
	bent = bent[:42] + string(bent[42]+1) + "=" // the same hash but for its padding bits
	if h, err := tlog.ParseHash(bent); err != nil || h.String() != root {
		t.Fatal("the bent root is not the same hash in other letters: ", err)
	}
	for _, text := range []string{
		origin + "\n1\n" + root + "\n",
		origin + "\n1\n" + root + "\n2026-03-29T00:59:59.123456Z\nmore\n",
		origin + "\n01\n" + root + "\n2026-03-29T00:59:59.123456Z\n",
		origin + "\n+1\n" + root + "\n2026-03-29T00:59:59.123456Z\n",
		origin + "\n-1\n" + root + "\n2026-03-29T00:59:59.123456Z\n",
		origin + "\n9223372036854775807\n" + root + "\n2026-03-29T00:59:59.123456Z\n",
		origin + "\n1\n" + root + "\n2026-03-29T00:59:59.12345Z\n",
		origin + "\n1\n" + root + "\n2026-03-29T00:59:59.123456+00:00\n",
		origin + "\n1\n" + bent + "\n2026-03-29T00:59:59.123456Z\n",
		"limen.example/other\n1\n" + root + "\n2026-03-29T00:59:59.123456Z\n",
	} {
		b, err := note.Sign(&note.Note{Text: text}, k.signer)
		if err != nil {
			t.Fatal(err)
		}
		if c, err := audit.OpenCheckpoint(b, k.list); err == nil {
			t.Errorf("passed: %+v\n%s", c, b)
		}
	}
	for _, c := range []audit.Checkpoint{{Origin: "limen.example/other"}, {Origin: origin, Size: -1}, {Origin: origin, Size: audit.MaxSize + 1}, {Origin: origin, At: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)}} {
		if _, err := c.Sign(k.signer); err == nil {
			t.Errorf("signed %+v", c)
		}
	}
	for _, name := range []string{"", "a b", "a+b", "a\nb", "ä", strings.Repeat("a", audit.MaxOrigin+1)} {
		if _, _, err := audit.NewKey(name); err == nil {
			t.Errorf("a key for %q", name)
		}
	}
}

func TestSplitCheckpoints(t *testing.T) {
	k := newKeys(t, origin)
	l := newLog().grow(3).sign(t, k, 0, 1, 3)
	want := [][]byte{l.checkpoints[0][0], l.checkpoints[1][0], l.checkpoints[3][0]}
	for _, sep := range []string{"", "\n", "\n\n"} {
		got, err := audit.SplitCheckpoints([]byte(sep + string(bytes.Join(want, []byte(sep))) + sep))
		if err != nil || !slices.EqualFunc(got, want, bytes.Equal) {
			t.Errorf("%q: %q, %v", sep, got, err)
		}
	}
	if got, err := audit.SplitCheckpoints(nil); len(got) != 0 || err != nil {
		t.Errorf("nothing: %q, %v", got, err)
	}
	if got, err := audit.SplitCheckpoints(want[2][:len(want[2])-1]); err == nil {
		t.Errorf("cut off: %q", got)
	}
}

// receipt makes a receipt for leaf 5 of 11, with a text in the entry that JSON
// spells in more than one way.
func receipt(t testing.TB) (audit.Receipt, keys) {
	t.Helper()
	k := newKeys(t, origin)
	l := newLog().grow(11)
	e, s := entry(5)
	e.Purpose, e.Detail = "a < b & \"c\" \u2028 é", []byte(`{"reason": "x < y & z"}`)
	l.leaf[5] = e.Leaf(s).Bytes()
	l.rehash().sign(t, k, 11)
	proof, err := audit.Inclusion(l.reader(), 5, 11)
	if err != nil {
		t.Fatal(err)
	}
	return audit.Receipt{Leaf: string(l.leaf[5]), Index: 5, Proof: proof, Checkpoint: string(l.checkpoints[11][0]), Opening: &audit.Opening{Salt: s, Entry: e}}, k
}

// TestReceiptSurvivesReformatting: indented or with other escapes by a JSON
// encoder of another mind, it is the same receipt.
func TestReceiptSurvivesReformatting(t *testing.T) {
	r, k := receipt(t)
	plain, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var indented, unescaped bytes.Buffer
	if err := json.Indent(&indented, plain, "", "  "); err != nil {
		t.Fatal(err)
	}
	enc := json.NewEncoder(&unescaped)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(r); err != nil {
		t.Fatal(err)
	}
	for _, b := range [][]byte{plain, indented.Bytes(), unescaped.Bytes()} {
		got, err := audit.ParseReceipt(b)
		if err != nil {
			t.Fatalf("%v\n%s", err, b)
		}
		if c, err := got.Verify(k.list); err != nil || c.Size != 11 || string(got.Opening.Entry.Detail) != `{"reason": "x < y & z"}` {
			t.Errorf("%v, %+v", err, got)
		}
	}
}

// TestEveryBitOfAReceipt flips every bit of a receipt: none verifies.
func TestEveryBitOfAReceipt(t *testing.T) {
	r, k := receipt(t)
	v := remember(t, k)
	good, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 8 * len(good) {
		b := bytes.Clone(good)
		b[i/8] ^= 1 << (i % 8)
		got, err := audit.ParseReceipt(b)
		if err != nil {
			continue
		}
		if _, err := got.Verify(v); err == nil {
			t.Errorf("bit %d flipped and not noticed: %s", i, b)
		}
	}
}

func TestReceiptIsStrict(t *testing.T) {
	r, k := receipt(t)
	good, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range [][2]string{
		{`{"leaf"`, `{"more":1,"leaf"`}, {`"index":5`, `"index":5,"index":5`}, {`"index":5`, `"Index":5`}, {`"index":5`, `"index":5.0`},
		{`"index":5`, `"index":6`}, {`"index":5`, `"index":-1`}, {`"index":5`, `"index":11`}, {`"index":5`, `"index":9223372036854775807`},
		{`"proof":[`, `"proof":["` + base64.StdEncoding.EncodeToString(make([]byte, 32)) + `",`}, {`.128456Z"`, `.1284560Z"`}, {`gate-1`, `gate-2`}, {`gate-1`, `g\u0061te-1`},
	} {
		b := []byte(strings.Replace(string(good), change[0], change[1], 1))
		if bytes.Equal(b, good) {
			t.Fatalf("%q is not in the receipt", change[0])
		}
		got, err := audit.ParseReceipt(b)
		if err == nil {
			_, err = got.Verify(k.list)
		}
		if err == nil {
			t.Errorf("%q passed", change[1])
		}
	}
	r.Opening = nil
	if _, err := r.Verify(k.list); err != nil {
		t.Errorf("without its opening: %v", err)
	}
}
