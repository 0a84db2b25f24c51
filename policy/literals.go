package policy

import (
	"math"
	"strings"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
)

// in compiles `input in [literal, …]`.
func (c compiler) in(e ast.Expr) (*node, *fault) {
	args := e.AsCall().Args()
	if args[0].Kind() != ast.IdentKind || args[1].Kind() != ast.ListKind {
		return nil, c.refuse(e, "policy-cel-subset", subset, "in has an input before it and a list of literals after it")
	}
	list := args[1].AsList()
	if list.Size() == 0 {
		return nil, c.refuse(args[1], "policy-cel-subset", "", "an empty list holds nothing")
	}
	input, bad := c.input(args[0])
	if bad != nil {
		return nil, bad
	}
	or := &node{op: opOr}
	var values []string
	for _, v := range list.Elements() {
		kid, bad := c.equal(input, v)
		if bad != nil {
			return nil, bad
		}
		or.kids = append(or.kids, *kid)
		values = append(values, kid.values...)
	}
	if len(values) == len(or.kids) {
		return &node{op: opIn, input: input, values: values}, nil
	}
	return or, nil
}

// compare compiles a comparison of an input with a literal, either way round.
func (c compiler) compare(e ast.Expr, f string) (*node, *fault) {
	in, lit := e.AsCall().Args()[0], e.AsCall().Args()[1]
	if in.Kind() == ast.LiteralKind {
		in, lit, f = lit, in, mirrored(f)
	}
	if in.Kind() != ast.IdentKind || lit.Kind() != ast.LiteralKind {
		for _, side := range []ast.Expr{in, lit} {
			if side.Kind() != ast.IdentKind && side.Kind() != ast.LiteralKind {
				e = side
			}
		}
		return nil, c.refuse(e, "policy-cel-subset", subset, "%s compares an input with a literal", strings.Trim(f, "_"))
	}
	input, bad := c.input(in)
	if bad != nil {
		return nil, bad
	}
	n, bad := c.equal(input, lit)
	switch {
	case bad != nil || f == operators.Equals:
		return n, bad
	case f == operators.NotEquals:
		return &node{op: opNot, kids: []node{*n}}, nil
	case input != InAge:
		return nil, c.refuse(e, "policy-cel-subset", "", "only age has an order")
	}
	return ordered(f, n), nil
}

func mirrored(f string) string {
	switch f {
	case operators.Less:
		return operators.Greater
	case operators.LessEquals:
		return operators.GreaterEquals
	case operators.Greater:
		return operators.Less
	case operators.GreaterEquals:
		return operators.LessEquals
	}
	return f
}

// ordered makes a comparison of an equality.
func ordered(f string, n *node) *node {
	switch f {
	case operators.Less:
		n.least, n.most = math.MinInt, n.most-1
	case operators.LessEquals:
		n.least = math.MinInt
	case operators.Greater:
		n.least, n.most = n.least+1, math.MaxInt
	default: // GreaterEquals
		n.most = math.MaxInt
	}
	return n
}

// maxAge bounds the ages that a condition may name.
const maxAge = 150

// equal compiles input == literal; a literal that the input can never have is a
// mistake of the author.
func (c compiler) equal(input Input, lit ast.Expr) (*node, *fault) {
	if lit.Kind() != ast.LiteralKind {
		return nil, c.refuse(lit, "policy-cel-subset", subset, "a literal is needed here")
	}
	switch v := lit.AsLiteral().Value().(type) {
	case string:
		if input >= InAge {
			break
		}
		if why := input.literal(v); why != "" {
			return nil, c.refuse(lit, "policy-cel-value", "", "%s", why)
		}
		return &node{op: opIn, input: input, values: []string{v}}, nil
	case bool:
		if input < firstBool {
			break
		}
		n := &node{op: opBool, input: input}
		if !v {
			n = &node{op: opNot, kids: []node{*n}}
		}
		return n, nil
	case int64:
		if input != InAge {
			break
		}
		if v < 0 || v > maxAge {
			return nil, c.refuse(lit, "policy-cel-value", "", "an age lies within 0 and %d", maxAge)
		}
		return &node{op: opAge, input: input, least: int(v), most: int(v)}, nil
	}
	return nil, c.refuse(lit, "policy-cel-type", "", "%s has no such value", input)
}
