// Package httpapi is the API of gates, carriers and officers: HTTP and JSON,
// described by an OpenAPI 3.1 document that is generated from these handlers,
// served at /openapi.json and kept in docs/openapi.json.
//
// Every operation is in the table of package authz or it does not start.
// Requests carry an API key as a bearer token; operations that show personal
// data need a stated purpose. Errors are problem details. No URL, log line or
// metric carries personal data.
package httpapi
