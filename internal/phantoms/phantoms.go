// Package phantoms embeds the faces of 220 people who do not exist, so that
// the demo and the tests need no photograph of anyone and nothing beside the
// binary.
//
// They were made for limen by mixing regions of AI-generated portraits, and
// are given to everyone under CC0 1.0. Each has a portrait in the form of a
// document's photograph (413×531 pixels) and two live images (420×560) with
// another expression, pose, light and the noise of a camera. Sex and age are
// what the mixture was made to look like; nothing else is said of them.
//
// No figure measured on them says anything about real people: generated faces
// are alike in ways that real ones are not. Whoever prints such a figure says
// so beside it.
package phantoms

import (
	"embed"
	"encoding/csv"
	"fmt"
	"strconv"

	"limen/errs"
	"limen/travel"
)

//go:embed people.csv *.jpg
var files embed.FS

// LiveImages is how many live images each person has.
const LiveImages = 2

// Person is one person who does not exist.
type Person struct {
	ID  string
	Sex travel.Sex
	Age int
}

// All returns every person, in the order of their ids.
func All() []Person {
	people, err := readPeople()
	if err != nil {
		panic("phantoms: the embedded people.csv is broken: " + err.Error())
	}
	return people
}

// Portrait returns the JPEG of the person's document photograph. The error is
// NotFound if there is no such person.
func Portrait(id string) ([]byte, error) { return read(id, "portrait") }

// Live returns the JPEG of the person's live image n, from 1 to LiveImages.
// The error is NotFound if there is no such person or image.
func Live(id string, n int) ([]byte, error) { return read(id, "live"+strconv.Itoa(n)) }

func read(id, what string) ([]byte, error) {
	data, err := files.ReadFile(id + "-" + what + ".jpg")
	if err != nil {
		return nil, errs.New(errs.NotFound, "no-phantom", "no phantom %q has a %s image", id, what)
	}
	return data, nil
}

func readPeople() ([]Person, error) {
	f, err := files.Open("people.csv")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, err
	}
	people := make([]Person, 0, len(rows))
	for i, row := range rows[1:] { // the first row names the columns
		age, err := strconv.Atoi(row[2])
		if err != nil {
			return nil, fmt.Errorf("line %d: age %q", i+2, row[2])
		}
		people = append(people, Person{ID: row[0], Sex: travel.Sex(row[1]), Age: age})
	}
	return people, nil
}
