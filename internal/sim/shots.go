package sim

import (
	"math"

	"limen/internal/sim/scene"
)

// attempts is how often a person may be asked to look again.
const attempts = 3

// shots plans the frames of one visit.
func (b *builder) shots(f *Face, fate Fate) []Shot {
	first := b.rnd.IntN(f.LiveImages())
	out := make([]Shot, attempts)
	for n := range out {
		s := Shot{Shot: b.goodShot(), Live: first + n}
		if b.rnd.IntN(100) < 35 {
			s.Behind = b.bystander(f)
		}
		if fate == HoldsPicture { // whoever holds a picture holds it well
			s.Yaw, s.Motion, s.Defocus, s.Behind = 0, 2, 0, nil
			s.FaceHeight = 190 + 90*b.rnd.Float64()
		}
		if fate == SpoiltAlways || fate == SpoiltOnce && n == 0 {
			b.spoil(&s)
		}
		out[n] = s
	}
	return out
}

func (b *builder) bystander(not *Face) *Face {
	people := b.plan.Faces.People
	i := b.rnd.IntN(len(people))
	if people[i] == not {
		i = (i + 1) % len(people)
	}
	return people[i]
}

// about draws from a bell curve and never goes beyond the limit.
func (b *builder) about(mean, spread, limit float64) float64 {
	return mean + math.Min(math.Max(b.rnd.NormFloat64()*spread, -limit), limit)
}

// goodShot is a frame in which a fair system should find what it needs: the
// spread is that of people walking up to a gate, not of a photo studio.
func (b *builder) goodShot() scene.Shot {
	s := scene.Shot{
		Seed:       b.rnd.Uint64(),
		FaceHeight: b.about(270, 60, 130),
		X:          b.about(0.5, 0.05, 0.12),
		Y:          b.about(0.43, 0.025, 0.05),
		Roll:       b.about(0, 3, 8),
		Gain:       b.about(1, 0.08, 0.2),
		Gamma:      b.about(1, 0.1, 0.25),
		Warmth:     b.about(0, 0.35, 0.9),
		Side:       b.about(0, 0.3, 0.8),
		Motion:     b.rnd.IntN(5),
		Noise:      b.about(2.5, 0.8, 1.5),
		Quality:    75 + b.rnd.IntN(18),
	}
	if b.rnd.IntN(3) == 0 {
		s.Yaw = b.about(0, 5, 10)
	}
	if b.rnd.IntN(4) == 0 {
		s.Defocus = 1
	}
	return s
}

// spoil makes a good frame one that no careful system should accept.
func (b *builder) spoil(s *Shot) {
	s.Spoil = []Spoil{TooDark, Moved, Turned, TooFar, OutOfFrame}[b.spoilt%5]
	b.spoilt++
	switch s.Spoil {
	case TooDark:
		s.Gain, s.Gamma, s.Noise = 0.22+0.08*b.rnd.Float64(), 1.7, 5
	case Moved:
		s.Motion = int(s.FaceHeight * (0.28 + 0.12*b.rnd.Float64()))
	case Turned:
		s.Yaw = 58 + 12*b.rnd.Float64()
		if b.rnd.IntN(2) == 0 {
			s.Yaw = -s.Yaw
		}
	case TooFar:
		s.FaceHeight, s.Y = 40+14*b.rnd.Float64(), 0.56
		s.Behind = nil
	case OutOfFrame:
		s.X = 1 + 0.6*s.FaceHeight/scene.Width
		s.Behind = nil
	}
}
