package linkagesim

import (
	"fmt"
	"os"
	"strconv"
	"testing"
)

func TestTune(t *testing.T) {
	n, _ := strconv.Atoi(os.Getenv("N"))
	seed, _ := strconv.Atoi(os.Getenv("SEED"))
	l, err := Measure(t.Context(), n, uint64(seed), func(int, int) {})
	if err != nil {
		t.Fatal(err)
	}
	show := func(name string, x Tally) {
		fmt.Printf("%-40s %7d  recall %.4f  precision %.5f (wrong %d) seen %.4f leads %d (right %d)\n", name, x.Departures, x.Recall().Value, x.Precision().Value, x.Wrong, Wilson(x.Seen, x.Mated).Value, x.Leads, x.LeadsRight)
	}
	show("all", l.All)
	for _, k := range l.Kinds {
		show(string(k.Kind), k.Tally)
	}
	fmt.Printf("candidates %.2f skipped %d making %v matching %v per %v keys %d mem %d MiB\n", float64(l.Candidates)/float64(l.All.Departures), l.Skipped, l.Making, l.Matching, l.Matching/(1+0*1), l.IndexKeys, l.MemoryBytes>>20)
}
