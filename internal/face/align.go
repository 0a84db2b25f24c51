package face

// template5 is where ArcFace expects eyes, nose and mouth corners in its
// 112×112 square.
//
// Source: InsightFace, the reference alignment of ArcFace.
var template5 = [5]Point{
	{38.2946, 51.6963}, {73.5318, 51.5014}, {56.0252, 71.7366}, {41.5493, 92.3655}, {70.7299, 92.2041},
}

// similarity maps (x, y) to (a·x − b·y + tx, b·x + a·y + ty): a turn, one
// scale and a shift.
type similarity struct{ a, b, tx, ty float32 }

// fitSimilarity is the least-squares similarity from the points of one set to
// those of another. In the plane Umeyama's method has this closed form; a
// reflection cannot come out of it.
//
// Source: Umeyama, Least-squares estimation of transformation parameters
// between two point patterns, IEEE TPAMI 13(4), 1991.
func fitSimilarity(from, to []Point) similarity {
	var fm, tm Point
	n := float32(len(from))
	for i := range from {
		fm.X, fm.Y = fm.X+from[i].X/n, fm.Y+from[i].Y/n
		tm.X, tm.Y = tm.X+to[i].X/n, tm.Y+to[i].Y/n
	}
	var dot, cross, norm float32
	for i := range from {
		fx, fy := from[i].X-fm.X, from[i].Y-fm.Y
		tx, ty := to[i].X-tm.X, to[i].Y-tm.Y
		dot += fx*tx + fy*ty
		cross += fx*ty - fy*tx
		norm += fx*fx + fy*fy
	}
	if norm == 0 {
		return similarity{a: 1}
	}
	a, b := dot/norm, cross/norm
	return similarity{a, b, tm.X - a*fm.X + b*fm.Y, tm.Y - b*fm.X - a*fm.Y}
}

// aligner is the five-point alignment of ArcFace.
type aligner struct{}

// Align implements Aligner.
func (aligner) Align(dst *Aligned, img *Image, at Landmarks) {
	points := [5]Point{at.LeftEye, at.RightEye, at.Nose, at.MouthLeft, at.MouthRight}
	// From the template to the image: the direction that a warp reads in.
	m := fitSimilarity(template5[:], points[:])
	warp(dst, img, affine{m.a, -m.b, m.tx, m.b, m.a, m.ty})
}
