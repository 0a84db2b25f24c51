package app

import (
	"slices"
	"strings"

	"limen/internal/store"
	"limen/travel"
)

// todayFor is the day that counts for a stay: that of the port of entry, or of
// the port where it is earliest if that is none of this installation's. A stay
// is over only when its day is.
func (a *App) todayFor(s store.Stay) travel.Day {
	if a.Ports[s.Port] != nil {
		return a.today(s.Port)
	}
	return a.earliestToday()
}

// over reports whether the last authorized day of a stay is past.
func (a *App) over(s store.Stay) bool {
	until := s.Until()
	return !until.IsZero() && until.Before(a.todayFor(s))
}

// earliestToday is the earliest day that it still is at one of the ports, and
// latestToday the latest that it is already.
func (a *App) earliestToday() (day travel.Day) {
	for p := range a.Ports {
		if d := a.today(p); day.IsZero() || d.Before(day) {
			day = d
		}
	}
	return day
}

func (a *App) latestToday() (day travel.Day) {
	for p := range a.Ports {
		if d := a.today(p); d.After(day) {
			day = d
		}
	}
	return day
}

// portDays writes which day it is at each port.
func (a *App) portDays() string {
	var days []string
	for p := range a.Ports {
		days = append(days, string(p)+"="+a.today(p).String())
	}
	slices.Sort(days)
	return strings.Join(days, " ")
}

// earliestOf returns the earliest of the days written by portDays, no day if a
// port of now was not among them. A port that is none of ours any more counts:
// its stays are still looked at.
func earliestOf(was, now string) (day travel.Day) {
	then := map[string]bool{}
	for _, f := range strings.Fields(was) {
		port, text, _ := strings.Cut(f, "=")
		d, err := travel.ParseDay(text)
		if err != nil {
			return travel.Day{}
		}
		if then[port] = true; day.IsZero() || d.Before(day) {
			day = d
		}
	}
	for _, f := range strings.Fields(now) {
		if port, _, _ := strings.Cut(f, "="); !then[port] {
			return travel.Day{}
		}
	}
	return day
}
