package manifest

import (
	"bufio"
	"io"
)

// Parse reads a manifest in the form that its first bytes show: the JSON form
// if the first one that is no blank is an opening brace, EDIFACT otherwise. A
// UTF-8 byte order mark is passed over. Limits and errors are those of
// ParseJSON and ParsePAXLST.
func Parse(r io.Reader) (Parsed, error) {
	b := bufio.NewReader(r)
	json, err := looksLikeJSON(b)
	if err != nil {
		return Parsed{Messages: []Message{}, Diagnostics: []Diagnostic{}}, err
	}
	if json {
		return ParseJSON(b)
	}
	return ParsePAXLST(b)
}

// looksLikeJSON looks ahead for the first byte that is neither blank nor byte
// order mark, as far as the buffer goes.
func looksLikeJSON(b *bufio.Reader) (bool, error) {
	for n := 1; n <= b.Size(); n++ {
		ahead, err := b.Peek(n)
		if err == io.EOF {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		switch c := ahead[n-1]; c {
		case ' ', '\t', '\r', '\n', 0xef, 0xbb, 0xbf:
		default:
			return c == '{', nil
		}
	}
	return false, nil
}
