package linkage

import (
	"iter"
	mathbits "math/bits"
	"slices"
)

// Index finds candidates by their keys, in memory: 12 bytes a key, some 12 keys
// a person, and nothing of the people themselves. It does not change once made;
// any number of goroutines may ask it.
type Index struct {
	hashes []uint64 // of all keys, sorted
	people []int32  // who has the key, beside its hash
	start  []uint32 // where the hashes with the same first bits begin
	shift  int
}

// NewIndex makes an index of people, who are known by their position from 0.
// Sorting the keys takes n log n; a question takes no longer in a large index
// than in a small one, but for blocks that grow.
func NewIndex(people iter.Seq[Person]) *Index {
	type entry struct {
		hash   uint64
		person int32
	}
	var all []entry
	n := int32(0)
	for p := range people {
		for _, k := range Keys(p) {
			all = append(all, entry{hash(k), n})
		}
		n++
	}
	slices.SortFunc(all, func(a, b entry) int {
		switch {
		case a.hash < b.hash:
			return -1
		case a.hash > b.hash:
			return 1
		}
		return int(a.person) - int(b.person)
	})
	x := &Index{hashes: make([]uint64, len(all)), people: make([]int32, len(all))}
	for i, e := range all {
		x.hashes[i], x.people[i] = e.hash, e.person
	}
	x.direct()
	return x
}

// direct notes where the hashes with the same first bits begin, a few a place.
func (x *Index) direct() {
	width := max(mathbits.Len(uint(len(x.hashes)))-2, 1)
	x.shift = 64 - width
	x.start = make([]uint32, 1<<width+1)
	for _, h := range x.hashes {
		x.start[h>>x.shift+1]++
	}
	for i := 1; i < len(x.start); i++ {
		x.start[i] += x.start[i-1]
	}
}

// block returns the people whose keys have a hash, or more than MaxBlock of
// them if there are more.
func (x *Index) block(h uint64) []int32 {
	at := h >> x.shift
	from, to := int(x.start[at]), int(x.start[at+1])
	first, _ := slices.BinarySearch(x.hashes[from:to], h)
	from += first
	end := from
	for end < to && end-from <= MaxBlock && x.hashes[end] == h {
		end++
	}
	return x.people[from:end]
}

// Candidates appends to into the people whom Gather finds for p, in their order.
// Two keys of one hash (one in billions) give a candidate too many, never one
// too few.
func (x *Index) Candidates(p Person, into []int32) (found []int32, notAllSeen bool) {
	found, notAllSeen, _ = Gather(into, SearchKeys(p), func(k Key) ([]int32, error) { return x.block(hash(k)), nil })
	return found, notAllSeen
}

// Keys returns how many keys the index has.
func (x *Index) Keys() int { return len(x.hashes) }

// hash is FNV-1a of 64 bits, with its last bits mixed into the first ones, by
// which the index is divided.
func hash(k Key) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(k) {
		h = (h ^ uint64(k[i])) * 1099511628211
	}
	h = (h ^ h>>32) * 0x9e3779b97f4a7c15
	return h ^ h>>29
}
