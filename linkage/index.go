package linkage

import (
	"cmp"
	"iter"
	mathbits "math/bits"
	"slices"
)

// Index finds candidates by their keys, in memory: 8 bytes a key, some 13 keys a
// person, and nothing of the people themselves. It does not change once made;
// any number of goroutines may ask it.
type Index struct {
	entries []entry  // by hash
	start   []uint32 // where the hashes with the same first bits begin
	shift   int      // all but those bits
}

// entry is a key, by the 32 bits of its hash after those it is found by, and who
// has it. A place has four to eight entries: one line of a cache.
type entry struct {
	rest   uint32
	person int32
}

// NewIndex makes an index of people, who are known by their position from 0.
// Sorting the keys takes n log n; a question takes no longer in a large index
// than in a small one, but for blocks that grow.
func NewIndex(people iter.Seq[Person]) *Index {
	type filed struct {
		hash   uint64
		person int32
	}
	var all []filed
	n := int32(0)
	for p := range people {
		for _, k := range Keys(p) {
			all = append(all, filed{hash(k), n})
		}
		n++
	}
	slices.SortFunc(all, func(a, b filed) int {
		return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.person, b.person))
	})
	width := max(mathbits.Len(uint(len(all)))-2, 1)
	x := &Index{entries: make([]entry, len(all)), start: make([]uint32, 1<<width+1), shift: 64 - width}
	for i, f := range all {
		x.entries[i] = entry{x.rest(f.hash), f.person}
		x.start[f.hash>>x.shift+1]++
	}
	for i := 1; i < len(x.start); i++ {
		x.start[i] += x.start[i-1]
	}
	return x
}

func (x *Index) rest(h uint64) uint32 { return uint32(h >> (x.shift - 32)) }

// block puts the people whose keys have a hash into the front of into, up to
// its length, and returns them.
func (x *Index) block(h uint64, into []int32) []int32 {
	at, rest := h>>x.shift, x.rest(h)
	place := x.entries[x.start[at]:x.start[at+1]]
	first, _ := slices.BinarySearchFunc(place, rest, func(e entry, r uint32) int { return cmp.Compare(e.rest, r) })
	n := 0
	for _, e := range place[first:] {
		if e.rest != rest || n == len(into) {
			break
		}
		into[n] = e.person
		n++
	}
	return into[:n]
}

// Candidates appends to into the people whom Gather finds for p, in their order.
// Two keys of one hash (one in millions of millions) give a candidate too many,
// never one too few.
func (x *Index) Candidates(p Person, into []int32) (found []int32, notAllSeen bool) {
	var buf [MaxBlock + 1]int32
	found, notAllSeen, _ = Gather(into, SearchKeys(p), func(k Key) ([]int32, error) { return x.block(hash(k), buf[:]), nil })
	return found, notAllSeen
}

// Keys returns how many keys the index has.
func (x *Index) Keys() int { return len(x.entries) }

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
