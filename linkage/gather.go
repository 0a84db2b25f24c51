package linkage

import (
	"cmp"
	"slices"
)

const (
	// MaxBlock is how many people with one key are read. More are none: what a
	// key says of so many is too little to be worth the comparisons.
	MaxBlock = 256
	// MaxCandidates bounds how many people one departure is compared with.
	MaxCandidates = 64
	// fewBlock is up to how many people with one key are candidates by that key
	// alone. It keeps the number of comparisons from growing with the file.
	fewBlock = 2
)

// Gather appends to into the people who share one of keys, which are those of
// SearchKeys: each once, in their order. block returns who is filed under a key,
// and may stop after MaxBlock+1 of them. Of a key that more than two people
// have, only those who share another, too; several keys with the same parts of
// the birth date count as one there, but for the whole date.
//
// notAllSeen is true if a block had more than MaxBlock people and was left out,
// or if more than MaxCandidates were found, of whom those with a document in
// common and then those with the most keys are kept. It belongs into the Setting
// of the decision. An error of block ends it.
func Gather[ID cmp.Ordered](into []ID, keys []Key, block func(Key) ([]ID, error)) (found []ID, notAllSeen bool, err error) {
	var buf, kindBuf [2 * MaxBlock]ID
	all, ofKind, kind := buf[:0], kindBuf[:0], byte(0)
	flush := func() {
		slices.Sort(ofKind)
		all = append(all, slices.Compact(ofKind)...)
		ofKind = ofKind[:0]
	}
	for _, k := range keys { // sorted, so kind by kind
		if len(k) == 0 {
			continue
		}
		if k[0] != kind || kind == dateKind {
			flush()
			kind = k[0]
		}
		b, err := block(k)
		switch {
		case err != nil:
			return into, true, err
		case len(b) > MaxBlock:
			notAllSeen = true
		case kind == documentKind:
			for range MaxKeys { // before all others
				all = append(all, b...)
			}
		case len(b) <= fewBlock:
			all = append(append(all, b...), b...) // as if they shared two
		default:
			ofKind = append(ofKind, b...)
		}
	}
	flush()
	found, more := shared(into, all)
	return found, notAllSeen || more, nil
}

// shared appends those who are in all twice or more, at most MaxCandidates.
func shared[ID cmp.Ordered](into, all []ID) (found []ID, more bool) {
	slices.Sort(all)
	var times []int
	start := len(into)
	for i := 0; i < len(all); {
		n := 1
		for i+n < len(all) && all[i+n] == all[i] {
			n++
		}
		if n > 1 {
			into, times = append(into, all[i]), append(times, n)
		}
		i += n
	}
	found = into[start:]
	if len(found) <= MaxCandidates {
		return into, false
	}
	order := make([]int, len(found))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return times[b] - times[a] })
	kept := make([]ID, 0, MaxCandidates)
	for _, i := range order[:MaxCandidates] {
		kept = append(kept, found[i])
	}
	slices.Sort(kept)
	return append(into[:start], kept...), true
}
