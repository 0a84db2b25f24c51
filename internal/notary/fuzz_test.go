package notary

import (
	"bytes"
	"testing"
	"time"

	"limen/audit"
)

// FuzzParseKey: nothing but a key's file is taken, and what is taken signs what
// its public half verifies.
func FuzzParseKey(f *testing.F) {
	f.Fuzz(func(t *testing.T, b []byte) {
		k, err := parseKey(b)
		if err != nil {
			return
		}
		if bytes.Count(b, []byte("\n")) != 1 {
			t.Errorf("%q is taken for a key", b)
		}
		c := audit.Checkpoint{Origin: k.Origin(), Root: (&audit.Tree{}).Root(), At: time.Unix(1, 0)}
		signed, err := c.Sign(k.signer)
		if err != nil {
			return // a name that no log can have
		}
		if got, err := audit.OpenCheckpoint(signed, k.Verifiers()); err != nil || got.Root != c.Root {
			t.Errorf("its own signature: %v", err)
		}
	})
}
