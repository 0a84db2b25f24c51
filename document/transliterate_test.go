package document_test

import (
	"strings"
	"testing"

	"limen/document"
)

// Worked by hand from the tables.
func TestTransliterate(t *testing.T) {
	for in, want := range map[string]string{
		"Müller": "MUELLER", "GRÖSSE": "GROESSE", "weiß": "WEISS", "Ærø": "AEROE", "Ångström": "AANGSTROEM", "Øresund": "OERESUND",
		"Núñez": "NUNEZ", "O'Neil-Smith": "ONEIL SMITH", "Łukasz": "LUKASZ", "Þóra": "THORA", "  a  b ": "A B", "Đặng": "DANG",
		"Щербаков": "SHCHERBAKOV", "Юрий Хрущёв": "IURII KHRUSHCHEV", "Ілля": "ILLIA", "Цой": "TSOI", "Ольга": "OLGA", "Подъячев": "PODIEIACHEV",
		"عبد": "EBD", "محمد": "MXHMD", "فاطمة": "FAXTTMXAH", "فاطمةزهراء": "FAXTTMXTAZHRAXE", "مُحَمَّد": "MXHMD", "محـــمد": "MXHMD",
		// Source: the worked example of Doc 9303-3, appendix B.
		"ابو بكر محمد بن زكريا الرازي": "ABW BKR MXHMD BN ZKRYA ALRAZY",
		"": "", "---": "",
	} {
		if got, ok := document.Transliterate(in); got != want || !ok {
			t.Errorf("%s: %s, %t; want %s", in, got, ok, want)
		}
	}
	for in, want := range map[string]string{"A日B": "AB", "Ω": "", "R2D2": "RD"} {
		if got, ok := document.Transliterate(in); got != want || ok {
			t.Errorf("%s, a letter without a form: %s, %t", in, got, ok)
		}
	}
}

// Whatever comes in, capitals, single blanks and nothing else come out, of
// bounded length, and what is Latin already stays what it is.
func FuzzTransliterate(f *testing.F) {
	for _, s := range []string{"Müller", "Щербаков", "فاطمة", "A日B", "\xff", " . - ' ", "ﬁ", strings.Repeat("щ", 1000)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		out, _ := document.Transliterate(in)
		if strings.Trim(out, "ABCDEFGHIJKLMNOPQRSTUVWXYZ ") != "" || strings.Contains(out, "  ") || strings.TrimSpace(out) != out {
			t.Fatalf("%q", out)
		}
		if len(out) > 4*len(in) {
			t.Fatalf("%d bytes became %d", len(in), len(out))
		}
		if again, whole := document.Transliterate(out); again != out || !whole {
			t.Fatalf("%q became %q", out, again)
		}
	})
}
