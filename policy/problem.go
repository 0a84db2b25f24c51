package policy

import (
	"fmt"
	"strings"
)

// position is a place in a rule file: line and column count from 1, columns in
// characters.
type position struct{ line, column int }

// Problem is one thing that is wrong with a rule file.
type Problem struct {
	File         string `json:"file"`
	Line, Column int
	Code         string `json:"code"`    // a stable slug
	Message      string `json:"message"` // what is wrong
	Hint         string `json:"hint,omitempty"`
}

// String returns file:line:column: message.
func (p Problem) String() string {
	s := fmt.Sprintf("%s:%d:%d: %s", p.File, p.Line, p.Column, p.Message)
	if p.Hint != "" {
		s += " (" + p.Hint + ")"
	}
	return s
}

// Problems are all that is wrong with rule files, in the order of the files.
type Problems []Problem

// Error returns a line for each.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}
