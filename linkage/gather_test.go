package linkage_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"limen/linkage"
)

// Of too many candidates those are kept who hold the document, then those with
// the most keys; and it is said.
func TestGatherKeepsTheLikeliest(t *testing.T) {
	people := func(from, n int) (out []int) {
		for i := range n {
			out = append(out, from+i)
		}
		return out
	}
	blocks := map[linkage.Key][]int{"d1": {900}, "m1": people(0, 200), "n1": people(0, 200), "o1": people(190, 10)}
	found, notAllSeen, err := linkage.Gather([]int{-5}, []linkage.Key{"d1", "m1", "n1", "o1"}, func(k linkage.Key) ([]int, error) { return blocks[k], nil })
	if err != nil || !notAllSeen || len(found) != 1+linkage.MaxCandidates || found[0] != -5 || !slices.IsSorted(found) {
		t.Fatalf("%v, %t, %v", found, notAllSeen, err)
	}
	for _, want := range append(people(190, 10), 900) {
		if !slices.Contains(found, want) {
			t.Errorf("%d is not kept", want)
		}
	}
	broken := errors.New("broken")
	if _, _, err := linkage.Gather(nil, []linkage.Key{"d1"}, func(linkage.Key) ([]int, error) { return nil, broken }); !errors.Is(err, broken) {
		t.Errorf("a block that cannot be read: %v", err)
	}
}

// Two people of a very common name, whose birth date is the one that is written
// where none is known, are not merged in any file: not where the name is
// counted, nor where the file is too small to count it, whatever it says.
func TestCommonNamesOnNewYear(t *testing.T) {
	p := person("AHMADI", "MOHAMMAD", 1988, 1, 1)
	p.Nationality = "AFG"
	p.Documents = nil
	all := []linkage.Candidate{{Traveler: "t", Person: p}}
	for _, people := range []int{2, 9_999, 25_000, 1_000_000} {
		for name, shares := range map[string]linkage.Shares{"not counted": nil, "broken": func(string) float64 { return 0 }, "counted": func(string) float64 { return .05 }} {
			if got := linkage.Decide(p, all, linkage.Setting{People: people, Shares: shares}); len(got) > 0 && got[0].Strength != linkage.Weak {
				t.Errorf("%d people, %s: %s", people, name, got[0].Strength)
			}
		}
	}
	if got := linkage.Decide(p, all, linkage.Setting{People: 9_999, Shares: func(string) float64 { return 1e-4 }}); got[0].Strength != linkage.Weak {
		t.Error("a small file knows a share")
	}
}

// A share is that of a census, whoever counted.
func TestShare(t *testing.T) {
	var c linkage.Census
	for i := range 20_000 {
		c.Add(person(fmt.Sprintf("NAME%c", 'A'+i%20), "ANNA", 1980, 5, 17))
	}
	if got, want := c.Share("n NAMEB"), linkage.Share(1000, 20_000); got != want || want < .04 || want > .05 {
		t.Errorf("%g, %g", got, want)
	}
	if got := c.Share("n ANA"); got != 1 || linkage.Share(linkage.EnoughBearers(20_000), 20_000) != 1 {
		t.Errorf("what everybody is called has a share of %g", got)
	}
	if got := linkage.Share(0, 1_000_000); got <= 0 || got > 2e-6 {
		t.Errorf("a name that nobody bears: %g", got)
	}
}
