package scene

// onePiece makes the person one piece. Stains of the wall hang on by a thread:
// the outline is shrunk until threads break, what is still connected to the
// middle is kept and grown again. Hair that was taken for wall is given back
// under the hair that was not.
func onePiece(wall []bool, w, h int) {
	const thread, gap = 3, 35
	gray := make([]uint8, w*h)
	for i, isWall := range wall {
		if !isWall {
			gray[i] = 255
		}
	}
	smoothGray(gray, w, h, thread)
	core := make([]bool, w*h)
	for i, v := range gray {
		core[i] = v == 255
	}
	core = connected(core, w, h)
	for i, in := range core {
		gray[i] = 0
		if in {
			gray[i] = 255
		}
	}
	smoothGray(gray, w, h, thread)
	for i, v := range gray {
		wall[i] = wall[i] || v == 0
	}
	for x := range w {
		if nx := unit(x, w); nx > -0.38 && nx < 0.38 { // farther out there is wall under the hair
			fillColumn(wall, w, h, x, gap)
		}
	}
}

// fillColumn gives gaps of wall inside the person back to the person.
func fillColumn(wall []bool, w, h, x, gap int) {
	last := -1 // the lowest row of the person so far
	for y := range h {
		if wall[y*w+x] {
			continue
		}
		if last >= 0 && y-last <= gap {
			for k := last + 1; k < y; k++ {
				wall[k*w+x] = false
			}
		}
		last = y
	}
}

// connected keeps what is connected to the middle.
func connected(in []bool, w, h int) []bool {
	out, queue := make([]bool, w*h), []int32{int32(h/2*w + w/2)}
	out[queue[0]] = true
	for len(queue) > 0 {
		i := int(queue[len(queue)-1])
		queue = queue[:len(queue)-1]
		for _, j := range [4]int{i - 1, i + 1, i - w, i + w} {
			wrapped := j == i-1 && i%w == 0 || j == i+1 && j%w == 0
			if j >= 0 && j < w*h && !wrapped && in[j] && !out[j] {
				out[j] = true
				queue = append(queue, int32(j))
			}
		}
	}
	return out
}
