package manifest

// Limits of one input. The limit on its total bytes is the caller's: give the
// parser a reader that ends, such as http.MaxBytesReader. The values read take
// no more memory than the input; what is kept around them is bounded by these.
const (
	// MaxMessages is the most messages in one input.
	MaxMessages = 1_000
	// MaxPassengers is the most passengers in one message. The largest cruise
	// ships carry some 10,000 persons.
	MaxPassengers = 20_000
	// MaxPassengersInAll is the most passengers in all messages of one input.
	MaxPassengersInAll = 100_000
	// MaxLegs is the most legs in one message; the PAXLST guide allows 10.
	MaxLegs = 100
	// MaxDocuments is the most documents of one passenger; the PAXLST guide
	// allows 5. Further ones are left out with a diagnostic.
	MaxDocuments = 10
	// MaxDiagnostics is the most diagnostics kept of one message, and of the
	// input outside messages. A last one says how many were left out.
	MaxDiagnostics = 1_000
)
