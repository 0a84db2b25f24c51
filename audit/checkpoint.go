package audit

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// MaxCheckpoint bounds the bytes of a signed checkpoint, MaxOrigin those of
// the name of a log.
const (
	MaxCheckpoint = 1024
	MaxOrigin     = 100
)

// Checkpoint says that the log named Origin had Size leaves with this root at
// that time.
type Checkpoint struct {
	Origin string
	Size   int64
	Root   tlog.Hash
	At     time.Time // microseconds, UTC
}

const checkpointTime = "2006-01-02T15:04:05.000000Z"

// text is the signed text: origin, size, root, and the time as an extension line.
func (c Checkpoint) text() string {
	return fmt.Sprintf("%s\n%d\n%s\n%s\n", c.Origin, c.Size, c.Root, c.At.UTC().Format(checkpointTime))
}

// Sign returns c as a signed note. Its time is cut to the microsecond. The key
// must carry the log's name; it fails if not, or if c is out of range.
func (c Checkpoint) Sign(s note.Signer) ([]byte, error) {
	if s.Name() != c.Origin {
		return nil, errors.New("the key is not named after this log")
	}
	if _, err := parseCheckpoint(c.text()); err != nil {
		return nil, err
	}
	return note.Sign(&note.Note{Text: c.text()}, s)
}

// OpenCheckpoint reads a checkpoint that one of the keys signed, under the
// name of the log it speaks of. It takes nothing but what Sign makes, with
// exactly one signature: any flipped bit, reordered or added line, further
// signature or padding fails.
func OpenCheckpoint(b []byte, v note.Verifiers) (Checkpoint, error) {
	if len(b) > MaxCheckpoint {
		return Checkpoint{}, errCheckpoint
	}
	n, err := note.Open(b, v)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("the checkpoint is not signed by the log's key: %w", err)
	}
	c, err := parseCheckpoint(n.Text)
	if err != nil {
		return Checkpoint{}, err
	}
	sig := n.Sigs[0]
	raw, err := base64.StdEncoding.DecodeString(sig.Base64)
	if err != nil || sig.Name != c.Origin {
		return Checkpoint{}, errCheckpoint
	}
	want := n.Text + "\n— " + sig.Name + " " + base64.StdEncoding.EncodeToString(raw) + "\n"
	if !bytes.Equal(b, []byte(want)) {
		return Checkpoint{}, errCheckpoint
	}
	return c, nil
}

var errCheckpoint = errors.New("not a checkpoint: want origin, size, root, time, an empty line and one signature, exactly")

func parseCheckpoint(text string) (Checkpoint, error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 5 || !validOrigin(lines[0]) {
		return Checkpoint{}, errCheckpoint
	}
	c := Checkpoint{Origin: lines[0]}
	var err1, err2, err3 error
	c.Size, err1 = strconv.ParseInt(lines[1], 10, 64)
	c.Root, err2 = tlog.ParseHash(lines[2])
	c.At, err3 = time.Parse(checkpointTime, lines[3])
	if errors.Join(err1, err2, err3) != nil || c.Size < 0 || c.Size > MaxSize || c.text() != text {
		return Checkpoint{}, errCheckpoint
	}
	return c, nil
}

// validOrigin allows 1 to MaxOrigin printable ASCII letters but '+', which
// separates the parts of a key.
func validOrigin(s string) bool {
	if s == "" || len(s) > MaxOrigin {
		return false
	}
	return strings.IndexFunc(s, func(r rune) bool { return r <= ' ' || r > '~' || r == '+' }) < 0
}

// NewKey draws an Ed25519 key for the log named origin. skey signs and is kept
// secret; vkey verifies and is handed to everyone.
func NewKey(origin string) (skey, vkey string, err error) {
	if !validOrigin(origin) {
		return "", "", fmt.Errorf("a log's name is 1 to %d printable ASCII letters without space and '+'", MaxOrigin)
	}
	return note.GenerateKey(rand.Reader, origin)
}
