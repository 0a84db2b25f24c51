package report_test

import "math"

// program is a linear program in standard form, Ax = b and x ≥ 0, brought to a
// feasible corner by the two-phase simplex method with Bland's rule.
type program struct {
	tableau [][]float64 // rows of [A | b]
	basis   []int
	vars    int
}

const eps = 1e-7

func (a *attack) program() *program {
	n, m := len(a.names), len(a.rows)
	p := &program{vars: n}
	for i, row := range a.rows {
		full := make([]float64, n+m+1)
		copy(full, row)
		full[n+m] = a.right[i]
		if a.right[i] < 0 {
			for j := range full {
				full[j] = -full[j]
			}
		}
		full[n+i] = 1
		p.tableau, p.basis = append(p.tableau, full), append(p.basis, n+i)
	}
	cost := make([]float64, n+m+1)
	for j := n; j < n+m; j++ {
		cost[j] = 1
	}
	p.minimize(cost, n+m)
	var kept [][]float64
	var basis []int
	for i, b := range p.basis { // drive what is left of the artificial ones out
		for j := 0; b >= n && j < n; j++ {
			if math.Abs(p.tableau[i][j]) > eps {
				p.pivot(i, j)
				b = j
			}
		}
		if b < n {
			kept, basis = append(kept, append(append([]float64{}, p.tableau[i][:n]...), p.tableau[i][n+m])), append(basis, b)
		}
	}
	p.tableau, p.basis = kept, basis
	return p
}

func (p *program) pivot(row, col int) {
	r := p.tableau[row]
	d := r[col]
	for j := range r {
		r[j] /= d
	}
	for i, other := range p.tableau {
		if f := other[col]; i != row && f != 0 {
			for j := range other {
				other[j] -= f * r[j]
			}
		}
	}
	p.basis[row] = col
}

// minimize goes from corner to corner; it returns false if there is no lowest
// value.
func (p *program) minimize(cost []float64, columns int) bool {
	for {
		reduced := append([]float64{}, cost[:columns]...)
		for i, b := range p.basis {
			if c := cost[b]; c != 0 {
				for j := range columns {
					reduced[j] -= c * p.tableau[i][j]
				}
			}
		}
		enter := -1
		for j, r := range reduced {
			if r < -eps {
				enter = j
				break
			}
		}
		if enter < 0 {
			return true
		}
		leave, best := -1, math.Inf(1)
		for i, row := range p.tableau {
			if row[enter] > eps {
				ratio := row[len(row)-1] / row[enter]
				if ratio < best-eps || ratio < best+eps && leave >= 0 && p.basis[i] < p.basis[leave] {
					leave, best = i, ratio
				}
			}
		}
		if leave < 0 {
			return false
		}
		p.pivot(leave, enter)
	}
}

// bounds returns the lowest and highest value of an unknown.
func (p *program) bounds(at int) (low, high float64) {
	value := func() float64 {
		for i, b := range p.basis {
			if b == at {
				return p.tableau[i][len(p.tableau[i])-1]
			}
		}
		return 0
	}
	cost := make([]float64, p.vars)
	cost[at] = 1
	p.minimize(cost, p.vars)
	low = value()
	cost[at] = -1
	if !p.minimize(cost, p.vars) {
		return low, math.Inf(1)
	}
	return low, value()
}
