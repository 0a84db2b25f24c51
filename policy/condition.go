package policy

import (
	"slices"

	"limen/errs"
)

// op is what a node of a condition does.
type op uint8

const (
	opYes op = iota + 1
	opNo
	opBool // an input of type bool
	opIn   // an input of type string is one of values
	opAge  // age lies within least and most
	opNot
	opAnd
	opOr
)

// node is a condition, compiled from a checked CEL expression. Evaluating one
// allocates nothing: a tree of nodes and not of Go closures, for arguments of a
// call through a function value escape to the heap, and an unknown answer needs
// the tree again, to say which input it hangs on.
type node struct {
	op          op
	input       Input
	values      []string
	least, most int
	kids        []node
}

// eval evaluates in Kleene's three-valued logic, as CEL does with unknowns: an
// unknown matters only where the known does not decide. The inputs are those
// that the value follows from, whatever the others are.
func (n *node) eval(f *facts) (Fact, Inputs) {
	switch n.op {
	case opYes:
		return Yes, 0
	case opNo:
		return No, 0
	case opNot:
		v, from := n.kids[0].eval(f)
		return not(v), from
	case opAnd:
		return n.join(f, No)
	case opOr:
		return n.join(f, Yes)
	}
	from := Inputs(1) << n.input
	if !f.known.has(n.input) {
		return Unknown, from
	}
	switch n.op {
	case opBool:
		return fact(f.yes.has(n.input)), from
	case opAge:
		return fact(f.age >= n.least && f.age <= n.most), from
	default: // opIn
		return fact(slices.Contains(n.values, f.text[n.input])), from
	}
}

// join evaluates the kids: decides is what one of them settles the whole with.
func (n *node) join(f *facts, decides Fact) (Fact, Inputs) {
	out, all := not(decides), Inputs(0)
	for i := range n.kids {
		v, from := n.kids[i].eval(f)
		if v == decides {
			return v, from
		}
		if v == Unknown {
			out = Unknown
		}
		all |= from
	}
	return out, all
}

func not(v Fact) Fact {
	if v == Unknown {
		return Unknown
	}
	return Yes + No - v
}

// first returns the first input, as the condition is written, of those that
// keep it from being decided.
func (n *node) first(f *facts) Input {
	if n.input != 0 {
		return n.input
	}
	for i := range n.kids {
		if v, _ := n.kids[i].eval(f); v == Unknown {
			return n.kids[i].first(f)
		}
	}
	return 0
}

// fault is what is wrong with a condition, at a byte offset in it.
type fault struct {
	offset         int
	code, why, fix string
}

func faultAt(offset int, code, fix, format string, args ...any) *fault {
	return &fault{offset, code, errs.New(errs.Invalid, code, format, args...).Detail, fix}
}
