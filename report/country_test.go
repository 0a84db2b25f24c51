package report_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"limen/report"
	"limen/travel"
)

func TestCountries(t *testing.T) {
	for code, want := range map[travel.Country][2]string{
		"DEU": {"DEU", "Germany"}, "D": {"DEU", "Germany"}, "GBR": {"GBR", "United Kingdom"}, "GBN": {"GBN", "United Kingdom (national, overseas)"},
		"RKS": {"RKS", "Kosovo"}, "XXA": {"XXA", "Stateless"}, "HKG": {"HKG", "Hong Kong"}, "CIV": {"CIV", "Côte d’Ivoire"}, "COD": {"COD", "Congo, Democratic Republic of the"},
		"": {"XXX", "Not known"}, "XXX": {"XXX", "Not known"}, "ZZZ": {"XXX", "Not known"}, "de": {"XXX", "Not known"}, "deu": {"XXX", "Not known"},
		"DE": {"XXX", "Not known"}, "419": {"XXX", "Not known"}, "QZZ": {"XXX", "Not known"}, "SUN": {"XXX", "Not known"},
	} {
		if got := [2]string{string(report.Nationality(code)), report.CountryName(code)}; got != want {
			t.Errorf("%q: %q, want %q", code, got, want)
		}
	}
	lines := strings.Split(strings.TrimSuffix(string(must(os.ReadFile("countries.txt"))), "\n"), "\n")
	if len(lines) < 249-20 || !slices.IsSorted(lines) {
		t.Errorf("%d countries, in order %v", len(lines), slices.IsSorted(lines))
	}
	names := map[string]bool{}
	for _, line := range lines {
		code, name, _ := strings.Cut(line, " ")
		if len(code) != 3 || name == "" || names[name] || report.CountryName(travel.Country(code)) != name {
			t.Errorf("the line %q", line)
		}
		names[name] = true
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
