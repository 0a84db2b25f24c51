package scene

import (
	"image"
	"math"
)

// Separating a person from a plain wall: a smooth surface is fitted to the
// colors of the picture's upper border, and what is like the surface and
// connected to the border is wall. Portraits before another background fail
// the test at the end and get a soft oval instead.

// personMask returns 255 where the person is and 0 where the wall is, with a
// soft edge. It never fails: without a plain wall it is a soft oval with
// shoulders. The work is done at half size: an outline needs no more.
func personMask(img *image.RGBA) []uint8 {
	small := halve(img)
	return enlarge(smallMask(small), small.Rect.Dx(), small.Rect.Dy(), img.Rect.Dx(), img.Rect.Dy())
}

func smallMask(img *image.RGBA) []uint8 {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	s, spread := fitWall(borderSamples(img))
	if spread > 24 {
		return ovalMask(w, h)
	}
	soft := image.NewRGBA(img.Rect)
	copy(soft.Pix, img.Pix)
	boxBlur(soft, 1, 1)
	wall := floodWall(soft, &s, spread)
	// The border knew little of the wall beside the shoulders: fit once more to
	// all that was found, and walk again.
	s, spread = fitWall(wallSamples(img, wall))
	wall = floodWall(soft, &s, spread)
	onePiece(wall, w, h)
	mask, person := make([]uint8, w*h), 0
	for i, isWall := range wall {
		if !isWall {
			mask[i] = 255
			person++
		}
	}
	if share := float64(person) / float64(w*h); share < 0.2 || share > 0.88 {
		return ovalMask(w, h)
	}
	smoothGray(mask, w, h, 2)
	for i, v := range mask { // a firm edge again, a little inside the old one
		mask[i] = uint8(min(max((int(v)-150)*4, 0), 255))
	}
	return mask
}

// floodWall walks from the border over all that is like the surface, and over
// what is less like it but hardly differs from the wall next to it: the soft
// shadows and stains of a real wall.
func floodWall(soft *image.RGBA, s *surface, spread float64) []bool {
	w, h := soft.Rect.Dx(), soft.Rect.Dy()
	limit := float32(math.Min(math.Max(3.2*spread+10, 20), 46))
	off := wallDistances(soft, s)
	wall, queue := make([]bool, w*h), make([]int32, 0, w*h/2)
	visit := func(i, from int) {
		if wall[i] || off[i] > 1.7*limit {
			return
		}
		if off[i] < limit || colorStep(soft.Pix[4*i:], soft.Pix[4*from:]) < 6 {
			wall[i] = true
			queue = append(queue, int32(i))
		}
	}
	for x := range w {
		visit(x, x)
	}
	for y := range h * 4 / 5 {
		visit(y*w, y*w)
		visit(y*w+w-1, y*w+w-1)
	}
	for len(queue) > 0 {
		i := int(queue[len(queue)-1])
		queue = queue[:len(queue)-1]
		x, y := i%w, i/w
		if x > 0 {
			visit(i-1, i)
		}
		if x < w-1 {
			visit(i+1, i)
		}
		if y > 0 {
			visit(i-w, i)
		}
		if y < h-1 {
			visit(i+w, i)
		}
	}
	return wall
}

// wallDistances measures every pixel against the surface. Where the person
// must be it is infinite.
func wallDistances(img *image.RGBA, s *surface) []float32 {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	off := make([]float32, w*h)
	for y := range h {
		ny := unit(y, h)
		var line [3][3]float64 // along a row the surface is a parabola in x
		for c := range 3 {
			k := &s[c]
			line[c] = [3]float64{k[0] + k[2]*ny + k[5]*ny*ny, k[1] + k[4]*ny, k[3]}
		}
		for x := range w {
			nx, p := unit(x, w), img.Pix[y*img.Stride+4*x:]
			if inPerson(nx, ny) {
				off[y*w+x] = math.MaxFloat32
				continue
			}
			var sum float64
			for c := range 3 {
				d := float64(p[c]) - line[c][0] - nx*(line[c][1]+nx*line[c][2])
				sum += d * d
			}
			off[y*w+x] = float32(math.Sqrt(sum))
		}
	}
	return off
}

func colorStep(a, b []uint8) int {
	step := 0
	for c := range 3 {
		d := int(a[c]) - int(b[c])
		step = max(step, d, -d)
	}
	return step
}

// inPerson says where a centered portrait shows the person whatever the color:
// the middle of the face and of the chest. It stops a white shirt before a
// white wall from draining away.
func inPerson(x, y float64) bool {
	fy := (y + 0.04) / 0.6
	hy := (y + 0.28) / 0.46
	return (x/0.5)*(x/0.5)+fy*fy < 1 || (x/0.4)*(x/0.4)+hy*hy < 1 || y > 0.55 && math.Abs(x) < 0.35+0.5*(y-0.55)
}

func ovalMask(w, h int) []uint8 {
	mask := make([]uint8, w*h)
	for y := range h {
		for x := range w {
			nx, ny := unit(x, w), unit(y, h)
			head := math.Hypot(nx/0.72, (ny+0.12)/0.8)
			body := math.Hypot(nx/1.0, (ny-1.25)/0.85)
			edge := math.Min(head, body)
			mask[y*w+x] = uint8(255 * math.Min(math.Max((1.0-edge)/0.16, 0), 1))
		}
	}
	return mask
}
