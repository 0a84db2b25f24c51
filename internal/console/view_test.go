package console

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"limen/report"
	"limen/travel"
)

// TestNotice: what needs attention, in words, and what does not.
func TestNotice(t *testing.T) {
	for _, c := range []struct {
		name string
		v    report.Voyage
		want string
	}{
		{"nobody listed", report.Voyage{}, ""},
		{"at the goal", report.Voyage{Passengers: 100, Ready: 95}, ""},
		{"below the goal", report.Voyage{Passengers: 100, Ready: 94}, "6 of 100 not ready"},
		{"no reference yet", report.Voyage{Passengers: 1}, "1 of 1 not ready"},
		{"citizens are erased as they cross", report.Voyage{Passengers: 100, Ready: 60, Confirmed: 40, Crossed: 40}, ""},
		{"two are no pattern", report.Voyage{Passengers: 9, Ready: 9, Manual: 2, Crossed: 1}, ""},
		{"at the limit", report.Voyage{Passengers: 40, Ready: 40, Confirmed: 27, Manual: 3, Crossed: 20}, ""},
		{"over the limit", report.Voyage{Passengers: 40, Ready: 40, Confirmed: 26, Manual: 3, Crossed: 20}, "3 of 29 to an officer"},
		{"both", report.Voyage{Passengers: 10, Ready: 5, Manual: 4}, "5 of 10 not ready; 4 of 4 to an officer"},
		{"closed", report.Voyage{Passengers: 10, Manual: 4, Closed: true}, ""},
	} {
		if got := notice(c.v); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// TestLookOrder: what is still open comes first, and yesterday's is last.
func TestLookOrder(t *testing.T) {
	v := look([]report.Voyage{{ID: "A", Closed: true}, {ID: "B"}, {ID: "C", Closed: true}, {ID: "D"}})
	var ids []string
	for _, r := range v.Voyages {
		ids = append(ids, string(r.ID))
	}
	if want := []string{"B", "D", "C", "A"}; !slices.Equal(ids, want) {
		t.Errorf("order %v, want %v", ids, want)
	}
}

func TestHeadline(t *testing.T) {
	bad := func(n, closed int) (vs []report.Voyage) {
		for i := range n {
			vs = append(vs, report.Voyage{ID: travel.VoyageID(fmt.Sprintf("V%d", i)), Passengers: 2, Closed: i < closed})
		}
		return vs
	}
	for _, c := range []struct {
		vs      []report.Voyage
		want    string
		flagged int
	}{
		{nil, "", 0},
		{bad(2, 2), "No voyage is open.", 0},
		{[]report.Voyage{{ID: "A"}}, "No open voyage needs attention.", 0},
		{bad(1, 0), "The only open voyage needs attention:", 1},
		{append(bad(1, 0), report.Voyage{ID: "A"}), "1 of 2 open voyages needs attention:", 1},
		{bad(6, 1), "5 of 5 open voyages need attention:", 5},
		{bad(40, 1), "39 of 39 open voyages need attention; the next 6:", 6},
	} {
		if v := look(c.vs); v.Headline != c.want || len(v.Flagged) != c.flagged {
			t.Errorf("%q with %d flagged, want %q with %d", v.Headline, len(v.Flagged), c.want, c.flagged)
		}
	}
}

func TestWhen(t *testing.T) {
	v := sample()
	if got := when(v); got != "departs 2026-11-23 11:00" {
		t.Error(got)
	}
	v.Direction = travel.Entry
	if got := when(v); got != "arrives 2026-11-23 21:10" {
		t.Error(got)
	}
	if got := when(report.Voyage{}); got != "" {
		t.Error(got)
	}
}

// TestLookEmpty: no voyage is an empty list, not null, which the page could
// not walk through.
func TestLookEmpty(t *testing.T) {
	b, err := json.Marshal(look(nil))
	if err != nil || strings.Contains(string(b), "null") {
		t.Errorf("%s, %v", b, err)
	}
}
