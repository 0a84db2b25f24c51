//go:build !linux

package postgres

import "syscall"

// userTimeout does nothing: elsewhere the operating system's own patience
// counts.
func userTimeout(string, string, syscall.RawConn) error { return nil }
