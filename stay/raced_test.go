//go:build race

package stay_test

// raced: under the race detector, which is ten times slower, histories are one
// crossing shorter and fewer; make test runs them in full without it.
const raced = 1
