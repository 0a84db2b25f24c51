#include "textflag.h"

// func dotsAVX2(out *int32, codes *int8, probe *int16, groups, stride int)
//
// Four rows at once share each load of the probe: Y0-Y3 are their sums. A
// prefetch runs one group and more ahead, since the four streams are each too
// short for the processor's own prefetcher; past the last row it is harmless.
TEXT ·dotsAVX2(SB), NOSPLIT, $0-40
	MOVQ out+0(FP), DI
	MOVQ codes+8(FP), R8
	MOVQ probe+16(FP), SI
	MOVQ groups+24(FP), DX
	MOVQ stride+32(FP), BX

group:
	LEAQ  (R8)(BX*1), R9
	LEAQ  (R8)(BX*2), R10
	LEAQ  (R9)(BX*2), R11
	LEAQ  (R8)(BX*4), R12
	VPXOR Y0, Y0, Y0
	VPXOR Y1, Y1, Y1
	VPXOR Y2, Y2, Y2
	VPXOR Y3, Y3, Y3
	XORQ  CX, CX

features:
	VMOVDQU    (SI)(CX*2), Y8
	VPMOVSXBW  (R8)(CX*1), Y4
	VPMADDWD   Y4, Y8, Y4
	VPADDD     Y4, Y0, Y0
	VPMOVSXBW  (R9)(CX*1), Y5
	VPMADDWD   Y5, Y8, Y5
	VPADDD     Y5, Y1, Y1
	VPMOVSXBW  (R10)(CX*1), Y6
	VPMADDWD   Y6, Y8, Y6
	VPADDD     Y6, Y2, Y2
	VPMOVSXBW  (R11)(CX*1), Y7
	VPMADDWD   Y7, Y8, Y7
	VPADDD     Y7, Y3, Y3
	VMOVDQU    32(SI)(CX*2), Y9
	VPMOVSXBW  16(R8)(CX*1), Y10
	VPMADDWD   Y10, Y9, Y10
	VPADDD     Y10, Y0, Y0
	VPMOVSXBW  16(R9)(CX*1), Y11
	VPMADDWD   Y11, Y9, Y11
	VPADDD     Y11, Y1, Y1
	VPMOVSXBW  16(R10)(CX*1), Y12
	VPMADDWD   Y12, Y9, Y12
	VPADDD     Y12, Y2, Y2
	VPMOVSXBW  16(R11)(CX*1), Y13
	VPMADDWD   Y13, Y9, Y13
	VPADDD     Y13, Y3, Y3
	PREFETCHT0 4096(R8)(CX*4)
	PREFETCHT0 4160(R8)(CX*4)
	ADDQ       $32, CX
	CMPQ       CX, BX
	JLT        features

	VPHADDD      Y1, Y0, Y0
	VPHADDD      Y3, Y2, Y2
	VPHADDD      Y2, Y0, Y0
	VEXTRACTI128 $1, Y0, X1
	VPADDD       X1, X0, X0
	VMOVDQU      X0, (DI)
	ADDQ         $16, DI
	MOVQ         R12, R8
	DECQ         DX
	JNZ          group
	VZEROUPPER
	RET

// func dotAVX2(a, b *float32, n int) float32
//
// Multiplies and adds without fusing, 32 lanes in Y0-Y3, folded in the order
// of dotGo.
TEXT ·dotAVX2(SB), NOSPLIT, $0-28
	MOVQ   a+0(FP), R8
	MOVQ   b+8(FP), SI
	MOVQ   n+16(FP), BX
	SHLQ   $2, BX
	VXORPS Y0, Y0, Y0
	VXORPS Y1, Y1, Y1
	VXORPS Y2, Y2, Y2
	VXORPS Y3, Y3, Y3
	XORQ   CX, CX

features:
	VMOVUPS (SI)(CX*1), Y4
	VMOVUPS 32(SI)(CX*1), Y5
	VMOVUPS 64(SI)(CX*1), Y6
	VMOVUPS 96(SI)(CX*1), Y7
	VMULPS  (R8)(CX*1), Y4, Y4
	VMULPS  32(R8)(CX*1), Y5, Y5
	VMULPS  64(R8)(CX*1), Y6, Y6
	VMULPS  96(R8)(CX*1), Y7, Y7
	VADDPS  Y4, Y0, Y0
	VADDPS  Y5, Y1, Y1
	VADDPS  Y6, Y2, Y2
	VADDPS  Y7, Y3, Y3
	SUBQ    $-128, CX
	CMPQ    CX, BX
	JLT     features

	VADDPS       Y1, Y0, Y0
	VADDPS       Y3, Y2, Y2
	VADDPS       Y2, Y0, Y0
	VEXTRACTF128 $1, Y0, X1
	VADDPS       X1, X0, X0
	VHADDPS      X0, X0, X0
	VHADDPS      X0, X0, X0
	VMOVSS       X0, ret+24(FP)
	VZEROUPPER
	RET
