package app

import (
	"bytes"
	"context"
	"image"
	"image/jpeg"
	"time"

	"limen/audit"
	"limen/biometric"
	"limen/errs"
	"limen/gallery"
	"limen/internal/store"
	"limen/retention"
	"limen/travel"
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
	select {
	case a.enrolling <- struct{}{}:
		defer func() { <-a.enrolling }()
	case <-ctx.Done():
		return "", errs.Retry(time.Second, "busy", "other references are being worked on")
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
	var kept store.Item
	if ready == gallery.Ready {
		if kept, err = item(string(id), sample); err != nil {
			return "", err
		}
		kept.Class, kept.Due = retention.VoyageGallery, a.galleryEnds(v)
		ref.Item = kept.ID
	}
	if err := a.enroll(ctx, by, v, ref, kept, sample); err != nil {
		return "", err
	}
	a.Metrics.References.WithLabelValues(string(ready)).Inc()
	a.Changed.Publish()
	return ready, nil
}

// enroll makes a reference durable and puts it into the gallery.
//
// What a crash leaves: before the commit nothing; after it the sealed
// reference, from which the gallery is rebuilt.
func (a *App) enroll(ctx context.Context, by Actor, v *store.Voyage, ref store.Reference, kept store.Item, sample biometric.Sample) error {
	unlock, err := a.voyages.lock(ctx, string(v.ID))
	if err != nil {
		return err
	}
	defer unlock()
	g, err := a.galleryLocked(ctx, v.ID) // before the write, or it would be added twice
	if err != nil {
		return err
	}
	if err := a.store.Write(ctx, func(tx *store.Tx) error { return a.putReference(tx, by, ref, kept) }); err != nil {
		return err
	}
	if ref.Readiness != gallery.Ready {
		return nil
	}
	return g.Add(ref.Passenger, sample.Template)
}

func (a *App) referable(ctx context.Context, by Actor, id travel.PassengerID) (v *store.Voyage, p *store.Passenger, err error) {
	err = a.store.Read(ctx, func(tx *store.Tx) error { v, p, err = by.referable(tx, id); return err })
	return v, p, err
}

// referable returns a passenger who may get a reference, with the voyage.
func (by Actor) referable(tx *store.Tx, id travel.PassengerID) (*store.Voyage, *store.Passenger, error) {
	p, err := tx.Passenger(id)
	if err != nil {
		return nil, nil, err
	}
	if p == nil || !p.Removed.IsZero() {
		return nil, nil, errs.New(errs.NotFound, "passenger-unknown", "there is no passenger with this id")
	}
	v, err := by.voyage(tx, p.Voyage)
	if err != nil {
		return nil, nil, err
	}
	x, err := tx.CrossingOf(v.ID, p.Traveler, v.Direction)
	if err != nil {
		return nil, nil, err
	}
	if x != nil {
		// A citizen's portrait that left at the gate must not come back.
		return nil, nil, errs.New(errs.Conflict, "already-crossed", "this passenger has crossed and needs no reference any more")
	}
	return v, p, open(v)
}

// open returns a Conflict error if a voyage is closed.
func open(v *store.Voyage) error {
	if !v.Closed.IsZero() {
		return errs.New(errs.Conflict, "voyage-closed", "the voyage was closed out; an officer records who still crosses")
	}
	return nil
}

func (a *App) putReference(tx *store.Tx, by Actor, ref store.Reference, kept store.Item) error {
	// The voyage may have closed, or the passenger left, while the engine worked.
	_, p, err := by.referable(tx, ref.Passenger)
	if err != nil {
		return err
	}
	if ref.Item != "" {
		n, err := tx.References(ref.Passenger)
		if err != nil {
			return err
		}
		if n >= gallery.MaxReferences {
			return errs.New(errs.Conflict, "gallery-references", "a passenger has at most %d references", gallery.MaxReferences)
		}
		if err := tx.InsertItem(kept); err != nil {
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
