package seal_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"limen/errs"
	"limen/internal/seal"
)

// vaultDouble answers as Vault's transit engine does for the key "limen" and
// the token "let-me-in". It seals with this package, which is not what the test
// is about.
type vaultDouble struct {
	down  atomic.Bool
	calls atomic.Int32
}

func (v *vaultDouble) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	v.calls.Add(1)
	var in struct{ Plaintext, Ciphertext, Associated_data string }
	switch {
	case v.down.Load():
		http.Error(w, `{"errors":["Vault is sealed"]}`, http.StatusServiceUnavailable)
		return
	case r.Header.Get("X-Vault-Token") != "let-me-in":
		http.Error(w, `{"errors":["permission denied"]}`, http.StatusForbidden)
		return
	case json.NewDecoder(r.Body).Decode(&in) != nil || in.Associated_data == "":
		http.Error(w, `{"errors":["bad request"]}`, http.StatusBadRequest)
		return
	}
	key, bound := sha256.Sum256([]byte("the key in the service")), seal.Context{Subject: in.Associated_data}
	data := map[string]string{}
	switch r.URL.Path {
	case "/v1/transit/encrypt/limen":
		plain, _ := base64.StdEncoding.DecodeString(in.Plaintext)
		c, _ := seal.Seal(key[:], bound, plain)
		data["ciphertext"] = "vault:v1:" + base64.StdEncoding.EncodeToString(c)
	case "/v1/transit/decrypt/limen":
		c, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(in.Ciphertext, "vault:v1:"))
		plain, err := seal.Open(key[:], bound, c)
		if err != nil {
			http.Error(w, `{"errors":["cipher: message authentication failed"]}`, http.StatusBadRequest)
			return
		}
		data["plaintext"] = base64.StdEncoding.EncodeToString(plain)
	default:
		http.NotFound(w, r)
		return
	}
	json.NewEncoder(w).Encode(map[string]any{"data": data})
}

// startVault returns the double and the URI of its key.
func startVault(t *testing.T) (*vaultDouble, string) {
	v := &vaultDouble{}
	srv := httptest.NewTLSServer(v)
	t.Cleanup(srv.Close)
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: srv.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("VAULT_CACERT", ca)
	t.Setenv("VAULT_TOKEN", "let-me-in")
	t.Setenv("VAULT_ADDR", "https://elsewhere.invalid:1") // the URI counts
	return v, "hcvault://" + strings.TrimPrefix(srv.URL, "https://") + "/transit/keys/limen"
}

func TestKeyService(t *testing.T) {
	vault, uri := startVault(t)
	c := seal.Config{Dir: t.TempDir(), KEK: uri, Passphrase: passphrase("of no use here")}
	k := open(t, c)
	want := mintMany(t, k, 100)
	if k.Locked() != seal.LockedKMS {
		t.Errorf("locked: %q", k.Locked())
	}
	calls := vault.calls.Load()
	mintMany(t, k, 200)
	if vault.calls.Load() != calls {
		t.Error("minting calls the key service")
	}
	rotate(t, k)
	if err := k.SetPassphrase([]byte("correct horse")); errs.CodeOf(err) != "kek-kms" {
		t.Errorf("a passphrase: %v", err)
	}
	k.Close()
	k = open(t, c)
	same(t, k, want)
	k.Close()

	local := seal.Config{Dir: c.Dir}
	refusedOpening(t, "without the URI", local, errs.Broken, "kek-kms")
	bad := c
	bad.KEK = strings.Replace(uri, "/limen", "/another", 1)
	refusedOpening(t, "with another key", bad, errs.Broken, "kek-kms")
	vault.down.Store(true)
	refusedOpening(t, "while the service is down", c, errs.Broken, "kek-kms")
	vault.down.Store(false)
	t.Setenv("VAULT_TOKEN", "wrong")
	refusedOpening(t, "with a wrong token", c, errs.Broken, "kek-kms")
}

// A running server needs the key service only when the keyset has changed.
func TestKeyServiceAwayWhileServing(t *testing.T) {
	vault, uri := startVault(t)
	k := open(t, seal.Config{Dir: t.TempDir(), KEK: uri})
	vault.down.Store(true)
	want := mintMany(t, k, 200)
	same(t, k, want)
	if _, err := k.Rotate(t.Context(), nil); errs.CodeOf(err) != "kek-kms" {
		t.Errorf("rotating: %v", err)
	}
	same(t, k, want)
	mintMany(t, k, 200) // a rotation that could not begin changed nothing
	vault.down.Store(false)
	rotate(t, k)
	same(t, k, want)
}

func TestKeyServiceURIs(t *testing.T) {
	for _, uri := range []string{"aws-kms://arn:aws:kms:x", "gcp-kms://projects/x", "hcvault://host/", "hcvault://host/transit/limen", "://", "hcvault://[::1"} {
		dir := t.TempDir()
		refusedOpening(t, uri, seal.Config{Dir: dir, KEK: uri}, errs.Broken, "kek-kms")
		if _, err := os.Stat(filepath.Join(dir, "kek")); err == nil {
			t.Errorf("%s: a keyset was made", uri)
		}
	}
	_, err := seal.OpenKeys(t.Context(), seal.Config{Dir: t.TempDir(), KEK: "aws-kms://x"})
	if err == nil || !strings.Contains(err.Error(), "hcvault://") {
		t.Errorf("the schemes that work are not named: %v", err)
	}
}

// A keyset that is locked otherwise than asked for is refused.
func TestKeyServiceForUnlockedKeyset(t *testing.T) {
	_, uri := startVault(t)
	c := seal.Config{Dir: t.TempDir()}
	open(t, c).Close()
	c.KEK = uri
	refusedOpening(t, "a key service for a local keyset", c, errs.Broken, "kek-unlocked")
}
