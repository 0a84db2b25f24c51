package sim

import (
	"bytes"
	"fmt"
	"image"
	_ "image/jpeg" // what people's own photographs are
	_ "image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"limen/errs"
	"limen/internal/phantoms"
	"limen/travel"
)

// Face is one person with a portrait and live images.
type Face struct {
	ID string
	// Sex and Age are unspecified and 0 where nobody said.
	Sex  travel.Sex
	Age  int
	read []func() ([]byte, error) // the portrait, then the live images
}

// Portrait returns the JPEG or PNG of the document's photograph.
func (f *Face) Portrait() ([]byte, error) { return f.read[0]() }

// LiveImages is how many live images there are, at least 1.
func (f *Face) LiveImages() int { return len(f.read) - 1 }

// Live returns live image n, counted from 0 and around.
func (f *Face) Live(n int) ([]byte, error) { return f.read[1+n%f.LiveImages()]() }

// Faces is where the people of a plan come from.
type Faces struct {
	People []*Face
	// Generated says that none of them exists.
	Generated bool
}

// Phantoms returns the embedded people who do not exist.
func Phantoms() *Faces {
	faces := &Faces{Generated: true}
	for _, p := range phantoms.All() {
		f := &Face{ID: p.ID, Sex: p.Sex, Age: p.Age}
		f.read = append(f.read, func() ([]byte, error) { return phantoms.Portrait(p.ID) })
		for n := range phantoms.LiveImages {
			f.read = append(f.read, func() ([]byte, error) { return phantoms.Live(p.ID, n+1) })
		}
		faces.People = append(faces.People, f)
	}
	return faces
}

// minFolders is how many people a day needs: somebody to travel and somebody
// who does not.
const minFolders = 2

// Folder reads people from dir: one folder a person, two or more JPEG or PNG
// images in each, of which the first by name is the portrait and the others
// are live images. Files and folders whose name begins with a dot are passed
// over. Errors are Invalid and name the folder or file.
func Folder(dir string) (*Faces, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, errs.New(errs.Invalid, "faces-folder", "the folder of faces cannot be read: %w", err)
	}
	faces := &Faces{}
	for _, e := range entries {
		if !e.IsDir() || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		f, err := folderFace(dir, e.Name())
		if err != nil {
			return nil, err
		}
		faces.People = append(faces.People, f)
	}
	if n := len(faces.People); n < minFolders {
		return nil, errs.New(errs.Invalid, "faces-few", "%s holds %d folders, and at least %d are needed: one folder a person, two or more images in each", dir, n, minFolders)
	}
	return faces, nil
}

func folderFace(dir, name string) (*Face, error) {
	entries, err := os.ReadDir(filepath.Join(dir, name))
	if err != nil {
		return nil, errs.New(errs.Invalid, "faces-folder", "the folder %s cannot be read: %w", name, err)
	}
	f := &Face{ID: name}
	for _, e := range entries { // ReadDir sorts by name
		if e.IsDir() || strings.HasPrefix(e.Name(), ".") || !isImageName(e.Name()) {
			continue
		}
		path := filepath.Join(dir, name, e.Name())
		if err := checkImage(path); err != nil {
			return nil, errs.New(errs.Invalid, "faces-image", "%s is neither a JPEG nor a PNG image: %w", filepath.Join(name, e.Name()), err)
		}
		f.read = append(f.read, func() ([]byte, error) { return os.ReadFile(path) })
	}
	if len(f.read) < 2 {
		return nil, errs.New(errs.Invalid, "faces-images", "the folder %s holds %d images (.jpg, .jpeg, .png), and a person needs at least 2: the first by name is the portrait, the others are live images", name, len(f.read))
	}
	return f, nil
}

func isImageName(name string) bool {
	return slices.Contains([]string{".jpg", ".jpeg", ".png"}, strings.ToLower(filepath.Ext(name)))
}

// maxImageFile bounds a photograph, in bytes.
const maxImageFile = 64 << 20

// checkImage reads no more than the header: a folder may be large, and a bad
// file should be told before the day begins.
func checkImage(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() || info.Size() > maxImageFile {
		return fmt.Errorf("no regular file of at most %d bytes", maxImageFile)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	_, _, err = image.DecodeConfig(bytes.NewReader(data))
	return err
}
