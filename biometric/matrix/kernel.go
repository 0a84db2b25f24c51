package matrix

// step is the number of features that a kernel takes at a time; rows are
// padded with zeros to whole steps.
const step = 32

// kernels are the two inner loops, in assembly where the processor has AVX2
// and in Go elsewhere. Both give the same result to the last bit: integers by
// nature, floats because both add in the same order and neither fuses a
// multiplication with an addition.
type kernels struct {
	// dots writes the dot products of the first groups×4 rows of codes, each
	// as long as the probe, with the probe.
	dots func(out []int32, codes []int8, probe []int16, groups int)
	// dot returns the dot product of two slices of one length, a multiple of
	// step.
	dot func(a, b []float32) float32
}

var portable = kernels{dots: dotsGo, dot: dotGo}

func dotsGo(out []int32, codes []int8, probe []int16, groups int) {
	n := len(probe)
	for i := range groups * 4 {
		row := codes[i*n : (i+1)*n]
		var a, b int32
		for j := 0; j+1 < len(row) && j+1 < len(probe); j += 2 {
			a += int32(row[j]) * int32(probe[j])
			b += int32(row[j+1]) * int32(probe[j+1])
		}
		out[i] = a + b
	}
}

// dotGo adds in 32 lanes, then folds them by halves as the registers of the
// assembly do. The conversions keep the compiler from fusing.
func dotGo(a, b []float32) float32 {
	var acc [step]float32
	for len(a) >= step && len(b) >= step {
		x, y := (*[step]float32)(a), (*[step]float32)(b)
		for j := range acc {
			acc[j] += float32(x[j] * y[j])
		}
		a, b = a[step:], b[step:]
	}
	var t [8]float32
	for j := range t {
		t[j] = (acc[j] + acc[8+j]) + (acc[16+j] + acc[24+j])
	}
	return ((t[0] + t[4]) + (t[1] + t[5])) + ((t[2] + t[6]) + (t[3] + t[7]))
}
