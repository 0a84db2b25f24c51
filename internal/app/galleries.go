package app

import (
	"context"

	"limen/biometric"
	"limen/errs"
	"limen/gallery"
	"limen/internal/seal"
	"limen/internal/store"
	"limen/travel"
)

// gallery returns the gallery of a voyage, building it from the sealed
// references if this process does not hold it yet.
func (a *App) gallery(ctx context.Context, v *store.Voyage) (*gallery.Gallery, error) {
	if g := a.held(v.ID); g != nil {
		return g, nil
	}
	defer a.voyages.lock(string(v.ID))()
	return a.galleryLocked(ctx, v)
}

// galleryLocked is gallery for a caller that holds the voyage's lock: what is
// erased while a gallery is built would come back to life in it.
func (a *App) galleryLocked(ctx context.Context, v *store.Voyage) (*gallery.Gallery, error) {
	if g := a.held(v.ID); g != nil {
		return g, nil
	}
	g, err := a.build(ctx, v)
	if err != nil {
		return nil, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.galleries[v.ID] = g
	return g, nil
}

// held returns the gallery in memory, or nil.
func (a *App) held(v travel.VoyageID) *gallery.Gallery {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.galleries[v]
}

func (a *App) build(ctx context.Context, v *store.Voyage) (*gallery.Gallery, error) {
	g, err := gallery.New(v.ID, a.Engine.Model(), a.Engine.Features(), a.galleryEnds(v))
	if err != nil {
		return nil, err
	}
	var items []store.Sealed
	if err := a.store.Read(ctx, func(tx *store.Tx) error { items, err = tx.GalleryItems(v.ID); return err }); err != nil {
		return nil, err
	}
	for _, s := range items {
		if s.Model != a.Engine.Model() {
			continue // made by an earlier model: it cannot meet today's probes
		}
		t, err := a.unseal(ctx, s)
		if err != nil {
			return nil, err
		}
		if err := g.Add(travel.PassengerID(s.Subject), t); err != nil {
			return nil, err
		}
	}
	return g, nil
}

// dropGallery forgets a voyage's gallery and overwrites its templates.
func (a *App) dropGallery(v travel.VoyageID) {
	a.mu.Lock()
	g := a.galleries[v]
	delete(a.galleries, v)
	a.mu.Unlock()
	if g != nil {
		g.Clear()
	}
}

func (a *App) forget(v travel.VoyageID, p travel.PassengerID) {
	if g := a.held(v); g != nil {
		g.Remove(p)
	}
}

func (a *App) unseal(ctx context.Context, s store.Sealed) (biometric.Template, error) {
	key, err := a.keys.Key(ctx, s.KeyID)
	if err != nil {
		return biometric.Template{}, err
	}
	b, err := seal.Open(key, templateContext(s.Subject, s.Model), s.Template)
	if err != nil {
		return biometric.Template{}, err
	}
	return biometric.UnmarshalTemplate(s.Model, b)
}

func templateContext(subject string, m biometric.ModelID) seal.Context {
	return seal.Context{Subject: subject, Kind: "template", Model: m.String()}
}

// sealSample encrypts a sample's crop and template under a new data key. Class
// and due are left to the caller.
func (a *App) sealSample(ctx context.Context, subject string, s biometric.Sample) (store.Sealed, error) {
	id, key, err := a.keys.Mint(ctx)
	if err != nil {
		return store.Sealed{}, err
	}
	out := store.Sealed{KeyID: id, Subject: subject, Model: s.Template.Model()}
	if s.Subject != nil {
		jpeg, err := encodeSubject(s.Subject)
		if err != nil {
			return store.Sealed{}, err
		}
		if out.Image, err = seal.Seal(key, seal.Context{Subject: subject, Kind: "image"}, jpeg); err != nil {
			return store.Sealed{}, err
		}
	}
	t, err := s.Template.MarshalBinary()
	if err != nil {
		return store.Sealed{}, errs.New(errs.Broken, "template", "a template cannot be written: %w", err)
	}
	out.Template, err = seal.Seal(key, templateContext(subject, out.Model), t)
	return out, err
}

// unmint destroys the data key of an item that was not stored after all.
func (a *App) unmint(ctx context.Context, s store.Sealed) error {
	if s.KeyID == "" {
		return nil
	}
	return a.keys.Destroy(context.WithoutCancel(ctx), s.KeyID)
}
