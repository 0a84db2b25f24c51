package sim

import (
	"limen/travel"
)

// shares are how many of the full cast meet each fate; a smaller cast meets
// them in proportion.
var shares = []struct {
	fate  Fate
	count int
	may   func(*Passenger) bool
}{
	{OptsOut, 5, (*Passenger).Citizen},
	{NoShow, 4, anyone},
	{LendsPicture, 1, departingAlien},
	{SpoiltOnce, 18, anyone},
	{SpoiltAlways, 1, anyone},
}

var filed = []struct {
	what  OnFile
	count int
}{{Missing, 3}, {TooSmall, 2}, {Blurred, 2}, {NotAFace, 1}}

func anyone(*Passenger) bool { return true }

// departingAlien is whose absence a picture would hide: the one who stays on
// while a friend makes the system believe in a departure.
func departingAlien(p *Passenger) bool { return p.Earlier != nil }

// share scales a count of the full cast to n passengers, rounding to nearest.
func share(count, n int) int { return (count*n + fullCast/2) / fullCast }

// fates gives every passenger one, and some an unusable portrait, an overstay
// or a new passport.
func (b *builder) fates() {
	var all []*Passenger
	for _, v := range b.plan.Voyages {
		all = append(all, v.Passengers...)
	}
	b.rnd.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	for _, s := range shares {
		b.pick(all, share(s.count, len(all)), s.may, func(p *Passenger) { p.Fate = s.fate })
	}
	for _, f := range filed {
		b.pick(all, share(f.count, len(all)), func(p *Passenger) bool { return p.OnFile == Usable }, func(p *Passenger) { p.OnFile = f.what })
	}
	plain := func(p *Passenger) bool { return p.OnFile == Usable && departingAlien(p) }
	dated := func(p *Passenger) bool {
		return plain(p) && !p.Earlier.AdmitUntil.IsZero() && p.Class != classWorker && p.Class != classTransfer
	}
	b.pick(all, share(2, len(all)), dated, b.overstays)
	b.pick(all, share(1, len(all)), func(p *Passenger) bool { return plain(p) && !p.Overstay(b.plan.Day) && p.Class != classResident }, b.renewed)
}

// pick does something to the first n plain passengers who qualify.
func (b *builder) pick(all []*Passenger, n int, may func(*Passenger) bool, do func(*Passenger)) {
	for _, p := range all {
		if n == 0 {
			return
		}
		if p.Fate == Plain && may(p) {
			do(p)
			n--
		}
	}
}

// overstays moves the admission back until its last day is 8 to 40 days ago.
func (b *builder) overstays(p *Passenger) {
	back := p.Earlier.AdmitUntil.DaysUntil(b.plan.Day) - 8 - b.rnd.IntN(33)
	p.Earlier.Day = p.Earlier.Day.AddDays(back)
	p.Earlier.AdmitUntil = p.Earlier.AdmitUntil.AddDays(back)
}

// renewed makes the admission one on a passport that has since been replaced.
func (b *builder) renewed(p *Passenger) {
	old := p.Documents[0]
	old.Number = b.cast.pattern(digits(old.Number))
	old.Expiry = b.plan.Day.AddDays(-1 - b.rnd.IntN(20))
	p.Earlier.Document = old
}

// digits turns a number back into its form.
func digits(number string) string {
	out := []byte(number)
	for i, r := range out {
		if r >= '0' && r <= '9' {
			out[i] = '9'
		} else {
			out[i] = 'A'
		}
	}
	return string(out)
}

// visits lines everybody up at their gates, strangers among them.
func (b *builder) visits() {
	spare := b.plan.Strangers
	next := func() *Face {
		f := spare[0]
		if len(spare) > 1 {
			spare = spare[1:]
		}
		return f
	}
	departures := b.departures()
	intruders := share(4, b.passengers)
	for i, v := range b.plan.Voyages {
		for _, p := range v.Passengers {
			b.visit(v, p, next)
		}
		for range perVoyage(intruders, i, len(departures)) {
			if v.Direction == travel.Exit && len(b.plan.Strangers) > 0 {
				f := next()
				v.Visits = append(v.Visits, &Visit{TruePerson: f, Fate: StrangerComes, Frames: b.shots(f, StrangerComes)})
			}
		}
		b.rnd.Shuffle(len(v.Visits), func(i, j int) { v.Visits[i], v.Visits[j] = v.Visits[j], v.Visits[i] })
		for k, visit := range v.Visits {
			visit.Encounter = k + 1
		}
	}
}

func perVoyage(total, i, n int) int {
	if i >= n {
		return 0
	}
	return (total*(i+1))/n - total*i/n
}

func (b *builder) departures() (out []*Voyage) {
	for _, v := range b.plan.Voyages {
		if v.Direction == travel.Exit {
			out = append(out, v)
		}
	}
	return out
}

func (b *builder) visit(v *Voyage, p *Passenger, stranger func() *Face) {
	switch p.Fate {
	case NoShow:
	case OptsOut:
		v.Visits = append(v.Visits, &Visit{TruePerson: p.Face, Passenger: p, Fate: OptsOut})
	case LendsPicture:
		if len(b.plan.Strangers) == 0 {
			return
		}
		f := stranger()
		frames := b.shots(f, HoldsPicture)
		for i := range frames {
			frames[i].PrintOf = p.Face
		}
		v.Visits = append(v.Visits, &Visit{TruePerson: f, Fate: HoldsPicture, Frames: frames})
	default:
		v.Visits = append(v.Visits, &Visit{TruePerson: p.Face, Passenger: p, Fate: p.Fate, Frames: b.shots(p.Face, p.Fate)})
	}
}
