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
// unknown matters only where the known does not decide.
func (n *node) eval(f *facts) Fact {
	switch n.op {
	case opYes:
		return Yes
	case opNo:
		return No
	case opNot:
		return not(n.kids[0].eval(f))
	case opAnd:
		return n.all(f, No)
	case opOr:
		return n.all(f, Yes)
	}
	if !f.known.has(n.input) {
		return Unknown
	}
	switch n.op {
	case opBool:
		return fact(f.yes.has(n.input))
	case opAge:
		return fact(f.age >= n.least && f.age <= n.most)
	default: // opIn
		return fact(slices.Contains(n.values, f.text[n.input]))
	}
}

// all joins the kids: decides is what one of them settles the whole with.
func (n *node) all(f *facts, decides Fact) Fact {
	out := not(decides)
	for i := range n.kids {
		switch n.kids[i].eval(f) {
		case decides:
			return decides
		case Unknown:
			out = Unknown
		}
	}
	return out
}

func not(v Fact) Fact {
	if v == Unknown {
		return Unknown
	}
	return Yes + No - v
}

// inputs returns what the condition reads.
func (n *node) inputs() (s Inputs) {
	if n.input != 0 {
		s |= 1 << n.input
	}
	for i := range n.kids {
		s |= n.kids[i].inputs()
	}
	return s
}

// missing appends the unknown inputs that keep the condition from being
// decided, in the order they are written.
func (n *node) missing(f *facts, to []Input) []Input {
	if n.eval(f) != Unknown {
		return to
	}
	if n.input != 0 && !slices.Contains(to, n.input) {
		return append(to, n.input)
	}
	for i := range n.kids {
		to = n.kids[i].missing(f, to)
	}
	return to
}

// fault is what is wrong with a condition, at a byte offset in it.
type fault struct {
	offset         int
	code, why, fix string
}

func faultAt(offset int, code, fix, format string, args ...any) *fault {
	return &fault{offset, code, errs.New(errs.Invalid, code, format, args...).Detail, fix}
}
