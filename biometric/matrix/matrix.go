package matrix

import (
	"sync"

	"limen/biometric"
	"limen/errs"
)

// MaxRows bounds the rows of one matrix, removed ones included. A flight needs
// some 500, the largest lane gallery some 100,000.
const MaxRows = 1 << 20

// Matrix holds unit-length templates of one model and one length, each under
// a row number that stays its own until the row is removed. See the package
// documentation for memory, speed and concurrency. The zero value is not
// usable; New makes one.
type Matrix struct {
	model    biometric.ModelID
	features int
	stride   int // features, rounded up to whole kernel steps
	kernels  kernels

	chunks []*chunk
	end    int   // every row number given out so far is below end
	free   []int // removed rows, reused last in, first out

	probes sync.Pool // of *probe, erased

	// changes counts Add, Set, Remove and Clear. Top compares it at its start
	// and its end, which catches a forgotten lock and lets the race detector
	// see what assembly hides from it.
	changes uint64
}

// New returns an empty matrix for templates of model with the given number of
// features. It returns an Invalid error with code "template-model" if the
// model is zero or the length is not 1 to biometric.MaxFeatures.
func New(model biometric.ModelID, features int) (*Matrix, error) {
	if model.IsZero() {
		return nil, errs.New(errs.Invalid, "template-model", "a matrix needs the id of its templates' model")
	}
	if features < 1 || features > biometric.MaxFeatures {
		return nil, errs.New(errs.Invalid, "template-model", "a matrix holds templates of 1 to %d features, not %d", biometric.MaxFeatures, features)
	}
	stride := (features + step - 1) / step * step
	return &Matrix{model: model, features: features, stride: stride, kernels: fastest()}, nil
}

// Model returns the model of the templates.
func (m *Matrix) Model() biometric.ModelID { return m.model }

// Features returns the length of the templates.
func (m *Matrix) Features() int { return m.features }

// Len returns the number of templates held.
func (m *Matrix) Len() int { return m.end - len(m.free) }

// Rows returns the number above every row number in use: what a table beside
// the matrix, indexed by row, must have room for. It falls only by Clear.
func (m *Matrix) Rows() int { return m.end }

// Bytes returns the memory that the matrix holds for templates, in bytes.
func (m *Matrix) Bytes() int64 {
	return int64(len(m.chunks)) * chunkRows * int64(m.stride*5+8)
}

// ScanBytes returns the bytes that any Top of this matrix reads: codes, scales
// and bounds of all rows. The templates of the rows that it then scores
// exactly, usually some dozens, come on top.
func (m *Matrix) ScanBytes() int64 { return int64(m.end) * int64(m.stride+8) }

// Add copies the template into a free row and returns the row's number. It
// returns an Invalid error with code "template-model" for a template of
// another model or length, and a TooLarge error with code "matrix-rows" at
// MaxRows.
func (m *Matrix) Add(t biometric.Template) (row int, err error) {
	if err := m.check(t); err != nil {
		return 0, err
	}
	m.changes++
	if n := len(m.free); n > 0 {
		row, m.free = m.free[n-1], m.free[:n-1]
	} else {
		if m.end == MaxRows {
			return 0, errs.New(errs.TooLarge, "matrix-rows", "a matrix holds at most %d rows", MaxRows)
		}
		if m.end == len(m.chunks)*chunkRows {
			m.chunks = append(m.chunks, newChunk(m.stride))
		}
		row = m.end
		m.end++
	}
	m.chunks[row/chunkRows].put(row%chunkRows, m.stride, t)
	return row, nil
}

// Set overwrites the template of a row in use. It returns an Invalid error
// with code "template-model" for a template of another model or length, and a
// NotFound error with code "matrix-row" for a row not in use.
func (m *Matrix) Set(row int, t biometric.Template) error {
	if err := m.check(t); err != nil {
		return err
	}
	if !m.Has(row) {
		return noRow(row)
	}
	m.changes++
	m.chunks[row/chunkRows].put(row%chunkRows, m.stride, t)
	return nil
}

// Remove overwrites the row's template with zeros and frees its number, which
// a later Add may give to another template. It returns a NotFound error with
// code "matrix-row" for a row not in use.
func (m *Matrix) Remove(row int) error {
	if !m.Has(row) {
		return noRow(row)
	}
	m.changes++
	m.chunks[row/chunkRows].erase(row%chunkRows, m.stride)
	m.free = append(m.free, row)
	return nil
}

// Has reports whether a row is in use.
func (m *Matrix) Has(row int) bool {
	return row >= 0 && row < m.end && m.chunks[row/chunkRows].inUse(row%chunkRows)
}

// Clear overwrites all templates with zeros and gives their memory back. The
// matrix is then empty and counts its rows from 0 again.
func (m *Matrix) Clear() {
	m.changes++
	for row := range m.end {
		m.chunks[row/chunkRows].erase(row%chunkRows, m.stride)
	}
	m.chunks, m.free, m.end = nil, nil, 0
}

func (m *Matrix) check(t biometric.Template) error {
	if t.Model() != m.model {
		return errs.New(errs.Invalid, "template-model", "the template is of model %.64q, the matrix of %.64q", t.Model().Name, m.model.Name)
	}
	if t.Len() != m.features {
		return errs.New(errs.Invalid, "template-model", "the template has %d features, the matrix holds %d", t.Len(), m.features)
	}
	return nil
}

func noRow(row int) error {
	return errs.New(errs.NotFound, "matrix-row", "row %d is not in use", row)
}
