package app

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"strings"

	"limen/audit"
	"limen/authz"
	"limen/errs"
	"limen/internal/store"
	"limen/travel"
)

// Actor is who asks: a key that was checked.
type Actor struct {
	Key     string
	Role    authz.Role
	Port    travel.Port
	Point   travel.PointID
	Carrier string
	// Name is the officer's name, or the label of a point's or carrier's key.
	Name string
}

// NewKey is what a key is to stand for.
type NewKey struct {
	Role    authz.Role
	Port    travel.Port    // of a point
	Point   travel.PointID // of a point
	Carrier string         // of a carrier
	Label   string         // a name, required for officers and auditors
}

func (k NewKey) check() error {
	why := ""
	switch {
	case k.Role == authz.Point && (k.Port == "" || k.Point == ""):
		why = "a point's key needs port and point"
	case k.Role == authz.Carrier && k.Carrier == "":
		why = "a carrier's key needs the carrier's code"
	case k.Role == authz.Officer && strings.TrimSpace(k.Label) == "":
		why = "an officer's key needs the officer's name as its label: it stands on every decision"
	case k.Role == authz.Auditor && strings.TrimSpace(k.Label) == "":
		why = "an auditor's key needs the auditor's name as its label"
	default:
		return nil
	}
	return errs.New(errs.Invalid, "key", "%s", why)
}

// IssueKey makes an API key and returns its secret form, which is shown once:
// the store keeps only a hash.
func (a office) IssueKey(ctx context.Context, k NewKey) (secret string, err error) {
	if _, err := authz.ParseRole(string(k.Role)); err != nil {
		return "", err
	}
	if err := k.check(); err != nil {
		return "", err
	}
	raw := make([]byte, 32)
	if _, err := rand.Read(raw); err != nil {
		return "", errs.New(errs.Broken, "random", "no randomness: %w", err)
	}
	id, hash := newID(), sha256.Sum256(raw)
	now := a.now()
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.InsertKey(store.Key{ID: id, Hash: hash[:], Role: k.Role, Port: k.Port, Point: k.Point, Carrier: k.Carrier, Label: k.Label, Created: now}); err != nil {
			return err
		}
		return tx.Audit(audit.Entry{At: now, Actor: "operator", Action: "key-issued", Subject: id, Purpose: "administration"})
	})
	if err != nil {
		return "", err
	}
	return "limen_" + id + "_" + hex.EncodeToString(raw), nil
}

// RevokeKey ends a key; the next request with it is refused.
func (a office) RevokeKey(ctx context.Context, id string) error {
	now := a.now()
	return a.store.Write(ctx, func(tx *store.Tx) error {
		k, err := tx.Key(id)
		if err != nil {
			return err
		}
		if k == nil {
			return errs.New(errs.NotFound, "key-unknown", "there is no key with this id")
		}
		if err := tx.RevokeKey(id, now); err != nil {
			return err
		}
		return tx.Audit(audit.Entry{At: now, Actor: "operator", Action: "key-revoked", Subject: id, Purpose: "administration"})
	})
}

// Keys returns every key that was issued, without secrets.
func (a office) Keys(ctx context.Context) (ks []store.Key, err error) {
	err = a.store.Read(ctx, func(tx *store.Tx) error { ks, err = tx.Keys(); return err })
	return ks, err
}

var errKey = errs.New(errs.Unauthenticated, "key-wrong", "the API key is missing, unknown or revoked")

// Authenticate returns who a secret stands for. Every failure is the same
// Unauthenticated error (code "key-wrong").
func (a *App) Authenticate(ctx context.Context, secret string) (Actor, error) {
	rest, ok := strings.CutPrefix(secret, "limen_")
	id, hexed, ok2 := strings.Cut(rest, "_")
	raw, err := hex.DecodeString(hexed)
	if !ok || !ok2 || err != nil || len(raw) != 32 {
		return Actor{}, errKey
	}
	var k *store.Key
	if err := a.store.Read(ctx, func(tx *store.Tx) error { k, err = tx.Key(id); return err }); err != nil {
		return Actor{}, err
	}
	hash := sha256.Sum256(raw)
	if k == nil || !k.Revoked.IsZero() || subtle.ConstantTimeCompare(hash[:], k.Hash) != 1 {
		return Actor{}, errKey
	}
	return Actor{Key: k.ID, Role: k.Role, Port: k.Port, Point: k.Point, Carrier: k.Carrier, Name: k.Label}, nil
}

// may reports whether an actor may touch a voyage: a carrier its own, a point
// those at its port, an officer all.
func (by Actor) may(v *store.Voyage) error {
	switch {
	case by.Role == authz.Officer,
		by.Role == authz.Carrier && by.Carrier == v.Carrier,
		by.Role == authz.Point && by.Port == v.Port:
		return nil
	}
	return errs.New(errs.Forbidden, "voyage-scope", "this key is for another carrier or port than the voyage's")
}

// voyage returns a voyage that the actor may touch.
func (by Actor) voyage(tx *store.Tx, id travel.VoyageID) (*store.Voyage, error) {
	v, err := tx.Voyage(id)
	if err != nil {
		return nil, err
	}
	if v == nil {
		return nil, errs.New(errs.NotFound, "voyage-unknown", "there is no voyage with this id: was its manifest sent?")
	}
	return v, by.may(v)
}
