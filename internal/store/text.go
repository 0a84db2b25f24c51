package store

import (
	"reflect"
	"strings"
	"unicode/utf8"

	"limen/errs"
)

// checkText returns an Invalid error (code "text") if one of the values is a
// text that not every engine can keep: one with a NUL, which PostgreSQL has
// none of, or one that is not UTF-8. Both engines refuse it here, alike, and
// before a statement fails of it.
func checkText(values ...any) error {
	for _, v := range values {
		s, is := v.(string)
		if !is {
			r := reflect.ValueOf(v)
			if r.Kind() != reflect.String {
				continue
			}
			s = r.String()
		}
		if strings.IndexByte(s, 0) >= 0 || !utf8.ValidString(s) {
			return errs.New(errs.Invalid, "text", "a text has a NUL in it, or is not UTF-8")
		}
	}
	return nil
}
