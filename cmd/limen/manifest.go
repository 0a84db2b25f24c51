package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"limen/errs"
	"limen/manifest"
	"limen/travel"
)

// maxManifest is the most bytes of a manifest that the command reads; a ship
// of 10,000 passengers sends some 5 MB.
const maxManifest = 64 << 20

type manifestCmd struct {
	Parse manifestParseCmd `cmd:"" help:"Read a manifest, show the voyage and its passengers, and say what is odd about it."`
}

type manifestParseCmd struct {
	File string `arg:"" help:"PAXLST or JSON file; - reads standard input."`
	JSON bool   `name:"json" help:"Print messages, legs, passengers and diagnostics as one JSON object."`
}

// Help tells what the exit status means and shows both forms.
func (manifestParseCmd) Help() string {
	return `Examples:
  limen manifest parse flight.edi
  limen manifest parse --json - < flight.edi

Nothing is stored or sent. The exit status is 1 if nothing could be read, or if
a message could not be read to its end; other diagnostics leave it at 0.`
}

// Run reads the file and prints what it says. It returns an error, after
// printing, if a diagnostic is fatal or no message was read.
func (c *manifestParseCmd) Run(s *streams) error {
	data, err := readManifest(c.File)
	if err != nil {
		return err
	}
	parsed, err := manifest.Parse(bytes.NewReader(data))
	if c.JSON {
		e := json.NewEncoder(s.Out)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		if err := e.Encode(parsed); err != nil {
			return err
		}
	} else if err := printManifests(s.Out, data, parsed); err != nil {
		return err
	}
	if err != nil {
		return err
	}
	return wholeManifest(parsed)
}

func readManifest(name string) ([]byte, error) {
	in := io.Reader(os.Stdin)
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, errs.New(errs.NotFound, "manifest-file", "the manifest cannot be opened: %w", err)
		}
		defer f.Close()
		in = f
	}
	data, err := io.ReadAll(io.LimitReader(in, maxManifest+1))
	if err != nil {
		return nil, errs.New(errs.Invalid, "manifest-file", "the manifest cannot be read: %w", err)
	}
	if len(data) > maxManifest {
		return nil, errs.New(errs.TooLarge, "manifest-too-large", "a manifest has at most %d MB", maxManifest>>20)
	}
	return data, nil
}

// wholeManifest returns the error that makes the exit status 1.
func wholeManifest(p manifest.Parsed) error {
	if len(p.Messages) == 0 {
		return errs.New(errs.Invalid, "manifest-empty", "no passenger list could be read; is the file a PAXLST or JSON manifest?")
	}
	fatal := countSeverity(p.Diagnostics, manifest.Fatal)
	for _, m := range p.Messages {
		fatal += countSeverity(m.Diagnostics, manifest.Fatal)
	}
	if fatal > 0 {
		return errs.New(errs.Invalid, "manifest-incomplete", "the manifest could not be read to its end: see its fatal diagnostics")
	}
	return nil
}

func countSeverity(list []manifest.Diagnostic, s manifest.Severity) (n int) {
	for _, d := range list {
		if d.Severity == s {
			n++
		}
	}
	return n
}

func printManifests(out io.Writer, data []byte, p manifest.Parsed) error {
	w := bufio.NewWriter(out) // its first error is Flush's
	for i, m := range p.Messages {
		if i > 0 {
			fmt.Fprintln(w)
		}
		printMessage(w, m)
		printPassengers(w, m.Passengers)
		printDiagnostics(w, data, m.Diagnostics)
	}
	if len(p.Diagnostics) > 0 {
		fmt.Fprintln(w, "\nOutside the messages:")
		printDiagnostics(w, data, p.Diagnostics)
	}
	return w.Flush()
}

func printMessage(w io.Writer, m manifest.Message) {
	who := "passengers"
	switch {
	case m.Crew:
		who = "crew"
	case len(m.Passengers) == 1:
		who = "passenger"
	}
	function := string(m.Function)
	if m.NotBoarded {
		function += " (those not on board)"
	}
	fmt.Fprintf(w, "Message %s from %s: %s, %d %s\n", orNone(m.Reference), orNone(m.Sender), function, len(m.Passengers), who)
	fmt.Fprintf(w, "Voyage  %s\n", itinerary(m.Legs))
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, l := range m.Legs {
		fmt.Fprintf(t, "  %s%s\t%s\t%s\t→ %s\t%s\n", l.Carrier, l.Number, orNone(string(l.From)), clock(l.Departure), orNone(string(l.To)), clock(l.Arrival))
	}
	t.Flush()
}

// itinerary returns the ports in a row, and the numbers: ATL–ORD–JFK (AA123, AA124).
func itinerary(legs []travel.Leg) string {
	if len(legs) == 0 {
		return "not known: the message has no leg"
	}
	ports := []string{orNone(string(legs[0].From))}
	var numbers []string
	for i, l := range legs {
		if i > 0 && legs[i-1].To != l.From {
			ports = append(ports, "("+orNone(string(l.From))+")")
		}
		ports = append(ports, orNone(string(l.To)))
		if n := l.Carrier + l.Number; len(numbers) == 0 || numbers[len(numbers)-1] != n {
			numbers = append(numbers, n)
		}
	}
	return strings.Join(ports, "–") + " (" + strings.Join(numbers, ", ") + ")"
}

func printPassengers(w io.Writer, list []manifest.Passenger) {
	if len(list) == 0 {
		return
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "\n  #\tSURNAME\tGIVEN NAMES\tBORN\tSEX\tNAT\tFROM\tTO\tDOCUMENTS")
	for i, p := range list {
		var documents []string
		for _, d := range p.Documents {
			s := strings.TrimSpace(fmt.Sprintf("%s %s %s", d.Type, d.Issuer, d.Number))
			if !d.Expiry.IsZero() {
				s += " until " + d.Expiry.String()
			}
			documents = append(documents, s)
		}
		to := orNone(string(p.Debark))
		if p.Transit {
			to += " (transit)"
		}
		fmt.Fprintf(t, "  %d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", i+1, orNone(p.Surname), orNone(p.GivenNames), orNone(p.BirthDate.String()),
			orNone(string(p.Sex)), orNone(string(p.Nationality)), orNone(string(p.Embark)), to, orNone(strings.Join(documents, "; ")))
	}
	t.Flush()
}

func printDiagnostics(w io.Writer, data []byte, list []manifest.Diagnostic) {
	if len(list) == 0 {
		return
	}
	fmt.Fprintln(w)
	line, at := 1, 0
	for _, d := range list {
		// Diagnostics come in the order of their bytes, so lines are counted once.
		end := min(max(int(d.Offset), at), len(data))
		line, at = line+bytes.Count(data[at:end], []byte("\n")), end
		place := fmt.Sprintf("line %d", line)
		if d.Segment > 0 {
			place += fmt.Sprintf(", segment %d", d.Segment)
		}
		if d.Tag != "" {
			place += " " + d.Tag
		}
		place += fmt.Sprintf(", byte %d", d.Offset)
		if d.Passenger > 0 {
			place += fmt.Sprintf(", passenger %d", d.Passenger)
		}
		fmt.Fprintf(w, "  %s %s (%s): %s\n", d.Severity, d.Code, place, d.Detail)
	}
}

func clock(t travel.LocalTime) string {
	return orNone(strings.Replace(t.String(), "T", " ", 1))
}

func orNone(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
