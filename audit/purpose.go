package audit

import (
	"fmt"
	"strings"
)

// Purpose is the stated reason of an access to personal data. Its zero value
// is refused.
type Purpose string

// MaxPurpose bounds a purpose, in bytes.
const MaxPurpose = 200

// ParsePurpose returns the purpose stated as s, without space around it, or an
// error if it is empty or over MaxPurpose.
func ParsePurpose(s string) (Purpose, error) {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > MaxPurpose {
		return "", fmt.Errorf("an access to personal data states its purpose in 1 to %d bytes", MaxPurpose)
	}
	return Purpose(s), nil
}
