package linkage

import "strings"

// weigher compares names by their shares.
type weigher struct{ shares Shares }

// namesOutcome is one way of laying the names of two people against each other.
type namesOutcome struct {
	surname, given side
	order          Level // "" where surname stands against surname
}

type side struct {
	level Level
	bits  float64
}

func (o namesOutcome) bits() float64 {
	b := o.surname.bits + o.given.bits
	if o.order != "" {
		b += bits(NameOrderField, o.order)
	}
	if o.surname.bits > 0 && o.given.bits > 0 {
		b -= togetherBits
	}
	return b
}

// names lays the names of two people against each other as they stand, with
// surname and given names swapped, and all parts together whichever name they
// are of; the way that says most counts.
func (w weigher) names(out []Evidence, a, b *profile) []Evidence {
	best := namesOutcome{surname: w.field(a.surname, b.surname, SurnameField), given: w.field(a.given, b.given, GivenNamesField)}
	if !whole(best.surname.level) || !whole(best.given.level) {
		swapped := namesOutcome{surname: w.field(a.surname, b.given, SurnameField), given: w.field(a.given, b.surname, GivenNamesField), order: Swapped}
		for _, o := range []namesOutcome{swapped, w.mixed(a, b)} {
			if o.bits() > best.bits() {
				best = o
			}
		}
	}
	given := best.given.bits
	if best.surname.bits > 0 && given > 0 {
		given -= togetherBits
	}
	out = append(out, Evidence{Field: SurnameField, Level: best.surname.level, Bits: tenths(best.surname.bits)},
		Evidence{Field: GivenNamesField, Level: best.given.level, Bits: tenths(given)})
	if best.order != "" {
		out = append(out, evidence(NameOrderField, best.order, 0))
	}
	return out
}

// whole reports whether a name agrees so well that no other way of laying it
// need be tried.
func whole(l Level) bool { return l == Same || l == Variant }

// mixed lays all parts of the names of two people against each other. What
// agrees is told as of the surname and of the given names half and half.
func (w weigher) mixed(a, b *profile) namesOutcome {
	all := func(p *profile) names {
		parts := make([]name, 0, len(p.surname.parts)+len(p.given.parts))
		n := names{parts: append(append(parts, p.surname.parts...), p.given.parts...)}
		n.joined.written = p.surname.joined.written + p.given.joined.written
		n.joined.fold = p.surname.joined.fold + p.given.joined.fold
		return n
	}
	x, y := all(a), all(b)
	if len(x.parts) < 2 || len(y.parts) < 2 {
		return namesOutcome{surname: side{Different, -100}, order: Mixed}
	}
	s := w.align(x.parts, y.parts, 2)
	level, total := s.outcome(GivenNamesField)
	if level == Different || level == Partly { // brothers and sisters have that
		return namesOutcome{surname: side{Different, -100}, order: Mixed}
	}
	half := min(total, maxSurnameBits+maxGivenBits) / 2
	return namesOutcome{surname: side{level, half}, given: side{level, half}, order: Mixed}
}

// field compares two surnames, or two persons' given names.
func (w weigher) field(a, b names, f Field) side {
	if len(a.parts) == 0 || len(b.parts) == 0 {
		return side{Unknown, 0}
	}
	limit := float64(maxSurnameBits)
	if f == GivenNamesField {
		limit = maxGivenBits
	}
	if a.joined.fold == b.joined.fold { // JEAN PIERRE and JEANPIERRE are alike, too
		level := Variant
		if a.joined.written == b.joined.written {
			level = Same
		}
		return side{level, min(min(w.rarity(a.parts), w.rarity(b.parts)), limit) + bits(NamesField, level)}
	}
	level, total := w.align(a.parts, b.parts, 1).outcome(f)
	return side{level, min(total, limit)}
}

// rarity is that of all parts of a name, the rarest in full.
func (w weigher) rarity(parts []name) float64 {
	rarest, total := 0.0, 0.0
	for _, p := range parts {
		r := w.shares.rarity(foldForm, p.fold)
		rarest, total = max(rarest, r), total+r
	}
	return rarest + laterNames*(total-rarest)
}

// part compares two parts of names. It returns Different where they say nothing
// for each other; else the bits are above 0, or close to it.
func (w weigher) part(a, b name) (Level, float64) {
	rarity := func(form, x, y string) float64 {
		r := w.shares.rarity(form, x)
		if x != y {
			r = min(r, w.shares.rarity(form, y))
		}
		return r
	}
	level, form, x, y := Different, foldForm, a.fold, b.fold
	switch short, long := inOrder(a.written, b.written); {
	case long == short:
		level = Same
	case a.fold == b.fold:
		level = Variant
	case len(short) >= 4 && strings.HasPrefix(long, short) && (a.last && len(a.written) < len(b.written) || b.last && len(b.written) < len(a.written)):
		level = Cut
	case len(short) >= 4 && (oneEdit(a.written, b.written) || oneEdit(a.fold, b.fold)):
		level = Typo
	case len(a.skeleton) >= 2 && a.skeleton == b.skeleton:
		level, form, x, y = Sound, skeletonForm, a.skeleton, b.skeleton
	case len(short) <= 2 && strings.HasPrefix(long, short):
		return Initial, bits(NamesField, Initial)
	default:
		return Different, 0
	}
	return level, rarity(form, x, y) + bits(NamesField, level)
}

func inOrder(a, b string) (short, long string) {
	if len(a) > len(b) {
		return b, a
	}
	return a, b
}

// oneEdit reports whether one letter of a is other in b, missing, added, or has
// changed places with its neighbor.
func oneEdit(a, b string) bool {
	a, b = inOrder(a, b)
	if len(b)-len(a) > 1 || len(a) < 4 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) < len(b) {
		return a[i:] == b[i+1:]
	}
	if i == len(a) || a[i+1:] == b[i+1:] {
		return true
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}
