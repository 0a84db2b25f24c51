package seal_test

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"

	"limen/internal/seal"
)

// linkers guess from two blobs alone whether they are of one template: the
// higher, the surer.
var linkers = map[string]func(a, b []byte) float64{
	"equal bytes": func(a, b []byte) float64 {
		n := 0
		for i := range min(len(a), len(b)) {
			if a[i] == b[i] {
				n++
			}
		}
		return float64(n)
	},
	"length": func(a, b []byte) float64 { return -math.Abs(float64(len(a) - len(b))) },
	"Hamming distance": func(a, b []byte) float64 {
		n := 0
		for i := 0; i+8 <= min(len(a), len(b)); i += 8 {
			n += bits.OnesCount64(binary.LittleEndian.Uint64(a[i:]) ^ binary.LittleEndian.Uint64(b[i:]))
		}
		return -float64(n)
	},
	"byte frequencies": func(a, b []byte) float64 {
		var d [256]int
		for _, x := range a {
			d[x]++
		}
		for _, x := range b {
			d[x]--
		}
		n := 0
		for _, x := range d {
			n += max(x, -x)
		}
		return -float64(n)
	},
}

// auc is the chance that a linked pair scores above one that is not, ties half.
func auc(linked, not []float64) float64 {
	type score struct {
		s      float64
		linked bool
	}
	var all []score
	for _, s := range linked {
		all = append(all, score{s, true})
	}
	for _, s := range not {
		all = append(all, score{s, false})
	}
	slices.SortFunc(all, func(a, b score) int { return cmp.Compare(a.s, b.s) })
	below, wins := 0.0, 0.0
	for i := 0; i < len(all); {
		var l, n float64
		j := i
		for ; j < len(all) && all[j].s == all[i].s; j++ {
			if all[j].linked {
				l++
			} else {
				n++
			}
		}
		wins += l * (below + n/2)
		below += n
		i = j
	}
	return wins / float64(len(linked)) / float64(len(not))
}

func TestAUC(t *testing.T) {
	for _, c := range []struct {
		linked, not []float64
		want        float64
	}{
		{[]float64{3, 4}, []float64{1, 2}, 1},
		{[]float64{1, 2}, []float64{3, 4}, 0},
		{[]float64{1, 1}, []float64{1, 1}, 0.5},
		{[]float64{1, 3}, []float64{2, 3}, 0.375}, // of 4 pairs: 1<2, 1<3, 3>2, 3=3
	} {
		if got := auc(c.linked, c.not); got != c.want {
			t.Errorf("%v over %v: %v, not %v", c.linked, c.not, got, c.want)
		}
	}
}

// aTemplate is a unit vector of 512 numbers, as the engine's are.
func aTemplate(r *rand.Rand) []byte {
	v, norm := make([]float64, 512), 0.0
	for i := range v {
		v[i] = r.NormFloat64()
		norm += v[i] * v[i]
	}
	var b []byte
	for _, x := range v {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(float32(x/math.Sqrt(norm))))
	}
	return b
}

// linkage returns each linker's AUC over pairs of one template in two
// galleries against pairs of two persons, stored by store.
func linkage(pairs int, store func(gallery string, template []byte) []byte) map[string]float64 {
	r := rand.New(rand.NewPCG(1, 2))
	linked, not := map[string][]float64{}, map[string][]float64{}
	for range pairs {
		p, q := aTemplate(r), aTemplate(r)
		a, b, c := store("g1", p), store("g2", p), store("g2", q)
		for name, link := range linkers {
			linked[name] = append(linked[name], link(a, b))
			not[name] = append(not[name], link(a, c))
		}
	}
	out := map[string]float64{}
	for name := range linkers {
		out[name] = auc(linked[name], not[name])
	}
	return out
}

// TestSealedTemplatesAreNotLinked is promise P-14: from the sealed blobs, nobody
// tells one person in two galleries from two persons. The same linkers find
// each one where templates are not sealed, or all are under one key and nonce.
func TestSealedTemplatesAreNotLinked(t *testing.T) {
	sealed := linkage(10_000, func(gallery string, template []byte) []byte {
		k := make([]byte, seal.KeySize)
		for i := 0; i < len(k); i += 8 {
			binary.LittleEndian.PutUint64(k[i:], rand.Uint64())
		}
		s, err := seal.Seal(k, seal.Context{Subject: gallery, Class: "reference", Kind: "template", Model: "a@1"}, template)
		if err != nil {
			t.Fatal(err)
		}
		return s
	})
	for name, got := range sealed {
		if t.Logf("%s: %.4f", name, got); math.Abs(got-0.5) > 0.02 {
			t.Errorf("%s links sealed templates: AUC %.4f", name, got)
		}
	}
	pad := bytes.Repeat([]byte{0xa5, 0x3c}, 1024)
	for what, got := range map[string]map[string]float64{
		"unsealed": linkage(200, func(_ string, template []byte) []byte { return template }),
		"under one key and nonce": linkage(200, func(_ string, template []byte) []byte {
			b := bytes.Clone(template)
			for i := range b {
				b[i] ^= pad[i]
			}
			return b
		}),
	} {
		for _, name := range []string{"equal bytes", "Hamming distance", "byte frequencies"} {
			if got[name] < 0.99 {
				t.Errorf("%s, %s does not even link those: AUC %.4f", what, name, got[name])
			}
		}
	}
}
