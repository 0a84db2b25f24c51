//go:build !race

package face

const raceDetector = false
