package app

import (
	"context"

	"limen/biometric"
	"limen/errs"
	"limen/gallery"
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
	var items []store.Item
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
func (a *App) restore(ctx context.Context, g *gallery.Gallery, s store.Item) error {
	if s.Model != a.Engine.Model() {
		return errs.New(errs.Invalid, "template-model", "the reference was made by another model")
	}
	opened, err := a.store.Unseal(ctx, s)
	if err != nil {
		return err
	}
	t, err := biometric.UnmarshalTemplate(s.Model, opened.Template)
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

// item makes an item of a sample's crop and template, not sealed yet: that is
// the store's to do. Class and due are left to the caller.
func item(subject string, s biometric.Sample) (out store.Item, err error) {
	out = store.Item{ID: newID(), Subject: subject, Model: s.Template.Model()}
	if s.Subject != nil {
		if out.Image, err = encodeSubject(s.Subject); err != nil {
			return out, err
		}
	}
	if out.Template, err = s.Template.MarshalBinary(); err != nil {
		return out, errs.New(errs.Broken, "template", "a template cannot be written: %w", err)
	}
	return out, nil
}
