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
		row, p := codes[i*n:(i+1)*n], probe
		var a, b, c, d int32
		for len(row) >= 8 && len(p) >= 8 {
			x, y := (*[8]int8)(row), (*[8]int16)(p)
			a += int32(x[0])*int32(y[0]) + int32(x[4])*int32(y[4])
			b += int32(x[1])*int32(y[1]) + int32(x[5])*int32(y[5])
			c += int32(x[2])*int32(y[2]) + int32(x[6])*int32(y[6])
			d += int32(x[3])*int32(y[3]) + int32(x[7])*int32(y[7])
			row, p = row[8:], p[8:]
		}
		out[i] = a + b + c + d
	}
}

// dotGo adds in 32 lanes, then folds them by halves as the registers of the
// assembly do. It takes four lanes at a time, so that their sums stay in
// registers. The conversions keep the compiler from fusing.
func dotGo(a, b []float32) float32 {
	b = b[:len(a)]
	var acc [step]float32
	for j := 0; j < step; j += 4 {
		var s0, s1, s2, s3 float32
		for i := j; i+4 <= len(a); i += step {
			x, y := (*[4]float32)(a[i:i+4]), (*[4]float32)(b[i:i+4])
			s0 += float32(x[0] * y[0])
			s1 += float32(x[1] * y[1])
			s2 += float32(x[2] * y[2])
			s3 += float32(x[3] * y[3])
		}
		acc[j], acc[j+1], acc[j+2], acc[j+3] = s0, s1, s2, s3
	}
	var t [8]float32
	for j := range t {
		t[j] = (acc[j] + acc[8+j]) + (acc[16+j] + acc[24+j])
	}
	return ((t[0] + t[4]) + (t[1] + t[5])) + ((t[2] + t[6]) + (t[3] + t[7]))
}
