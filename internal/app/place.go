package app

import (
	"slices"
	"strconv"

	"limen/internal/store"
	"limen/manifest"
	"limen/travel"
)

// voyageOf makes the voyage of a message, or says why there is none here.
func (a *App) voyageOf(m manifest.Message) (*store.Voyage, string) {
	if m.Crew {
		return nil, "crew lists are not taken yet"
	}
	for _, d := range m.Diagnostics {
		if d.Severity == manifest.Fatal {
			return nil, "the message could not be read to its end: " + d.Detail
		}
	}
	id, err := travel.NewVoyageID(m.Legs)
	if err != nil {
		return nil, err.Error()
	}
	v := &store.Voyage{Voyage: travel.Voyage{ID: id, Legs: m.Legs}, Carrier: m.Legs[0].Carrier}
	if why := a.place(v); why != "" {
		return nil, why
	}
	if n := a.today(v.Port).DaysUntil(v.Day); n < -oldest || n > farthest {
		return nil, "the voyage is more than " + strconv.Itoa(oldest) + " days past or " + strconv.Itoa(farthest) + " days ahead"
	}
	return v, ""
}

// A manifest is for a voyage that is near: references are kept until its end.
const oldest, farthest = 3, 400

// place finds the leg of a voyage that crosses the border, and with it
// direction, port, day and end; or says why there is none here.
func (a *App) place(v *store.Voyage) (why string) {
	for _, l := range v.Legs {
		from, to := a.domestic(l.From), a.domestic(l.To)
		if from == to {
			continue
		}
		at := l.Departure
		v.Direction, v.Port = travel.Exit, l.From
		if to {
			at = l.Arrival
			v.Direction, v.Port = travel.Entry, l.To
		}
		if _, here := a.Ports[v.Port]; !here {
			return "the voyage crosses the border at " + string(v.Port) + ", which is no port of this system"
		}
		if at.IsZero() {
			return "the leg that crosses the border has no local time at this port"
		}
		v.Day, v.Ends = at.Day, at.In(a.zone(v.Port))
		return ""
	}
	return "no leg of this voyage crosses the border at a port of this system"
}

// domestic reports whether a port is in the country whose border this is.
func (a *App) domestic(p travel.Port) bool {
	_, here := a.Ports[p]
	return here || slices.Contains(a.Domestic, p)
}
