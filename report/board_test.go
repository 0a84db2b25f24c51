package report_test

import (
	"reflect"
	"testing"

	"limen/report"
)

// TestTotal gives every count of every voyage its own power of two: whatever is
// left out of the sum, or counted twice, shows.
func TestTotal(t *testing.T) {
	vs := make([]report.Voyage, 2)
	bit, want := 1, map[string]int{}
	for i := range vs {
		v := reflect.ValueOf(&vs[i]).Elem()
		for f := range v.NumField() {
			if v.Field(f).Kind() == reflect.Int {
				v.Field(f).SetInt(int64(bit))
				want[v.Type().Field(f).Name] += bit
				bit <<= 1
			}
		}
	}
	total := reflect.ValueOf(report.Total(vs))
	for name, sum := range want {
		if got := total.FieldByName(name).Int(); got != int64(sum) {
			t.Errorf("%s: %d, want %d", name, got, sum)
		}
	}
	if len(want) != 8 {
		t.Errorf("%d counts", len(want))
	}
	if got := report.Total(nil); got != (report.Voyage{}) {
		t.Errorf("the sum of nothing is %+v", got)
	}
}
