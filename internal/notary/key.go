package notary

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"limen/audit"
	"limen/errs"
)

// KeyFile is the name of the signing key in the data folder.
const KeyFile = "audit.key"

// Key signs checkpoints of one log. Its name is the name of the log.
type Key struct {
	signer note.Signer
	// Public is the verifier key, which is for everyone.
	Public string
}

// Origin is the name of the log.
func (k *Key) Origin() string { return k.signer.Name() }

// Verifiers verify what the key signed.
func (k *Key) Verifiers() note.Verifiers {
	v, err := note.NewVerifier(k.Public)
	if err != nil {
		panic("notary: " + err.Error()) // parseKey made it
	}
	return note.VerifierList(v)
}

// ReadKey reads a signing key from its file. Broken errors:
// "audit-key-missing", "audit-key" (it is damaged or cannot be read),
// "audit-key-readable" (others than its owner may read it).
func ReadKey(path string) (*Key, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errs.New(errs.Broken, "audit-key-missing", "the file of the audit log's signing key is missing: is its disk mounted? limen serve makes one only where nothing was signed yet")
	}
	if err != nil {
		return nil, errs.New(errs.Broken, "audit-key", "the audit log's signing key cannot be read: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, errs.New(errs.Broken, "audit-key-readable", "others may read the audit log's signing key (mode %04o): chmod 600", info.Mode().Perm())
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, errs.New(errs.Broken, "audit-key", "the audit log's signing key cannot be read: %w", err)
	}
	return parseKey(raw)
}

// parseKey reads the one line of a key file.
func parseKey(raw []byte) (*Key, error) {
	bad := errs.New(errs.Broken, "audit-key", "the file of the audit log's signing key is damaged, or not one")
	line, ended := strings.CutSuffix(string(raw), "\n")
	s, err := note.NewSigner(line)
	if !ended || err != nil || strings.ContainsAny(line, "\r\n") {
		return nil, bad
	}
	parts := strings.SplitN(line, "+", 5) // PRIVATE KEY name hash algorithm-and-seed
	seed, err := base64.StdEncoding.DecodeString(parts[4])
	if err != nil || len(seed) != 1+ed25519.SeedSize {
		return nil, bad
	}
	public, err := note.NewEd25519VerifierKey(s.Name(), ed25519.NewKeyFromSeed(seed[1:]).Public().(ed25519.PublicKey))
	if err != nil {
		return nil, bad
	}
	return &Key{s, public}, nil
}

// makeKey draws a key for a log with a name of its own and keeps it in a file
// that its owner alone may read. A crash leaves no file or all of it.
func makeKey(path string) (*Key, error) {
	var id [8]byte
	if _, err := rand.Read(id[:]); err != nil {
		return nil, errs.New(errs.Broken, "random", "no randomness: %w", err)
	}
	secret, _, err := audit.NewKey("limen/" + hex.EncodeToString(id[:]))
	if err != nil {
		return nil, errs.New(errs.Broken, "audit-key", "the audit log's signing key cannot be made: %w", err)
	}
	if err := writeDurably(path, []byte(secret+"\n")); err != nil {
		return nil, errs.New(errs.Broken, "audit-key", "the audit log's signing key cannot be written: %w", err)
	}
	return ReadKey(path)
}
