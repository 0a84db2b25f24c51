// Package face is the default match.Engine: it turns the bytes of one JPEG or
// PNG into the sample of the one person it shows.
//
// One image goes through decode, detect, landmarks, align, attack and
// template. Each is a small interface (stages.go), so that another detector,
// another embedder or a vendor's whole chain can be plugged in with New. The
// default stages run ONNX models through ONNX Runtime; Open finds and starts
// them.
//
// A worker is one set of stages with buffers of its own; there is one worker
// per core and each runs on one thread, because a session with two threads is
// slower on two cores than two sessions with one. An image waits for a free
// worker, never for a part of one.
//
// What can go wrong with an image is in the contract of match.Engine. What
// cannot be seen is garbage: on a photograph turned on its side the detector
// answers with full confidence, so the landmarks must make an upright face
// before a template is computed.
//
// The weights of landmarks, attack and template have no published training
// data: good for trial, test and benchmark. A deployment plugs in its own.
//
// Source: ISO/IEC 19794-5 (face image), ISO/IEC 29794-5:2025 (quality),
// ISO/IEC 30107-3:2023 (presentation attack), JEITA CP-3451 (EXIF).
package face
