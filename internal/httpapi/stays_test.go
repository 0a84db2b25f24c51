package httpapi

import (
	"strings"
	"testing"

	"limen/authz"
)

const told = `{"person":{"surname":"CANARYNAME","given_names":"CANARYGIVEN","birth_date":"1980-01-01","sex":"F","nationality":"GBR"},
	"document":{"type":"P","number":"CANARYDOC","issuer":"GBR","expiry":"2031-01-01"},"day":"2026-01-10","class":"B-2","admit_until":"2026-04-10","port":"BGR","mode":"air","reason":"CANARYREASON"}`

// A stay from its admission over its lead to the extension that clears it, as an
// officer's program asks for it: nothing is shown or changed without a purpose,
// and no name is in an error, a list or the log.
func TestStaysOverHTTP(t *testing.T) {
	l := &listener{site: newSite(t)}
	purpose := []string{"Limen-Purpose", "weekly review"}
	want := func(what string, status int, method, path, body string, silent bool, in ...string) string {
		t.Helper()
		got, answer := l.ask(authz.Officer, method, path, body, silent, purpose...)
		if got != status {
			t.Fatalf("%s: %d %s", what, got, answer)
		}
		for _, s := range in {
			if !strings.Contains(answer, s) {
				t.Errorf("%s: no %s in %s", what, s, answer)
			}
		}
		return answer
	}
	want("told", 200, "PUT", "/v1/admissions/admission-1", told, true, `"traveler":`)
	want("no such class", 422, "PUT", "/v1/admissions/admission-2", strings.Replace(told, `"class":"B-2",`, "", 1), true)
	want("a citizen", 422, "PUT", "/v1/admissions/admission-2", strings.ReplaceAll(told, "GBR", "USA"), true, "admission-citizen")
	want("no reason", 422, "PUT", "/v1/admissions/admission-2", strings.Replace(told, `,"reason":"CANARYREASON"`, "", 1), true)
	list := want("the list", 200, "GET", "/v1/leads?kind=overstay-in-country&port=BGR&from=2026-04-11&to=2026-04-11", "", true, `"state":"open"`, `"admission":"admission-1"`, `"day":"2026-04-11"`)
	_, rest, _ := strings.Cut(list, `"id":"`)
	id, _, _ := strings.Cut(rest, `"`)
	want("not of another port", 200, "GET", "/v1/leads?port=JFK", "", true, `"leads":[]`)
	want("no such kind", 422, "GET", "/v1/leads?kind=CANARY", "", true)
	want("no such place", 422, "GET", "/v1/leads?after=CANARY", "", true)
	want("no such day", 422, "GET", "/v1/leads?from=CANARY", "", true)
	want("the lead", 200, "GET", "/v1/leads/"+id, "", false, "CANARYNAME", `"state":"suspected-overstay"`, `"citation":`, `"admit_until":"2026-04-10"`)
	want("no lead", 404, "GET", "/v1/leads/CANARY", "", true)

	extension := `{"kind":"extension","outcome":"granted","filed":"2026-03-01","day":"2026-04-11","admit_until":"2027-04-10","reason":"CANARYREASON"}`
	want("extended", 204, "PUT", "/v1/admissions/admission-1/changes/extension-1", extension, true)
	want("of nothing", 404, "PUT", "/v1/admissions/CANARYNAME/changes/extension-2", extension, true)
	want("a date that cannot be", 422, "PUT", "/v1/admissions/admission-1/changes/extension-3", strings.Replace(extension, "2027-04-10", "2026-01-01", 1), true)
	want("the stay", 200, "GET", "/v1/admissions/admission-1", "", true, `"kind":"extension"`, `"state":"current"`, `"how":"change-found"`, `"found":"extension-1"`)
	want("cleared", 200, "GET", "/v1/leads?state=cleared", "", true, id)
	want("cleared before", 409, "PUT", "/v1/leads/"+id+"/clearing", `{"how":"explained","reason":"CANARYREASON"}`, true)
	want("voided", 204, "PUT", "/v1/admissions/admission-1/changes/extension-4", `{"corrects":"extension-1","void":true,"reason":"CANARYREASON"}`, true)
	want("in the officer's name", 204, "PUT", "/v1/leads/"+id+"/clearing", `{"how":"error","reason":"CANARYREASON"}`, true)
	want("who and why", 200, "GET", "/v1/leads/"+id, "", false, "CANARYREASON", `"how":"error"`)
	want("whose it is", 404, "PUT", "/v1/merges/CANARYMERGE", `{"lead":"`+id+`","arrived":"CANARY","reason":"CANARYREASON"}`, true)
	want("nothing to undo", 404, "PUT", "/v1/undos/CANARYUNDO", `{"undoes":"CANARY","reason":"CANARYREASON"}`, true)

	purpose = nil
	want("told without a purpose", 422, "PUT", "/v1/admissions/admission-1", told, true, "Limen-Purpose")
	for _, r := range [][2]string{{"GET", "/v1/leads"}, {"GET", "/v1/leads/" + id}, {"PUT", "/v1/leads/" + id + "/clearing"}, {"GET", "/v1/admissions/admission-1"},
		{"PUT", "/v1/admissions/admission-1/changes/extension-9"}, {"PUT", "/v1/merges/merge-001"}, {"PUT", "/v1/undos/undo-0001"}} {
		want("without a purpose", 422, r[0], r[1], map[string]string{"PUT": `{"reason":"CANARYREASON"}`}[r[0]], true)
	}
	for line := range strings.Lines(l.log.String()) {
		if sings(line) {
			t.Errorf("the log says %s", line)
		}
	}
}
