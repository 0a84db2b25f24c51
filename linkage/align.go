package linkage

// alignment is what came of laying parts of names against each other, each
// against one other at most.
type alignment struct {
	total    float64
	worst    Level // of the parts that agree
	agreeing int
	leftA    int // parts without one that agrees
	leftB    int
	headless bool // the first part of the longer one has none that agrees
}

// levelOrder says which level is the worse of two.
var levelOrder = map[Level]int{Same: 1, Variant: 2, Sound: 3, Cut: 4, Typo: 5, Initial: 6}

// align pairs the parts of a with those of b, the pair that says most first.
// The bits of the best full pairs count in full, those of others in part: the
// names of one person go together.
func (w weigher) align(a, b []name, full int) alignment {
	type pair struct {
		i, j  int
		level Level
		bits  float64
	}
	var buf [16]pair
	pairs := buf[:0]
	for i := range a {
		for j := range b {
			if l, v := w.part(a[i], b[j]); l != Different {
				pairs = append(pairs, pair{i, j, l, v})
			}
		}
	}
	var usedA, usedB [2 * maxParts]bool
	out := alignment{leftA: len(a), leftB: len(b)}
	for out.leftA > 0 && out.leftB > 0 {
		best := -1
		for k, p := range pairs {
			if !usedA[p.i] && !usedB[p.j] && (best < 0 || p.bits > pairs[best].bits) {
				best = k
			}
		}
		if best < 0 {
			break
		}
		p := pairs[best]
		usedA[p.i], usedB[p.j] = true, true
		out.leftA--
		out.leftB--
		out.add(p.level, p.bits, full)
	}
	out.headless = out.leftA > 0 && !usedA[0] || out.leftB > 0 && !usedB[0]
	return out
}

func (s *alignment) add(l Level, bits float64, full int) {
	s.agreeing++
	if s.agreeing > full && bits > 0 {
		bits *= laterNames
	}
	s.total += bits
	if levelOrder[l] > levelOrder[s.worst] {
		s.worst = l
	}
}

// outcome is the level and the bits of a name of which parts were aligned.
func (s alignment) outcome(f Field) (Level, float64) {
	switch {
	case s.agreeing == 0:
		return Different, bits(f, Different)
	case s.leftA > 0 && s.leftB > 0:
		return Partly, s.total + bits(f, Partly)
	case s.leftA > 0 || s.leftB > 0:
		level := Fewer
		if levelOrder[s.worst] > levelOrder[Variant] {
			level = s.worst
		}
		if s.headless {
			return level, s.total + bits(NamesField, Fewer) - headlessBits
		}
		return level, s.total + bits(NamesField, Fewer)
	}
	return s.worst, s.total
}
