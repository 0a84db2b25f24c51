package manifest

import (
	"strings"
	"unicode"
)

// pairs gives the letters that ICAO Doc 9303-3 (section 6, table A) writes
// with others than their bare ones.
var pairs = strings.NewReplacer(
	"Ä", "AE", "Å", "AA", "Æ", "AE", "Ö", "OE", "Ø", "OE", "Œ", "OE", "Ü", "UE",
	"ẞ", "SS", "ß", "SS", "Þ", "TH", "Ð", "D", "Đ", "D", "Ĳ", "IJ", "Ŋ", "N", "Ħ", "H", "Ł", "L", "Ŧ", "T", "ĸ", "Q",
)

// bare gives the bare letter of accented ones: each letter is followed by the
// capitals that lose their mark to become it.
const bare = "AÀÁÂÃĀĂĄẠẢẤẦẨẪẬẮẰẲẴẶ CÇĆĈĊČ DĎ EÈÉÊËĒĔĖĘĚẸẺẼẾỀỂỄỆ GĜĞĠĢ HĤ IÌÍÎÏĨĪĬĮİỈỊ JĴ KĶ LĹĻĽĿ " +
	"NÑŃŅŇ OÒÓÔÕŌŎŐƠỌỎỐỒỔỖỘỚỜỞỠỢ RŔŖŘ SŚŜŞŠȘ TŢŤȚ UÙÚÛŨŪŬŮŰŲƯỤỦỨỪỬỮỰ WŴẀẂẄ YÝŶŸỲỴỶỸ ZŹŻŽ"

// Transliterate returns a name in the capitals A to Z and single blanks that
// manifests allow. Hyphens become blanks and apostrophes go, as in a
// machine-readable zone. It reports false if a letter has no such form, as
// those of other scripts; then the name is what is left.
//
// Source: ICAO Doc 9303-3, section 4.6 (conventions for names) and section 6
// (transliterations, table A: Latin-based characters).
func Transliterate(name string) (string, bool) {
	whole := true
	var b strings.Builder
	for _, c := range pairs.Replace(strings.ToUpper(name)) {
		switch {
		case c >= 'A' && c <= 'Z':
			b.WriteRune(c)
		case c == '\'' || c == '’' || c == '.' || unicode.IsMark(c):
		case c == '-' || c == ' ' || c == ',':
			b.WriteByte(' ')
		default:
			letter, ok := bareLetter(c)
			if whole = whole && ok; ok {
				b.WriteByte(letter)
			}
		}
	}
	return strings.Join(strings.Fields(b.String()), " "), whole
}

func bareLetter(c rune) (byte, bool) {
	for group := range strings.FieldsSeq(bare) {
		if strings.ContainsRune(group, c) {
			return group[0], true
		}
	}
	return 0, false
}
