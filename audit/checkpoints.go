package audit

import (
	"bytes"
	"fmt"
)

// SplitCheckpoints cuts a file of checkpoints that were written one after the
// other (a witness's) into single ones, in order. Empty lines between them are
// skipped. It only looks for where each ends; OpenCheckpoint verifies them.
func SplitCheckpoints(b []byte) ([][]byte, error) {
	const lines = 6 // four of text, an empty one, the signature
	var out [][]byte
	for {
		for len(b) > 0 && b[0] == '\n' {
			b = b[1:]
		}
		if len(b) == 0 {
			return out, nil
		}
		end := 0
		for range lines {
			i := bytes.IndexByte(b[end:], '\n')
			if i < 0 || end > MaxCheckpoint {
				return nil, fmt.Errorf("checkpoint %d is cut off", len(out)+1)
			}
			end += i + 1
		}
		out, b = append(out, b[:end]), b[end:]
	}
}
