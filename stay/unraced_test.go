//go:build !race

package stay_test

const raced = 0
