package audit_test

import (
	"bytes"
	"testing"

	"limen/audit"
)

// BenchmarkVerifyMillion verifies an exported log of a million entries with a
// checkpoint for every 500 (promise 04: at most 10 s).
func BenchmarkVerifyMillion(b *testing.B) {
	const entries = 1_000_000
	k := newKeys(b, origin)
	var sizes []int64
	for at := int64(500); at <= entries; at += 500 {
		sizes = append(sizes, at)
	}
	stream := newLog().grow(entries).sign(b, k, sizes...).export(b)
	b.SetBytes(int64(len(stream)))
	b.ReportAllocs()
	for b.Loop() {
		report, err := audit.VerifyLog(bytes.NewReader(stream), k.list)
		if err != nil || report.Size != entries || report.Checkpoints != entries/500 {
			b.Fatal(err, report)
		}
	}
}

// BenchmarkAppend is what a leaf costs its writer: commitment, bytes, tree.
func BenchmarkAppend(b *testing.B) {
	e, s := entry(0)
	var tree audit.Tree
	b.ReportAllocs()
	for b.Loop() {
		tree.Append(e.Leaf(s).Bytes())
	}
}
