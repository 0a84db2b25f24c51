package policy

import (
	"strings"
	"sync"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
)

// Limits of a condition.
const (
	maxCondition = 4096 // bytes
	maxDepth     = 50
)

// language is CEL with the vocabulary as its variables and no macros.
var language = sync.OnceValues(func() (*cel.Env, error) {
	opts := []cel.EnvOption{cel.ClearMacros(), cel.ParserExpressionSizeLimit(maxCondition), cel.ParserRecursionLimit(maxDepth)}
	for _, i := range Vocabulary() {
		kind := cel.BoolType
		switch {
		case i < InAge:
			kind = cel.StringType
		case i == InAge:
			kind = cel.IntType
		}
		opts = append(opts, cel.Variable(i.String(), kind))
	}
	return cel.NewEnv(opts...)
})

// compile parses and type-checks a condition with cel-go and compiles the
// checked tree. What it does not hold of CEL is refused: a condition reads
// inputs and literals, with == != < <= > >= in && || and !.
func compile(text string) (*node, *fault) {
	env, err := language()
	if err != nil {
		return nil, faultAt(0, "policy-cel", "", "%v", err)
	}
	checked, issues := env.Compile(text)
	if issues.Err() != nil {
		return nil, celFault(text, issues)
	}
	if checked.OutputType() != cel.BoolType {
		return nil, faultAt(0, "policy-cel-type", "", "a condition is true or false, and this is %s", checked.OutputType())
	}
	t := checked.NativeRep()
	c := compiler{text, t.SourceInfo()}
	return c.compile(t.Expr())
}

// celFault is the first thing that cel-go has against a condition.
func celFault(text string, issues *cel.Issues) *fault {
	e := issues.Errors()[0]
	why, code := e.Message, "policy-cel-syntax"
	why = strings.TrimPrefix(why, "Syntax error: ")
	if name, is := strings.CutPrefix(why, "undeclared reference to '"); is {
		name, _, _ = strings.Cut(name, "'")
		return faultAt(offset(text, e.Location.Line(), e.Location.Column()), "policy-cel-name", nearest(name), "there is no input %q", name)
	}
	if strings.Contains(why, "no matching overload") {
		code = "policy-cel-type"
		why = strings.NewReplacer("found no matching overload for", "types do not fit:", "'_", "'", "_'", "'").Replace(why)
	}
	return faultAt(offset(text, e.Location.Line(), e.Location.Column()), code, "", "%s", why)
}

// offset turns line and column, in code points, into a byte offset.
func offset(text string, line, column int) int {
	at := 0
	for ; line > 1; line-- {
		nl := strings.IndexByte(text[at:], '\n')
		if nl < 0 {
			break
		}
		at += nl + 1
	}
	for i := range text[at:] {
		if column--; column < 0 {
			return at + i
		}
	}
	return len(text)
}

type compiler struct {
	text string
	info *ast.SourceInfo
}

func (c compiler) refuse(e ast.Expr, code, fix, format string, args ...any) *fault {
	at := c.info.GetStartLocation(e.ID())
	return faultAt(offset(c.text, at.Line(), at.Column()), code, fix, format, args...)
}

const subset = "a condition reads inputs and literals, with == != < <= > >= in && || and !"

func (c compiler) compile(e ast.Expr) (*node, *fault) {
	switch e.Kind() {
	case ast.LiteralKind:
		if v, is := e.AsLiteral().Value().(bool); is {
			return boolean(v), nil
		}
	case ast.IdentKind:
		i, bad := c.input(e)
		return &node{op: opBool, input: i}, bad
	case ast.CallKind:
		return c.call(e)
	}
	return nil, c.refuse(e, "policy-cel-subset", subset, "this is CEL that a condition does not hold")
}

// input is what an identifier names. A type is an identifier, too.
func (c compiler) input(e ast.Expr) (Input, *fault) {
	if i := inputNamed(e.AsIdent()); i != 0 {
		return i, nil
	}
	return 0, c.refuse(e, "policy-cel-subset", subset, "%s is no input", e.AsIdent())
}

func boolean(v bool) *node {
	if v {
		return &node{op: opYes}
	}
	return &node{op: opNo}
}

func (c compiler) call(e ast.Expr) (*node, *fault) {
	f := e.AsCall().FunctionName()
	switch f {
	case operators.LogicalAnd:
		return c.join(e, opAnd)
	case operators.LogicalOr:
		return c.join(e, opOr)
	case operators.LogicalNot:
		return c.join(e, opNot)
	case operators.In:
		return c.in(e)
	case operators.Equals, operators.NotEquals, operators.Less, operators.LessEquals, operators.Greater, operators.GreaterEquals:
		return c.compare(e, f)
	}
	return nil, c.refuse(e, "policy-cel-subset", subset, "a condition holds no %s", strings.Trim(f, "_"))
}

func (c compiler) join(e ast.Expr, o op) (*node, *fault) {
	n := &node{op: o}
	for _, arg := range e.AsCall().Args() {
		kid, bad := c.compile(arg)
		if bad != nil {
			return nil, bad
		}
		n.kids = append(n.kids, *kid)
	}
	return n, nil
}
