// Package biometric holds the nouns of biometrics that gallery, capture and
// match share: a template and the model that made it, the quality of a
// sample, the presentation-attack signal.
//
// Source: ISO/IEC 2382-37:2022 (vocabulary), ISO/IEC 29794-5:2025 (face image
// quality), ISO/IEC 30107-3:2023 (presentation attack detection).
package biometric
