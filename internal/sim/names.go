package sim

import (
	"strings"

	"limen/document"
	"limen/travel"
)

// nation is where a member of the cast may come from. Names are common ones of
// the country, put together by chance.
type nation struct {
	code     travel.Country
	weight   int
	passport string // the form of a number: A is a letter, 9 a digit
	waiver   bool   // travels under the Visa Waiver Program
	treaty   bool   // of a country whose nationals can be treaty investors
	female   string
	male     string
	surnames string
}

// homeCountry is the country at whose port the day takes place.
const homeCountry travel.Country = "USA"

// home is apart from the others because its share is set, not drawn.
var home = nation{code: homeCountry, passport: "A99999999",
	female:   "Abigail Grace|Denise|Eleanor|Hannah Marie|Jacqueline|Latoya|Margaret Ann|Rosa|Shirley|Tamika Renee|Wendy|Ximena",
	male:     "Benjamin|Carlos Antonio|Darnell|Earl|Frederick|Joshua|Kenneth Lee|Marcus|Raymond|Samuel|Tyler James|Wei",
	surnames: "Abernathy|Begay|Caldwell|Delgado|Featherstonhaugh|Gunderson|Hargrove|Jefferson|Kowalczyk|Lindqvist|Montgomery-Fitzpatrick|Nakamura|O'Shaughnessy|Pelletier|Quimby|Thibodeau|Washington|Yazzie",
}

