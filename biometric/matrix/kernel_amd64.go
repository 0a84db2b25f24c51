package matrix

import "golang.org/x/sys/cpu"

func fastest() kernels {
	if cpu.X86.HasAVX2 {
		return kernels{dots: dotsFast, dot: dotFast}
	}
	return portable
}

// dotsFast and dotFast prove to the bounds checker what the assembly relies on.

func dotsFast(out []int32, codes []int8, probe []int16, groups int) {
	if groups == 0 {
		return
	}
	_, _ = out[groups*4-1], codes[groups*4*len(probe)-1]
	dotsAVX2(&out[0], &codes[0], &probe[0], groups, len(probe))
}

func dotFast(a, b []float32) float32 {
	_ = b[len(a)-1]
	return dotAVX2(&a[0], &b[0], len(a))
}

// dotsAVX2 needs groups > 0 and stride a positive multiple of step.
//
//go:noescape
func dotsAVX2(out *int32, codes *int8, probe *int16, groups, stride int)

// dotAVX2 needs n to be a positive multiple of step.
//
//go:noescape
func dotAVX2(a, b *float32, n int) float32
