package traffic

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// What the tables of assumptions are called, and which keys they have.

const (
	rateTable  = "rate"  // shares that stand alone
	pilotTable = "pilot" // by port: the share of crossings in a program that records exits
)

// modes of the assumptions, in the words of the table "mode".
var modes = []string{"air", "sea", "land", "pedestrian", "private_aircraft"}

// statuses say under what somebody crosses, before a class is drawn.
const (
	statusCitizen      = "citizen"
	statusResident     = "resident"
	statusCanadian     = "canadian-visitor" // class B, no visa, no Form I-94
	statusBorderCard   = "border-card"      // Mexican with a border crossing card, no Form I-94
	statusNonimmigrant = "nonimmigrant"     // admitted with Form I-94
)

var statuses = []string{statusCitizen, statusResident, statusCanadian, statusBorderCard, statusNonimmigrant}

var neededRates = []string{"second-citizenship", "citizenship-unknown", "class-unknown", "birth-unknown", "i94-unknown", "port-unknown",
	"attendant-unknown", "attendant", "taiwan-official", "status-ended", "exemption-granted", "exemption-claimed", "refused"}

func neededTables() []string {
	names := []string{"direction", "mode", "month"}
	for _, kind := range []string{"status", "class", "port"} {
		for _, m := range modes {
			names = append(names, kind+"/"+m)
		}
	}
	for _, n := range []string{"waiver", "visa", "student", "worker", "official", "treaty", "crew", "border", "resident", "second"} {
		names = append(names, "nationality/"+n)
	}
	for _, n := range []string{"visitor", "home", "border", "student", "worker", "dependent"} {
		names = append(names, "age/"+n)
	}
	return names
}

var (
	classForm   = regexp.MustCompile(`^[A-Z]{1,4}(-[0-9][A-Z]?)?$`)
	countryForm = regexp.MustCompile(`^([A-Z]{3}|D)$`)
	portForm    = regexp.MustCompile(`^[A-Z0-9]{3,5}$`)
)

// checkKey returns what is wrong with a key of a table, or nil.
func checkKey(table, key string) error {
	ok := false
	switch kind, _, _ := strings.Cut(table, "/"); {
	case table == rateTable:
		ok = slices.Contains(neededRates, key)
	case table == pilotTable:
		ok = portForm.MatchString(key)
	case !slices.Contains(neededTables(), table):
		return fmt.Errorf("there is no table of this name; the tables are rate, pilot, %s", strings.Join(neededTables(), ", "))
	case kind == "direction":
		ok = key == "entry" || key == "exit"
	case kind == "mode":
		ok = slices.Contains(modes, key)
	case kind == "month":
		n, err := strconv.Atoi(key)
		ok = err == nil && len(key) == 2 && n >= 1 && n <= 12
	case kind == "status":
		ok = slices.Contains(statuses, key)
	case kind == "class":
		ok = classForm.MatchString(key)
	case kind == "nationality":
		ok = countryForm.MatchString(key)
	case kind == "port":
		ok = portForm.MatchString(key)
	case kind == "age":
		from, to := ages(key)
		ok = from >= 0 && from <= to && to <= 120
	}
	if !ok {
		return fmt.Errorf("table %q has no such key", table)
	}
	return nil
}

// ages reads a band such as 14-17; both are -1 if it is none.
func ages(band string) (from, to int) {
	low, high, _ := strings.Cut(band, "-")
	from, err := strconv.Atoi(low)
	to, err2 := strconv.Atoi(high)
	if err != nil || err2 != nil {
		return -1, -1
	}
	return from, to
}

// group names the tables of nationalities and ages that belong to a class of
// admission.
//
// Source: 8 USC 1101(a)(15) for what the classes are.
func group(class, mode string) (nationality, age string) {
	letter, _, _ := strings.Cut(class, "-")
	switch {
	case class == "WT" || class == "WB":
		return "waiver", "visitor"
	case class == "TN":
		return "treaty", "worker"
	case class == "F-2" || class == "J-2":
		return "student", "dependent"
	case class == "H-4" || class == "L-2":
		return "worker", "dependent"
	case letter == "F" || letter == "J" || letter == "M":
		return "student", "student"
	case slices.Contains([]string{"H", "L", "E", "O", "P"}, letter):
		return "worker", "worker"
	case letter == "A" || letter == "G" || letter == "NATO" || class == "C-3":
		return "official", "visitor" // with their families
	case letter == "D":
		return "crew", "worker"
	case mode == "land" || mode == "pedestrian":
		return "border", "border"
	}
	return "visa", "visitor"
}
