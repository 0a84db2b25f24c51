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
// references if this process does not hold it yet. After close-out there is
// none: a Conflict (code "voyage-closed").
func (a *App) gallery(ctx context.Context, v travel.VoyageID) (*gallery.Gallery, error) {
	if g := a.held(v); g != nil {
		return g, nil
	}
	unlock, err := a.voyages.lock(ctx, string(v))
	if err != nil {
		return nil, err
	}
	defer unlock()
	return a.galleryLocked(ctx, v)
}

// galleryLocked is gallery for a caller that holds the voyage's lock: what is
// erased while a gallery is built would come back to life in it.
func (a *App) galleryLocked(ctx context.Context, v travel.VoyageID) (*gallery.Gallery, error) {
	if g := a.held(v); g != nil {
		return g, nil
	}
	g, err := a.build(ctx, v)
	if err != nil {
		return nil, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.galleries[v] = g
	return g, nil
}

// held returns the gallery in memory, or nil.
func (a *App) held(v travel.VoyageID) *gallery.Gallery {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.galleries[v]
}

// build reads a voyage's references. One that cannot be read costs its
// passenger a manual check, not the voyage its gallery.
func (a *App) build(ctx context.Context, id travel.VoyageID) (*gallery.Gallery, error) {
	var v *store.Voyage
	var items []store.Sealed
	err := a.store.Read(ctx, func(tx *store.Tx) (err error) {
		if v, err = tx.Voyage(id); err != nil {
			return err
		}
		if v == nil {
			return errs.New(errs.NotFound, "voyage-unknown", "there is no voyage with this id: was its manifest sent?")
		}
		if err := open(v); err != nil {
			return err
		}
		items, err = tx.GalleryItems(id)
		return err
	})
	if err != nil {
		return nil, err
	}
	g, err := gallery.New(id, a.Engine.Model(), a.Engine.Features(), a.galleryEnds(v))
	if err != nil {
		return nil, err
	}
	for _, s := range items {
		if err := a.restore(ctx, g, s); err != nil {
			if ctx.Err() != nil {
				return nil, err
			}
			a.Log.ErrorContext(ctx, "a reference cannot be used; its passenger goes to an officer", "voyage", id, "passenger", s.Subject, "error", err)
		}
	}
	return g, nil
}

// restore puts one sealed reference into a gallery. One made by another model
// cannot meet today's probes.
func (a *App) restore(ctx context.Context, g *gallery.Gallery, s store.Sealed) error {
	if s.Model != a.Engine.Model() {
		return errs.New(errs.Invalid, "template-model", "the reference was made by another model")
	}
	t, err := a.unseal(ctx, s)
	if err != nil {
		return err
	}
	return g.Add(travel.PassengerID(s.Subject), t)
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
