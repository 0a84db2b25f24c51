package policy

import (
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// within returns the place in the file of a byte offset in the value of a
// scalar. It walks file and value together: white space of the value stands for
// any white space of the file, for lines may be folded; the backslash of a
// quoted scalar, and the first of two single quotes, stand for nothing.
func (r *reader) within(n *yaml.Node, offset int) position {
	p := at(n)
	switch n.Style {
	case yaml.SingleQuotedStyle, yaml.DoubleQuotedStyle:
		p.column++
	case yaml.LiteralStyle, yaml.FoldedStyle:
		p = position{p.line + 1, 1}
	}
	c := cursor{r.lines, p}
	c.skipSpace()
	for i := 0; i < len(n.Value) && i < offset; {
		v, size := utf8.DecodeRuneInString(n.Value[i:])
		i += size
		if space(v) {
			c.skipSpace()
			continue
		}
		if n.Style == yaml.DoubleQuotedStyle && c.rune() == '\\' || n.Style == yaml.SingleQuotedStyle && v == '\'' {
			c.next()
		}
		if c.rune() != v {
			return at(n) // an escape of another kind: the beginning is near enough
		}
		c.next()
	}
	return c.position
}

// cursor walks a file by characters.
type cursor struct {
	lines []string
	position
}

func space(v rune) bool { return v == ' ' || v == '\n' || v == '\t' || v == '\r' }

// rune returns the character at the cursor; a line ends with a newline.
func (c *cursor) rune() rune {
	if c.line > len(c.lines) {
		return 0
	}
	at := 1
	for _, v := range c.lines[c.line-1] {
		if at == c.column {
			return v
		}
		at++
	}
	return '\n'
}

func (c *cursor) next() {
	if c.rune() == '\n' {
		c.position = position{c.line + 1, 1}
		return
	}
	c.column++
}

func (c *cursor) skipSpace() {
	for c.line <= len(c.lines) && space(c.rune()) {
		c.next()
	}
}
