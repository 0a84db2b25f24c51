package manifest_test

import (
	"unicode"

	"limen/manifest"
	"limen/travel"
)

var asciiTable = &unicode.RangeTable{R16: []unicode.Range16{{Lo: ' ', Hi: '~', Stride: 1}}}

// sample is a message of a carrier that does not exist, in the dialect of the
// guide: two legs, three passengers with all that limen reads.
const sample = `UNA:+.? '
UNB+UNOA:4+XQAIR+LIMEN+260301:0915+0000000042++APIS'
UNG+PAXLST+XQAIR+LIMEN+260301:0915+7+UN+D:05B'
UNH+PAX042+PAXLST:D:05B:UN:IATA+XQ12/260302+01:F'
BGM+745'
RFF+TN:XQ00042:::1'
NAD+MS+++XQ OPERATIONS'
COM+555 0100:TE+555 0101:FX'
TDT+20+XQ012+++XQ'
LOC+92+LHR'
DTM+189:2603020930:201'
LOC+92+KEF'
DTM+232:2603021230:201'
TDT+20+XQ014+++XQ'
LOC+92+KEF'
DTM+189:2603021345:201'
LOC+92+BOS'
DTM+232:2603021510:201'
NAD+FL+++ADAMS:ROSE:ANN'
ATT+2++F'
DTM+329:800229'
LOC+178+LHR'
LOC+179+BOS'
NAT+2+GBR'
RFF+AVF:QWERTY'
RFF+ABO:00001'
DOC+P:110:111+AB1234567'
DTM+36:301231'
LOC+91+GBR'
DOC+V:110:111+V7654321'
DTM+36:271130'
LOC+91+USA'
NAD+FL+++BERG:NILS'
ATT+2++M'
DTM+329:19191224:102'
LOC+22+BOS'
LOC+174+ISL'
LOC+178+KEF'
LOC+179+BOS'
LOC+180+ISL'
NAT+2+ISL'
RFF+AVF:ASDFGH'
DOC+P:110:111+A7654321'
DTM+36:290630'
LOC+91+ISL'
NAD+DDU+++O?'CONNOR:MAE'
ATT+2++X'
DTM+329:250101'
LOC+178+LHR'
LOC+179+BOS'
NAT+2+IRL'
RFF+AVF:ZXCVBN'
DOC+P:110:111+PX0000001'
DTM+36:300101'
LOC+91+IRL'
CNT+42:3'
UNT+54+PAX042'
UNE+1+7'
UNZ+1+0000000042'
`

// sampleJSON says the same of the first leg and one passenger.
const sampleJSON = `{"messages":[{"reference":"PAX042","sender":"XQAIR","function":"original",
 "legs":[{"carrier":"XQ","number":"012","from":"LHR","to":"KEF","departure":"2026-03-02T09:30","arrival":"2026-03-02T12:30"}],
 "passengers":[{"surname":"ADAMS","given_names":"ROSE ANN","birth_date":"1980-02-29","sex":"F","nationality":"GBR",
  "embark":"LHR","debark":"KEF","documents":[{"type":"P","number":"AB1234567","issuer":"GBR","expiry":"2030-12-31"}],
  "reference":"00001","locator":"QWERTY"}]}]}`

// hasCode reports whether a diagnostic of the code is among them.
func hasCode(list []manifest.Diagnostic, code string) bool {
	for _, d := range list {
		if d.Code == code {
			return true
		}
	}
	return false
}

func mustDay(s string) travel.Day {
	d, err := travel.ParseDay(s)
	if err != nil {
		panic(err)
	}
	return d
}
