package app

import (
	"testing"

	"limen/internal/store"
	"limen/manifest"
	"limen/policy"
	"limen/travel"
)

// Only a residence card of the country, or the countries, of the rule makes a
// resident.
func TestResidentBelongsToTheRule(t *testing.T) {
	for _, c := range []struct {
		set    string
		issuer travel.Country
		want   policy.Fact
	}{{"us-2025", "USA", policy.Yes}, {"us-2025", "CAN", policy.Unknown}, {"us-2025", "", policy.Unknown}, {"eu-ees", "FRA", policy.Yes}, {"eu-ees", "USA", policy.Unknown}} {
		law, err := policy.Default().Set(c.set)
		if err != nil {
			t.Fatal(err)
		}
		listed := manifest.Passenger{}
		listed.Documents = []travel.Document{{Type: travel.Resident, Issuer: c.issuer}}
		if q := question(law, &store.Voyage{}, listed); q.Resident != c.want {
			t.Errorf("%s, issued by %q: resident is %d", c.set, c.issuer, q.Resident)
		}
	}
}
