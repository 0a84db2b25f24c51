package layout

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"limen/authz"
)

// imagesWithoutEncounter are the operations that take an image outside an
// encounter, and why none of them searches.
var imagesWithoutEncounter = map[authz.Operation]string{
	authz.AddReference: "a reference is put in, and nothing is asked",
	authz.SendManifest: "a manifest is read, which has no images",
}

type apiOperation struct {
	ID   string `json:"operationId"`
	Body struct {
		Content map[string]struct{ Schema json.RawMessage }
	} `json:"requestBody"`
}

type description struct {
	Paths      map[string]map[string]apiOperation
	Components struct{ Schemas map[string]json.RawMessage }
}

// takesImage reports whether a request body may be an image: by its type, or as
// bytes within JSON.
func (d description) takesImage(op apiOperation) bool {
	for mime, c := range op.Body.Content {
		if strings.HasPrefix(mime, "image/") || strings.HasPrefix(mime, "multipart/") || mime == "application/octet-stream" || mime == "*/*" {
			return true
		}
		if mime == "application/json" && d.hasBytes(c.Schema, map[string]bool{}) {
			return true
		}
	}
	return false
}

// hasBytes looks for base64 in a schema and in those it refers to.
func (d description) hasBytes(schema json.RawMessage, seen map[string]bool) bool {
	s := string(schema)
	if strings.Contains(s, `"contentEncoding"`) || strings.Contains(s, `"format":"byte"`) || strings.Contains(s, `"format": "byte"`) {
		return true
	}
	for name, inner := range d.Components.Schemas {
		if !seen[name] && strings.Contains(s, `#/components/schemas/`+name+`"`) {
			seen[name] = true
			if d.hasBytes(inner, seen) {
				return true
			}
		}
	}
	return false
}

// searches returns the operations that take an image without an encounter in
// their path.
func (d description) searches() (ids []authz.Operation, all int) {
	for path, item := range d.Paths {
		for _, op := range item {
			all++
			if d.takesImage(op) && !strings.Contains(path, "/encounters/{encounter}/") {
				ids = append(ids, authz.Operation(op.ID))
			}
		}
	}
	return ids, all
}

// TestNoImageWithoutEncounter is promise 22 for the operations of the API, as
// docs/openapi.json describes them (a test of internal/httpapi keeps it true).
func TestNoImageWithoutEncounter(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join(root, "docs", "openapi.json"))
	if err != nil {
		t.Fatal(err)
	}
	var d description
	if err := json.Unmarshal(raw, &d); err != nil {
		t.Fatal(err)
	}
	ids, all := d.searches()
	if all < 12 {
		t.Errorf("only %d operations were looked at", all)
	}
	used := map[authz.Operation]bool{}
	for _, id := range ids {
		used[id] = true
		if imagesWithoutEncounter[id] == "" {
			t.Errorf("operation %s takes an image without an encounter", id)
		}
	}
	for id := range imagesWithoutEncounter {
		if !used[id] {
			t.Errorf("%s needs no exception (any more)", id)
		}
	}
}

// TestNoImageWithoutEncounterCatches shows that the check can fail.
func TestNoImageWithoutEncounterCatches(t *testing.T) {
	for body, want := range map[string]bool{
		`{"image/jpeg":{"schema":{"type":"string"}}}`:                                       true,
		`{"multipart/form-data":{"schema":{}}}`:                                             true,
		`{"application/json":{"schema":{"properties":{"x":{"contentEncoding":"base64"}}}}}`: true,
		`{"application/json":{"schema":{"$ref":"#/components/schemas/Outer"}}}`:             true,
		`{"application/json":{"schema":{"$ref":"#/components/schemas/Plain"}}}`:             false,
		`{"application/edifact":{"schema":{"type":"string","format":"binary"}}}`:            false,
		`{"application/json":{"schema":{"properties":{"x":{"type":"string"}}}}}`:            false,
	} {
		var d description
		doc := `{"paths":{"/v1/search":{"post":{"operationId":"search","requestBody":{"content":` + body + `}}},
			"/v1/encounters/{encounter}/x":{"post":{"operationId":"fine","requestBody":{"content":` + body + `}}}},
			"components":{"schemas":{"Outer":{"properties":{"in":{"$ref":"#/components/schemas/Inner"}}},"Inner":{"contentEncoding":"base64"},"Plain":{"type":"string"}}}}`
		if err := json.Unmarshal([]byte(doc), &d); err != nil {
			t.Fatal(err)
		}
		ids, _ := d.searches()
		if got := len(ids) == 1 && ids[0] == "search"; got != want {
			t.Errorf("%s: %v", body, ids)
		}
	}
}
