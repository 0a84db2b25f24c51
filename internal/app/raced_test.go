//go:build race

package app

// raced: what takes minutes under the race detector runs without it in make test.
const raced = true
