package audit_test

import (
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"limen/audit"
)

// The vectors below were worked out from the description of the formats with
// another language's HMAC and SHA-256.
var (
	vectorEntry = audit.Entry{At: time.Date(2026, 3, 29, 0, 59, 59, 123456789, time.UTC), Actor: "gate-1", Action: "crossing",
		Subject: "enc-7", Purpose: "boarding", Detail: []byte(`{"n":1}`)}
	vectorSalt = func() (s audit.Salt) {
		for i := range s {
			s[i] = byte(i)
		}
		return s
	}()
)

const (
	vectorCanonical = "6c696d656e2e656e7472792e76310a00064e1f40d8240000000006676174652d310000000863726f7373696e6700000005656e632d37" +
		"00000008626f617264696e67000000077b226e223a317d"
	vectorLeaf = "limen.leaf.v1 crossing 2026-03-29T00:59:59Z UasW51t8kXc48yOIitTk6eFHKnspml/hBozstCLIHoQ"
	vectorRoot = "phonLIJQj7yGr9i46VCs7xLy0IWWqTosfJql5nBHcEw=" // of vectorLeaf, "b", "c"
)

func TestVectors(t *testing.T) {
	if got := hex.EncodeToString(vectorEntry.Canonical()); got != vectorCanonical {
		t.Errorf("canonical %s", got)
	}
	leaf := vectorEntry.Leaf(vectorSalt)
	if got := string(leaf.Bytes()); got != vectorLeaf {
		t.Errorf("leaf %s", got)
	}
	var tree audit.Tree
	if got := tree.Root().String(); got != "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" { // SHA-256 of nothing
		t.Errorf("empty root %s", got)
	}
	for i, b := range []string{vectorLeaf, "b", "c"} {
		if index, hashes := tree.Append([]byte(b)); index != int64(i) || len(hashes) != []int{32, 64, 32}[i] {
			t.Errorf("leaf %d: index %d, %d bytes of hashes", i, index, len(hashes))
		}
	}
	if got := tree.Root().String(); got != vectorRoot {
		t.Errorf("root %s", got)
	}
}

// TestOpens changes one thing of the entry at a time: none opens the leaf, and
// all have different canonical bytes.
func TestOpens(t *testing.T) {
	leaf, e := vectorEntry.Leaf(vectorSalt), vectorEntry
	inZone := e
	inZone.At = e.At.In(time.FixedZone("", -5*3600)).Truncate(time.Microsecond)
	if !leaf.Opens(vectorSalt, e) || !leaf.Opens(vectorSalt, inZone) {
		t.Error("the true entry does not open its leaf")
	}
	other := vectorSalt
	other[31] ^= 1
	if leaf.Opens(other, e) || leaf.Opens(audit.Salt{}, e) {
		t.Error("another salt opens the leaf")
	}
	seen := map[string]int{string(e.Canonical()): -1}
	for i, change := range []func(*audit.Entry){
		func(e *audit.Entry) { e.At = e.At.Add(time.Microsecond) },
		func(e *audit.Entry) { e.At = e.At.Add(time.Hour) },
		func(e *audit.Entry) { e.Actor += "1" },
		func(e *audit.Entry) { e.Action = "decision" },
		func(e *audit.Entry) { e.Subject = "" },
		func(e *audit.Entry) { e.Purpose, e.Detail = e.Purpose+audit.Purpose(e.Detail), nil }, // moved across a border
		func(e *audit.Entry) { e.Actor, e.Action = e.Actor+e.Action[:1], e.Action[1:] },
		func(e *audit.Entry) { e.Detail = []byte(`{"n": 1}`) },
		func(e *audit.Entry) { e.Detail = nil },
	} {
		e := vectorEntry
		change(&e)
		if leaf.Opens(vectorSalt, e) {
			t.Errorf("change %d opens the leaf", i)
		}
		if was, again := seen[string(e.Canonical())]; again {
			t.Errorf("changes %d and %d have the same bytes", was, i)
		}
		seen[string(e.Canonical())] = i
	}
	l := leaf
	l.Action = "decision"
	if l.Opens(vectorSalt, e) {
		t.Error("a leaf that names another action opens")
	}
	l = leaf
	l.At = l.At.Add(time.Second)
	if l.Opens(vectorSalt, e) {
		t.Error("a leaf that names another second opens")
	}
}

func TestCheck(t *testing.T) {
	for name, change := range map[string]func(*audit.Entry){
		"no action":        func(e *audit.Entry) { e.Action = "" },
		"spaced action":    func(e *audit.Entry) { e.Action = "a b" },
		"upper case":       func(e *audit.Entry) { e.Action = "Access" },
		"long action":      func(e *audit.Entry) { e.Action = strings.Repeat("a", audit.MaxAction+1) },
		"line in action":   func(e *audit.Entry) { e.Action = "a\nb" },
		"year 0":           func(e *audit.Entry) { e.At = time.Date(0, 12, 31, 0, 0, 0, 0, time.UTC) },
		"year 10000":       func(e *audit.Entry) { e.At = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) },
		"broken UTF-8":     func(e *audit.Entry) { e.Actor = "\xff" },
		"long subject":     func(e *audit.Entry) { e.Subject = strings.Repeat("a", audit.MaxName+1) },
		"long purpose":     func(e *audit.Entry) { e.Purpose = audit.Purpose(strings.Repeat("a", audit.MaxPurpose+1)) },
		"detail no JSON":   func(e *audit.Entry) { e.Detail = []byte("{") },
		"detail no UTF-8":  func(e *audit.Entry) { e.Detail = []byte("\"\xff\"") },
		"detail too large": func(e *audit.Entry) { e.Detail = []byte(`"` + strings.Repeat("a", audit.MaxDetail) + `"`) },
	} {
		e := vectorEntry
		change(&e)
		if e.Check() == nil {
			t.Errorf("%s passed", name)
		}
	}
	if err := vectorEntry.Check(); err != nil {
		t.Error(err)
	}
}
