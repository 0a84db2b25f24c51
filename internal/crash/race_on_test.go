//go:build race

package crash

// raced reports whether the race detector, which makes the embedded database
// ten times slower, is on: the quick forms are shorter then.
const raced = true