var nations = []nation{
	{"CAN", 12, "AA999999", false, true, "Chantal|Geneviève|Heather|Madeleine|Priya|Sylvie", "Étienne|Gordon|Jean-François|Liam|Mathieu|Wayne", "Bouchard|Côté|Lévesque|MacGillivray|Saint-Pierre|Tremblay-Desrochers|Singh|Whitfield"},
	{"GBR", 10, "999999999", true, true, "Beatrice|Fiona|Gemma|Imogen|Nadia|Philippa Jane", "Alistair|Callum|Graham|Nigel|Rhys|Tariq", "Ashworth|Blackwood|Cholmondeley|Davies-Llewellyn|Featherstonhaugh-Cholmondeley-Marjoribanks|Hussain|McAllister|Penhaligon|Thornbury"},
	{"D", 8, "C99A99A99", true, true, "Annegret|Birgit|Charlotte|Dörte|Käthe|Sabine", "Detlef|Götz|Hans-Jürgen|Jörg|Matthias|Stefan", "Brüggemann|Größer|Hölzl|Kühn|Müller-Lüdenscheidt|Schäfer|Strauß|von der Weide"},
	{"FRA", 6, "99AA99999", true, true, "Agnès|Clémence|Hélène|Inès|Marie-Thérèse|Zoé", "Benoît|François|Gaël|Jean-Baptiste|Noël|René", "Beauregard|Châtelain|de La Rochefoucauld-Montbel|Guérin|Lefèvre|Maître|Noblet|Pâquet"},
	{"IND", 9, "A9999999", false, false, "Aishwarya|Deepika|Kavitha|Lakshmi|Meenakshi|Sunita", "Arjun|Harish|Karthik|Manoj|Rajesh|Venkata Ramana", "Balasubramanian|Chatterjee|Deshpande|Iyer|Krishnamurthy|Patel|Reddy|Venkatanarasimharajuvaripeta"},
	{"CHN", 7, "A99999999", false, false, "Fang|Huiying|Lihua|Meiling|Xiuying|Yanan", "Bo|Guoqiang|Jianhong|Junjie|Weiming|Zhigang", "Chen|Huang|Liang|Ouyang|Sun|Wang|Xie|Zhao"},
	{"BRA", 6, "AA999999", false, false, "Beatriz|Conceição|Fernanda|Juliana|Letícia|Luísa", "Antônio|Caetano|Gonçalo|João|Otávio|Rogério", "Albuquerque|da Conceição Magalhães|Figueiredo|Gonçalves|Nascimento|Oliveira|Simões|Vasconcelos"},
	{"JPN", 6, "AA9999999", true, true, "Akiko|Emi|Haruka|Keiko|Misaki|Yoshiko", "Daisuke|Hiroshi|Kenta|Makoto|Shota|Takeshi", "Fujimoto|Hashimoto|Kobayashi|Matsuda|Nishimura|Ono|Takahashi|Yamaguchi"},
	{"NGA", 5, "A99999999", false, false, "Adaeze|Chidinma|Folasade|Ngozi|Oluwaseun|Temitope", "Babatunde|Chukwuemeka|Emeka|Ifeanyi|Olumide|Tunde", "Adebayo|Chukwuma|Ezenwa|Nwachukwu|Ogunbanjo|Okonkwo|Oluwafemi|Uzoma"},
	{"MEX", 8, "A99999999", false, true, "Guadalupe|Itzel|María Fernanda|Rocío|Sofía|Verónica", "Andrés|Hernán|José Luis|Martín|Óscar|Ramón", "Cárdenas Núñez|Domínguez|Ibáñez|Muñoz|Ordóñez|Peña|Rodríguez|Villaseñor"},
	{"IRL", 4, "AA9999999", true, true, "Aoife|Bríd|Caoimhe|Niamh|Orla|Siobhán", "Cian|Dáithí|Eoin|Oisín|Pádraig|Tadhg", "Brennan|Ó Súilleabháin|O'Donoghue|Gallagher|Kinsella|Mac Giolla|Ní Dhomhnaill|Tierney"},
	{"ISL", 3, "A9999999", true, false, "Guðrún|Katrín|Sigríður|Steinunn|Þórdís|Ásta", "Björn|Einar|Gunnar|Ólafur|Sigurður|Þór", "Blöndal|Briem|Hafstein|Kvaran|Norðdahl|Thorlacius|Zoëga|Ölfus"},
	{"ESP", 4, "AAA999999", true, true, "Begoña|Inmaculada|Lucía|Montserrat|Nuria|Pilar", "Álvaro|Íñigo|Javier|Joaquín|Santiago|Víctor", "Echeverría|Fernández de Córdoba|Giménez|Ibarra|Núñez|Ortuño|Quintana|Zubizarreta"},
	{"ITA", 4, "AA9999999", true, true, "Chiara|Federica|Giulia|Letizia|Ornella|Silvia", "Alessandro|Davide|Giancarlo|Luca|Niccolò|Pier Paolo", "Bianchetti|Colombo|De Angelis|D'Amico|Ferrari|Gallo|Moretti|Pellegrino"},
	{"KOR", 4, "A99999999", true, true, "Eun-ji|Hye-won|Ji-young|Min-seo|Seo-yeon|Yu-na", "Dong-hyun|Ho-jin|Jae-sung|Kyung-soo|Min-jun|Tae-yang", "Bae|Choi|Hwang|Jung|Kim|Namgung|Park|Yoon"},
	{"PHL", 3, "A9999999A", false, true, "Analyn|Divina|Jocelyn|Maricel|Rosario|Teresita", "Bayani|Eduardo|Jomar|Reynaldo|Rodel|Virgilio", "Bautista|Dimaculangan|Macapinlac|Magsaysay|Panganiban|Santos|Tolentino|Villanueva"},
	{"POL", 3, "AA9999999", true, true, "Agnieszka|Elżbieta|Grażyna|Małgorzata|Wiesława|Zofia", "Bogusław|Grzegorz|Kazimierz|Łukasz|Paweł|Zbigniew", "Brzęczyszczykiewicz|Dąbrowski|Grzelak|Kołodziej|Nowak|Szczepański|Wiśniewska|Żak"},
	{"TUR", 3, "A99999999", false, true, "Ayşe|Çiğdem|Elif|Gülşen|Özlem|Şebnem", "Barış|Emre|İsmail|Oğuz|Tuğrul|Ümit", "Aydın|Çelik|Demir|Doğan|Karadağ|Öztürk|Şahin|Yıldırım"},
	{"EGY", 2, "A99999999", false, true, "Amina|Dalia|Heba|Mona|Rania|Yasmin", "Ahmed|Hossam|Karim|Mahmoud|Omar|Tarek", "Abdel Rahman|El Sayed|Farouk|Hassan|Ibrahim|Mansour|Naguib|Zaki"},
	{"ZAF", 2, "A99999999", false, false, "Annelie|Lerato|Nomvula|Thandiwe|Yolandi|Zanele", "Bongani|Hendrik|Kagiso|Pieter|Sipho|Thabo", "Botha|Dlamini|Mokoena|Ndlovu|Nkosi|Pillay|Steyn|van der Westhuizen"},
	{"UKR", 2, "AA999999", false, true, "Halyna|Iryna|Kateryna|Oksana|Svitlana|Yuliia", "Andrii|Bohdan|Mykola|Oleksandr|Taras|Volodymyr", "Bondarenko|Hrytsenko|Kovalchuk|Lysenko|Moroz|Savchenko|Shevchuk|Tkachenko"},
	{"NZL", 2, "AA999999", true, true, "Anahera|Bronwyn|Hinemoa|Kirsty|Marama|Philippa", "Brett|Hemi|Lachlan|Rawiri|Stuart|Tane", "Fairweather|Harawira|Ngata|Parata|Rangihuna|Sutherland|Te Whare|Winiata"},
}

// names returns the given names for a sex; X takes either list.
func (n nation) names(sex travel.Sex, coin bool) []string {
	if sex == travel.Female || sex == travel.SexX && coin {
		return strings.Split(n.female, "|")
	}
	return strings.Split(n.male, "|")
}

// maxCarrierName is how many characters a name has in PAXLST.
//
// Source: UN/EDIFACT element 3036.
const maxCarrierName = 35

// carrierName is a name as a carrier's system holds it: Latin capitals without
// diacritics, cut where the field ends.
func carrierName(name string) string {
	out, _ := document.Transliterate(name)
	return strings.TrimSpace(out[:min(len(out), maxCarrierName)])
}
