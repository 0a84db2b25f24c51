package store

import (
	"strings"
	"time"

	"limen/decision"
	"limen/gallery"
	"limen/policy"
	"limen/report"
	"limen/travel"
)

// Board returns the counts of every voyage that ends at or after since, by end.
func (t *Tx) Board(since time.Time) ([]report.Voyage, error) {
	return list(t, scanBoard, `SELECT v.id, v.direction, v.legs, v.closed,
		(SELECT count(*) FROM passengers p WHERE p.voyage = v.id AND p.removed = 0),
		(SELECT count(*) FROM passengers p WHERE p.voyage = v.id AND p.removed = 0 AND p.scope = $1),
		(SELECT count(*) FROM passengers p WHERE p.voyage = v.id AND p.removed = 0
			AND EXISTS (SELECT 1 FROM reference_items r WHERE r.passenger = p.id AND r.readiness = $2)),
		(SELECT count(*) FROM captures c JOIN encounters e ON e.id = c.encounter WHERE e.voyage = v.id),
		(SELECT count(DISTINCT e.id) FROM captures c JOIN encounters e ON e.id = c.encounter WHERE e.voyage = v.id AND c.action = $3),
		(SELECT count(*) FROM encounters e WHERE e.voyage = v.id AND (
			EXISTS (SELECT 1 FROM captures c WHERE c.encounter = e.id AND c.action = $4)
			OR (e.decision <> '' AND NOT EXISTS (SELECT 1 FROM captures c WHERE c.encounter = e.id AND c.action = $3)))),
		(SELECT count(*) FROM encounters e WHERE e.voyage = v.id AND e.opted_out <> 0),
		(SELECT count(*) FROM crossings x WHERE x.voyage = v.id AND x.corrects = ''
			AND NOT EXISTS (SELECT 1 FROM crossings f WHERE f.corrects = x.id AND f.void))
		FROM voyages v WHERE v.ends >= $5 ORDER BY v.ends, v.id`,
		policy.Required, gallery.Ready, decision.Confirmed, decision.ManualInspection, micros(since))
}

func scanBoard(row func(...any) error) (b report.Voyage, err error) {
	var legs []travel.Leg
	var closed int64
	err = row(&b.ID, &b.Direction, jsonColumn{&legs}, &closed, &b.Passengers, &b.InScope, &b.Ready, &b.Captures, &b.Confirmed, &b.Manual, &b.OptOuts, &b.Crossed)
	if err != nil || len(legs) == 0 {
		return b, err
	}
	b.Closed = closed != 0
	b.Departure, b.Arrival = legs[0].Departure, legs[len(legs)-1].Arrival
	stops := []string{string(legs[0].From)}
	for _, l := range legs {
		stops = append(stops, string(l.To))
	}
	b.Route = strings.Join(stops, "–")
	return b, nil
}
