package main

import (
	"bytes"
	"encoding/json"

	"limen/internal/httpapi"
)

type openapiCmd struct{}

// Run prints the description, indented.
func (openapiCmd) Run(io *streams) error {
	b, err := httpapi.Description(version)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := json.Indent(&out, b, "", "  "); err != nil {
		return err
	}
	out.WriteByte('\n')
	_, err = out.WriteTo(io.Out)
	return err
}
