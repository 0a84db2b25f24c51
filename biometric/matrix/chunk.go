package matrix

import (
	"math"

	"limen/biometric"
)

// chunkRows is the number of rows that storage grows by: a multiple of the
// four rows that a kernel takes at once, small enough that the gallery of one
// flight wastes little.
const chunkRows = 256

// chunk is storage for chunkRows rows. A chunk is never moved or copied: a
// copy would leave templates behind in memory that nobody erases.
type chunk struct {
	features []float32 // chunkRows × stride, zeros after the last feature
	codes    []int8    // chunkRows × stride, see sketch.go
	scale    [chunkRows]float32
	// slack is how far a score may lie above its estimate, and minus infinity
	// for a row not in use: no such row can ever look promising.
	slack [chunkRows]float32
}

func newChunk(stride int) *chunk {
	c := &chunk{
		features: make([]float32, chunkRows*stride),
		codes:    make([]int8, chunkRows*stride),
	}
	for i := range c.slack {
		c.slack[i] = unused
	}
	return c
}

var unused = float32(math.Inf(-1))

func (c *chunk) row(i, stride int) []float32 { return c.features[i*stride : (i+1)*stride] }

func (c *chunk) inUse(i int) bool { return c.slack[i] != unused }

func (c *chunk) put(i, stride int, t biometric.Template) {
	row := c.row(i, stride)
	t.AppendFeatures(row[:0])
	c.scale[i], c.slack[i] = sketchRow(c.codes[i*stride:(i+1)*stride], row)
}

func (c *chunk) erase(i, stride int) {
	clear(c.row(i, stride))
	clear(c.codes[i*stride : (i+1)*stride])
	c.scale[i], c.slack[i] = 0, unused
}
