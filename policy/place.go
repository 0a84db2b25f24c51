package policy

import (
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// within returns the place in the file of a byte offset in the value of a
// scalar. It walks file and value together, once: white space of the value
// stands for any white space of the file, for lines may be folded; the backslash
// of a quoted scalar, and the first of two single quotes, stand for nothing.
func (r *reader) within(n *yaml.Node, offset int) position {
	p := at(n)
	switch n.Style {
	case yaml.SingleQuotedStyle, yaml.DoubleQuotedStyle:
		p.column++
	case yaml.LiteralStyle, yaml.FoldedStyle:
		p = position{p.line + 1, 1}
	}
	c := newCursor(r.lines, p)
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

// cursor walks a file by characters; rest is what the line has from there on.
type cursor struct {
	lines []string
	rest  string
	position
}

func newCursor(lines []string, p position) *cursor {
	c := &cursor{lines: lines}
	for c.begin(p.line); c.column < p.column && c.rest != ""; {
		c.next()
	}
	return c
}

// begin goes to the beginning of a line.
func (c *cursor) begin(line int) {
	c.position, c.rest = position{line, 1}, ""
	if line <= len(c.lines) {
		c.rest = c.lines[line-1]
	}
}

func space(v rune) bool { return v == ' ' || v == '\n' || v == '\t' || v == '\r' }

// rune returns the character at the cursor; a line ends with a newline.
func (c *cursor) rune() rune {
	if c.line > len(c.lines) {
		return 0
	}
	if c.rest == "" {
		return '\n'
	}
	v, _ := utf8.DecodeRuneInString(c.rest)
	return v
}

func (c *cursor) next() {
	if c.rest == "" {
		c.begin(c.line + 1)
		return
	}
	_, size := utf8.DecodeRuneInString(c.rest)
	c.rest = c.rest[size:]
	c.column++
}

func (c *cursor) skipSpace() {
	for c.line <= len(c.lines) && space(c.rune()) {
		c.next()
	}
}
