package linkage_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"limen/linkage"
	"limen/travel"
)

// Who shares a key is a candidate, with what the keys are made to find.
func TestCandidates(t *testing.T) {
	file := []linkage.Person{person("TAKAHASHI", "KEIKO", 1972, 2, 11)}
	for i := range 2000 { // strangers
		file = append(file, person(fmt.Sprintf("STRANGER%c%c", 'A'+i%26, 'A'+i/26%26), "EMEKA", 1950+int16(i%40), 7, uint8(20+i%8)))
	}
	for i := range file {
		file[i].Documents = []travel.Document{{Type: travel.Passport, Number: fmt.Sprint(i), Issuer: "JPN"}}
	}
	index := linkage.NewIndex(slices.Values(file))
	for name, p := range map[string]linkage.Person{
		"the same":             person("TAKAHASHI", "KEIKO", 1972, 2, 11),
		"swapped":              person("KEIKO", "TAKAHASHI", 1972, 2, 11),
		"another surname":      person("TANAKA", "KEIKO", 1972, 2, 11),
		"no given name":        person("TAKAHASHI", "", 1972, 2, 11),
		"spelled otherwise":    person("TAKAHASI", "KEYKO", 1972, 2, 11),
		"another day":          person("TAKAHASHI", "KEIKO", 1972, 2, 17),
		"another month":        person("TAKAHASHI", "KEIKO", 1972, 3, 11),
		"another year":         person("TAKAHASHI", "KEIKO", 1982, 2, 11),
		"day and month turned": person("TAKAHASHI", "KEIKO", 1972, 11, 2),
		"month and day amiss":  person("TAKAHASHI", "KEIKO", 1972, 0, 0),
	} {
		if found, notAllSeen := index.Candidates(p, nil); !slices.Contains(found, 0) || notAllSeen {
			t.Errorf("%s: found %v, %t", name, found, notAllSeen)
		}
	}
	byDocument := person("OTHER", "NAME", 2001, 9, 9)
	byDocument.Documents = []travel.Document{{Type: travel.Passport, Number: "0", Issuer: "JPN"}}
	if found, _ := index.Candidates(byDocument, []int32{7}); !slices.Equal(found, []int32{7, 0}) {
		t.Errorf("by document: %v", found)
	}
	if found, notAllSeen := index.Candidates(person("NOBODY", "ATALL", 2001, 9, 9), nil); len(found) != 0 || notAllSeen {
		t.Errorf("a stranger: %v, %t", found, notAllSeen)
	}
	empty := linkage.NewIndex(slices.Values([]linkage.Person(nil)))
	if found, _ := empty.Candidates(file[0], nil); len(found) != 0 || empty.Keys() != 0 {
		t.Errorf("an empty index: %v", found)
	}
}

// People whose month and day are unknown are found by those who know theirs,
// and the other way round.
func TestPartlyKnownDates(t *testing.T) {
	file := []linkage.Person{person("TAKAHASHI", "KEIKO", 1972, 0, 0), person("TAKAHASHI", "KEIKO", 1972, 2, 11)}
	for i := range file {
		file[i].Documents = nil
	}
	index := linkage.NewIndex(slices.Values(file))
	for _, c := range []struct {
		month, date uint8
		want        []int32
	}{{0, 0, []int32{0, 1}}, {2, 0, []int32{0, 1}}, {2, 19, []int32{0, 1}}, {5, 17, []int32{0}}} {
		if found, _ := index.Candidates(person("TAKAHASHI", "KEIKO", 1972, c.month, c.date), nil); !slices.Equal(found, c.want) {
			t.Errorf("month %d, date %d: %v, want %v", c.month, c.date, found, c.want)
		}
	}
}

// A block that is too large is not read, says so, and makes nothing strong;
// what is found by other keys is still found.
func TestHugeBlock(t *testing.T) {
	var file []linkage.Person
	for i := range 10_000 {
		p := person("KIM", "MINJUN", 1980, 1, 1)
		p.Documents[0].Number = fmt.Sprint(i)
		file = append(file, p)
	}
	index := linkage.NewIndex(slices.Values(file))
	p := person("KIM", "MINJUN", 1980, 1, 1)
	p.Documents[0].Number = "new"
	found, notAllSeen := index.Candidates(p, nil)
	if len(found) != 0 || !notAllSeen {
		t.Errorf("%d found, all seen: %t", len(found), !notAllSeen)
	}
	p.Documents[0].Number = "77"
	if found, notAllSeen := index.Candidates(p, nil); !slices.Equal(found, []int32{77}) || !notAllSeen {
		t.Errorf("by document: %v, %t", found, notAllSeen)
	}
	rare := linkage.Setting{People: 10_000, Shares: func(string) float64 { return 1e-4 }, NotAllSeen: true}
	p.Documents[0].Number = "new"
	got := linkage.Decide(p, []linkage.Candidate{{Traveler: "t", Person: file[0]}}, rare)
	if len(got) != 1 || got[0].Strength != linkage.Weak || got[0].Why != linkage.NotAllSeen {
		t.Errorf("%+v", got)
	}
	p.Documents[0].Number = "0"
	if got := linkage.Decide(p, []linkage.Candidate{{Traveler: "t", Person: file[0]}}, rare); got[0].Strength != linkage.Confirmed {
		t.Errorf("a document needs no other block: %+v", got)
	}
}

// The index gives what a search through all keys would, but for blocks of which
// more than one key must be shared; and never the same person twice.
func TestIndexAgainstAllKeys(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		var file []linkage.Person
		for i := range rapid.IntRange(0, 40).Draw(r, "file") {
			file = append(file, drawPerson(r, fmt.Sprint(i)))
		}
		p := drawPerson(r, "p")
		found, _ := linkage.NewIndex(slices.Values(file)).Candidates(p, nil)
		if !slices.IsSorted(found) || len(slices.Compact(slices.Clone(found))) != len(found) {
			r.Fatalf("not each once, in order: %v", found)
		}
		search, block := linkage.SearchKeys(p), map[linkage.Key]int{}
		for _, f := range file {
			for _, k := range linkage.Keys(f) {
				block[k]++
			}
		}
		for i, f := range file {
			shared, few := 0, false
			for _, k := range linkage.Keys(f) {
				if slices.Contains(search, k) {
					shared, few = shared+1, few || block[k] <= 2
				}
			}
			got := slices.Contains(found, int32(i))
			if got && shared == 0 || !got && few {
				r.Fatalf("person %d shares %d keys, few others have one: %t, found: %t", i, shared, few, got)
			}
		}
	})
}
