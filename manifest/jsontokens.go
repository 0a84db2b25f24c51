package manifest

import (
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
)

// here notes the place for diagnostics: just after what has been read.
func (j *jsonReader) here() { j.rep.offset = j.skipped + j.dec.InputOffset() }

// token returns the next token, or an error that ends the reading.
func (j *jsonReader) token() (json.Token, error) {
	t, err := j.dec.Token()
	var syntax *json.SyntaxError
	switch {
	case err == nil:
		return t, nil
	case errors.As(err, &syntax):
		return nil, errForm
	case err == io.EOF:
		return nil, io.ErrUnexpectedEOF
	}
	return nil, err
}

// object reads an object and gives each field to read, which says whether it
// knows it and has read its value.
func (j *jsonReader) object(read func(name string) (bool, error)) error {
	if ok, err := j.opens('{'); !ok {
		return err
	}
	var seen []string
	for j.dec.More() {
		t, err := j.token()
		if err != nil {
			return err
		}
		name, _ := t.(string)
		j.here()
		j.rep.offset -= int64(min(len(name)+2, int(j.rep.offset)))
		j.path = append(j.path, name)
		if slices.Contains(seen, name) {
			j.rep.add(Error, CodeRepeated, "%s: the field stands twice; the first one was kept.", j.where())
			err = j.skip()
		} else {
			var known bool
			if known, err = read(name); !known && err == nil {
				j.rep.add(Error, CodeUnknownField, "%s: the field is not one of the manifest form, and was refused.", j.where())
				err = j.skip()
			}
			if known {
				seen = append(seen, name)
			}
		}
		if err != nil {
			return err
		}
		j.path = j.path[:len(j.path)-1]
	}
	_, err := j.token()
	return err
}

// array reads an array and calls read for each element.
func (j *jsonReader) array(read func() error) error {
	if ok, err := j.opens('['); !ok {
		return err
	}
	for j.dec.More() {
		j.here()
		if err := read(); err != nil {
			return err
		}
	}
	_, err := j.token()
	return err
}

// opens reads the beginning of an object or array. It reports false, having
// passed over the value, if it is something else; null is nothing to read.
func (j *jsonReader) opens(want json.Delim) (bool, error) {
	t, err := j.token()
	if err != nil || t == nil {
		return false, err
	}
	d, ok := t.(json.Delim)
	if ok && d == want {
		return true, nil
	}
	what := "an object"
	if want == '[' {
		what = "an array"
	}
	j.rep.add(Error, CodeFieldType, "%s: %s was expected.", j.where(), what)
	if ok {
		return false, j.skipInside()
	}
	return false, nil
}

// skip passes over one value.
func (j *jsonReader) skip() error {
	t, err := j.token()
	if d, ok := t.(json.Delim); ok && err == nil && (d == '{' || d == '[') {
		return j.skipInside()
	}
	return err
}

// skipInside passes over the rest of an object or array that has been opened.
func (j *jsonReader) skipInside() error {
	for depth := 1; depth > 0; {
		t, err := j.token()
		if err != nil {
			return err
		}
		switch t {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
	}
	return nil
}

// where names the field being read, for diagnostics. A name that is not a
// plain word is not quoted: it may be anything.
func (j *jsonReader) where() string {
	plain := make([]string, 0, len(j.path))
	for _, name := range j.path {
		if len(name) > 40 || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz_") != "" {
			name = "?"
		}
		plain = append(plain, name)
	}
	if len(plain) == 0 {
		return "the input"
	}
	return strings.Join(plain, ".")
}
