// Package match compares biometric templates: verify one against one, identify
// one in the gallery of the encounter it comes from.
//
// No call here takes a photograph or a probe without an encounter and its
// gallery: limen cannot search a face against everyone (promise 22).
//
// Source: ISO/IEC 2382-37:2022 (vocabulary), ISO/IEC 19795-1:2021 (error
// rates), NIST FRTE 1:N (threshold against gallery size).
package match
