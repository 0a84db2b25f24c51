package sim

import (
	"bytes"
	"reflect"
	"testing"

	"limen/manifest"
)

// What the carriers of the day send must come out of the parser as it went in,
// without a word of complaint.
func TestManifestsGoThroughTheParser(t *testing.T) {
	for _, v := range fullPlan(t).Voyages {
		for _, m := range []manifest.Message{v.Manifest(), v.CloseOut()} {
			var wire bytes.Buffer
			if err := manifest.WritePAXLST(&wire, m); err != nil {
				t.Fatalf("%s: %v", v.ID, err)
			}
			got, err := manifest.ParsePAXLST(&wire)
			if err != nil || len(got.Messages) != 1 || len(got.Diagnostics) > 0 {
				t.Fatalf("%s: %d messages, %v, %v", v.ID, len(got.Messages), got.Diagnostics, err)
			}
			read := got.Messages[0]
			if len(read.Diagnostics) > 0 {
				t.Errorf("%s: %v", v.ID, read.Diagnostics)
			}
			if read.Function != m.Function || !reflect.DeepEqual(read.Legs, m.Legs) {
				t.Errorf("%s: function %s, legs %v; want %s, %v", v.ID, read.Function, read.Legs, m.Function, m.Legs)
			}
			if !reflect.DeepEqual(read.Passengers, m.Passengers) {
				t.Errorf("%s: the passengers read are not those sent", v.ID)
			}
		}
	}
}
