package app

import (
	"bytes"
	"context"
	"image"
	"image/jpeg"

	"limen/audit"
	"limen/errs"
	"limen/gallery"
	"limen/internal/store"
	"limen/retention"
	"limen/travel"
	"time"
)

// galleryEnds is when a voyage's gallery and its references must be gone.
func (a *App) galleryEnds(v *store.Voyage) time.Time {
	due, err := retention.Due(retention.VoyageGallery, v.Ends)
	if err != nil {
		panic("app: " + err.Error()) // a class of our own table
	}
	return due
}

// AddReference takes a passenger's reference photograph into the gallery of
// the voyage and returns whether it is usable. An unusable one is recorded
// with its reason and nothing of it is kept; a passenger who is ready stays
// ready. Errors: NotFound for an unknown passenger, Conflict after close-out,
// those of the engine for bytes that are no image.
func (a *App) AddReference(ctx context.Context, by Actor, id travel.PassengerID, source gallery.Source, img []byte) (gallery.Readiness, error) {
	v, _, err := a.referable(ctx, by, id)
	if err != nil {
		return "", err
	}
	sample, err := a.Engine.Extract(ctx, img)
	if code := errs.CodeOf(err); err != nil && code != "no-face" && code != "not-a-face" {
		return "", err
	}
	ready := gallery.NoFace
	if err == nil {
		ready = a.References.Assess(sample)
	}
	ref := store.Reference{ID: newID(), Created: a.Now(), Reference: gallery.Reference{
		Passenger: id, Source: source, Readiness: ready, Model: a.Engine.Model(), Quality: sample.Quality}}
	var sealed store.Sealed
	if ready == gallery.Ready {
		if sealed, err = a.sealSample(ctx, string(id), sample); err != nil {
			return "", err
		}
		sealed.Class, sealed.Due = retention.VoyageGallery, a.galleryEnds(v)
		ref.KeyID = sealed.KeyID
	}
	g, err := a.gallery(ctx, v) // before the write, or building would add it twice
	if err != nil {
		return "", err
	}
	if err := a.store.Write(ctx, func(tx *store.Tx) error { return a.putReference(tx, by, ref, sealed) }); err != nil {
		return "", err
	}
	// A crash here leaves the sealed reference in the store; the gallery is
	// rebuilt from there.
	if ready == gallery.Ready {
		if err := g.Add(id, sample.Template); err != nil {
			return "", err
		}
	}
	a.Metrics.References.WithLabelValues(string(ready)).Inc()
	a.Changed.Publish()
	return ready, nil
}

func (a *App) referable(ctx context.Context, by Actor, id travel.PassengerID) (v *store.Voyage, p *store.Passenger, err error) {
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		if p, err = tx.Passenger(id); err != nil {
			return err
		}
		if p == nil || !p.Removed.IsZero() {
			return errs.New(errs.NotFound, "passenger-unknown", "there is no passenger with this id")
		}
		if v, err = by.voyage(tx, p.Voyage); err != nil {
			return err
		}
		return open(v)
	})
	return v, p, err
}

// open returns a Conflict error if a voyage is closed.
func open(v *store.Voyage) error {
	if !v.Closed.IsZero() {
		return errs.New(errs.Conflict, "voyage-closed", "the voyage was closed out; an officer records who still crosses")
	}
	return nil
}

func (a *App) putReference(tx *store.Tx, by Actor, ref store.Reference, sealed store.Sealed) error {
	p, err := tx.Passenger(ref.Passenger)
	if err != nil {
		return err
	}
	if ref.KeyID != "" {
		if err := tx.InsertSealed(sealed); err != nil {
			return err
		}
	}
	if err := tx.InsertReference(ref); err != nil {
		return err
	}
	if p.Readiness != gallery.Ready {
		p.Readiness = ref.Readiness
		if err := tx.PutPassenger(*p); err != nil {
			return err
		}
	}
	return tx.Audit(audit.Entry{At: ref.Created, Actor: by.Key, Action: "reference-added", Subject: string(ref.Passenger), Purpose: "identification at the border"})
}

// subjectQuality is the JPEG quality of stored crops: what an officer compares
// by eye.
const subjectQuality = 88

func encodeSubject(img *image.RGBA) ([]byte, error) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: subjectQuality}); err != nil {
		return nil, errs.New(errs.Broken, "image-encode", "the subject's image cannot be written: %w", err)
	}
	return b.Bytes(), nil
}
