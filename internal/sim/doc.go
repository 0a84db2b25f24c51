// Package sim invents a day at a small airport and keeps the truth about it:
// who the passengers are, who comes to the gate, what the camera sees, and who
// only pretends. The system under test gets manifests, portraits and frames,
// and never the truth; Summarize compares its answers with the truth at the
// end.
//
//	faces := sim.Phantoms()               // or sim.Folder(dir)
//	plan, err := sim.NewPlan(faces, 1, today)
//	studio := sim.NewStudio()
//	for each voyage, visit, n: frame, err := studio.Frame(voyage, visit, n)
//	summary := sim.Summarize(plan, answers)
//
// Everything follows from seed and day: the same two give the same names,
// documents, fates and, byte for byte, the same frames.
//
// Names and nationalities are drawn without a look at the pictures. No figure
// that comes out says anything about real people.
package sim
