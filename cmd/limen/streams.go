package main

import "io"

// streams are where a command writes: answers to Out, all else to Err.
type streams struct{ Out, Err io.Writer }
