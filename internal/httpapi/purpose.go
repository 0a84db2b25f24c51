package httpapi

import (
	"limen/audit"
	"limen/errs"
)

// parsePurpose reads a stated purpose; one that is none is Invalid (code
// "purpose").
func parsePurpose(s string) (audit.Purpose, error) {
	p, err := audit.ParsePurpose(s)
	if err != nil {
		return "", errs.New(errs.Invalid, "purpose", "%w", err)
	}
	return p, nil
}
