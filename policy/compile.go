package policy

import (
	"math"
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
		return nil, c.refuse(e, "policy-cel-subset", subset, "%s compares an input with a literal", strings.Trim(e.AsCall().FunctionName(), "_"))
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

// nearest is a hint for a name that is not there.
func nearest(name string) string {
	best, at := "", 3
	for _, i := range Vocabulary() {
		if d := edits(name, i.String()); d < at {
			best, at = i.String(), d
		}
	}
	if best != "" {
		return "did you mean " + best + "?"
	}
	all := make([]string, 0, inputsEnd)
	for _, i := range Vocabulary() {
		all = append(all, i.String())
	}
	return "the inputs are " + strings.Join(all, ", ")
}

// edits counts how many letters must change to make b of a.
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
