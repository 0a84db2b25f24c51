package staysim

import (
	"strings"

	"limen/travel"
)

// sizes are countries by rough order of magnitude of how many of their people
// come by air, so that a report has great and small countries where a reader
// expects them. They are guesses, not statistics.
var sizes = []struct {
	weight float64
	codes  string
}{
	{80, "GBR MEX CAN"},
	{50, "DEU JPN KOR FRA IND BRA CHN"},
	{25, "AUS ITA ESP COL ARG NLD ISR"},
	{12, "CHE SWE IRL TWN DOM ECU PER CHL VEN JAM PHL POL GTM CRI BEL DNK NOR NZL PRT NGA TUR SAU HKG"},
	{5, "HND SLV PAN ZAF EGY VNM PAK THA SGP AUT CZE GRC FIN HUN ROU UKR RUS BHS TTO HTI NIC BOL URY PRY GHA KEN ETH BGD IDN MYS ARE JOR LBN KWT QAT"},
	{0.05, "AND BTN COM DJI FSM GNQ KIR LAO LIE LSO MAC MCO MDV MHL MDG NRU PLW PRK PSE SLB SMR STP SWZ TLS TON TUV VUT WSM XXX"},
}

// other is the weight of every other country.
const other = 0.7

func weightOf(code travel.Country) float64 {
	for _, s := range sizes {
		if strings.Contains(s.codes, string(code)) {
			return s.weight
		}
	}
	return other
}
