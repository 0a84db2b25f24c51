package retention_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"limen/errs"
	"limen/retention"
)

var noon = time.Date(2026, 2, 20, 12, 0, 0, 0, time.UTC)

func goodHold() retention.Hold {
	return retention.Hold{ID: "H-7", Subject: retention.Subject{Kind: retention.OfVoyage, ID: "ZZ12"}, Owner: "Office of Chief Counsel",
		Reason: "Docket 1:26-cv-101", Placed: noon, Until: noon.AddDate(1, 0, 0)}
}

func TestHoldCheck(t *testing.T) {
	if err := goodHold().Check(); err != nil {
		t.Fatal(err)
	}
	lifted := goodHold()
	lifted.Lifted, lifted.LiftedBy = noon, "Office of Chief Counsel"
	if err := lifted.Check(); err != nil {
		t.Error(err)
	}
	for want, spoil := range map[string]func(*retention.Hold){
		"needs an id":      func(h *retention.Hold) { h.ID = "" },
		"at most 64":       func(h *retention.Hold) { h.ID = strings.Repeat("x", 65) },
		"needs the kind":   func(h *retention.Hold) { h.Subject.Kind = "" },
		"kind and the id":  func(h *retention.Hold) { h.Subject.Kind = "person" },
		"of what it keeps": func(h *retention.Hold) { h.Subject.ID = "" },
		"needs an owner":   func(h *retention.Hold) { h.Owner = "" },
		"at most 100":      func(h *retention.Hold) { h.Owner = strings.Repeat("é", 101) },
		"needs a reason":   func(h *retention.Hold) { h.Reason = "" },
		"at most 500":      func(h *retention.Hold) { h.Reason = strings.Repeat("é", 501) },
		"500 printable":    func(h *retention.Hold) { h.Reason = "two\nlines" },
		"100 printable":    func(h *retention.Hold) { h.Owner = "\x1b[2J" },
		"64 printable":     func(h *retention.Hold) { h.ID = "\xff" },
		"it was placed":    func(h *retention.Hold) { h.Placed = time.Time{} },
		"needs an end":     func(h *retention.Hold) { h.Until = time.Time{} },
		"cannot end":       func(h *retention.Hold) { h.Until = h.Placed },
		"lifted by":        func(h *retention.Hold) { h.LiftedBy = "somebody" },
		"not at all":       func(h *retention.Hold) { h.Lifted = h.Placed },
		"cannot be lifted": func(h *retention.Hold) { h.Lifted, h.LiftedBy = h.Placed.Add(-1), "somebody" },
		"that is no text":  func(h *retention.Hold) { h.Lifted, h.LiftedBy = h.Placed, "\x00" },
	} {
		h := goodHold()
		spoil(&h)
		err := h.Check()
		if errs.KindOf(err) != errs.Invalid || errs.CodeOf(err) != "hold" || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
}

func TestHoldActive(t *testing.T) {
	h := goodHold()
	lifted := h
	lifted.Lifted, lifted.LiftedBy = noon.Add(time.Hour), "counsel"
	for _, c := range []struct {
		hold retention.Hold
		at   time.Time
		want bool
	}{
		{h, noon.Add(-1), false},
		{h, noon, true},
		{h, h.Until.Add(-1), true},
		{h, h.Until, false},
		{lifted, noon, true},
		{lifted, noon.Add(time.Hour - 1), true},
		{lifted, noon.Add(time.Hour), false},
		{retention.Hold{}, noon, false},
	} {
		if c.hold.Active(c.at) != c.want {
			t.Errorf("at %s, lifted %s: %v", c.at, c.hold.Lifted, !c.want)
		}
	}
}

// A citizen's image, and what may be one, is under no hold; all else may be.
func TestHoldable(t *testing.T) {
	never := []retention.Class{retention.CitizenImage, retention.Unresolved, retention.VoyageGallery}
	for _, r := range retention.Rules() {
		ok, why := retention.Holdable(r.Class)
		if ok == slices.Contains(never, r.Class) || ok != (why == "") {
			t.Errorf("%s: %v, %q", r.Class, ok, why)
		}
	}
	if ok, why := retention.Holdable("forever"); ok || why == "" {
		t.Error("an unknown class can be held")
	}
}

func TestHeldIsTheLongest(t *testing.T) {
	voyage, traveler := goodHold(), goodHold()
	traveler.ID, traveler.Subject, traveler.Until = "H-8", retention.Subject{Kind: retention.OfTraveler, ID: "t1"}, noon.AddDate(2, 0, 0)
	lifted := traveler
	lifted.ID, lifted.Until, lifted.Lifted, lifted.LiftedBy = "H-9", noon.AddDate(9, 0, 0), noon, "counsel"
	// An id is an id of its kind.
	other := traveler
	other.ID, other.Subject.Kind, other.Until = "H-10", retention.OfPassenger, noon.AddDate(9, 0, 0)
	holds := []retention.Hold{voyage, traveler, lifted, other}
	for _, c := range []struct {
		of   []retention.Subject
		want string
	}{
		{[]retention.Subject{voyage.Subject}, "H-7"},
		{[]retention.Subject{voyage.Subject, traveler.Subject}, "H-8"},
		{[]retention.Subject{{Kind: retention.OfVoyage, ID: "t1"}}, ""},
		{nil, ""},
	} {
		got := ""
		if h := retention.Held(holds, noon.Add(time.Hour), retention.CrossingNonimmigrant, c.of...); h != nil {
			got = h.ID
		}
		if got != c.want {
			t.Errorf("%v: held by %q, want %q", c.of, got, c.want)
		}
	}
}

var classes = func() (all []retention.Class) {
	for _, r := range retention.Rules() {
		all = append(all, r.Class)
	}
	return all
}()

func drawHold(t *rapid.T) retention.Hold {
	h := goodHold()
	h.ID = rapid.SampledFrom([]string{"H-1", "H-2", "H-3"}).Draw(t, "id")
	h.Subject = retention.Subject{
		Kind: rapid.SampledFrom([]retention.SubjectKind{retention.OfTraveler, retention.OfVoyage, retention.OfEncounter, retention.OfPassenger}).Draw(t, "kind"),
		ID:   rapid.SampledFrom([]string{"a", "b"}).Draw(t, "subject")}
	h.Placed = noon.Add(time.Duration(rapid.IntRange(-1000, 10).Draw(t, "placed")) * time.Hour)
	h.Until = h.Placed.Add(time.Duration(rapid.IntRange(1, 100000).Draw(t, "hours")) * time.Hour)
	if rapid.Bool().Draw(t, "is lifted") {
		h.Lifted, h.LiftedBy = h.Placed.Add(time.Duration(rapid.IntRange(0, 1000).Draw(t, "lifted"))*time.Hour), "counsel"
	}
	return h
}

// Whatever holds there are: no citizen's image and no capture that may be one
// stays a moment longer, and every other class stays exactly if a hold on it is
// active.
func TestHoldsNeverKeepACitizensImage(t *testing.T) {
	for _, class := range classes {
		rapid.Check(t, func(t *rapid.T) { holdAgainst(t, class) })
	}
}

func holdAgainst(t *rapid.T, class retention.Class) {
	h := drawHold(t)
	if err := h.Check(); err != nil {
		t.Fatal(err)
	}
	item := retention.Item{Subject: h.Subject, Class: class, Hold: &h,
		Due: noon.Add(time.Duration(rapid.IntRange(-100, 100).Draw(t, "due")) * time.Hour)}
	held := retention.Held([]retention.Hold{h}, noon, class, h.Subject) != nil
	kept := item.KeptBy(noon) != nil
	switch class {
	case retention.CitizenImage, retention.Unresolved, retention.VoyageGallery:
		if held || kept {
			t.Fatalf("%s is kept by a hold", class)
		}
	default:
		if held != h.Active(noon) || kept != (held && h.Until.After(item.Due)) {
			t.Fatalf("%s: held %v, kept %v by %+v", class, held, kept, h)
		}
	}
}
