package policy

import (
	"cmp"
	"embed"
	"path"
	"slices"
	"sync"

	"limen/errs"
	"limen/travel"
)

//go:embed rules/*.yaml
var rules embed.FS

// File is a rule file to load.
type File struct {
	Name string
	Data []byte
}

// Book is every rule set that is published. It is immutable and safe for
// concurrent use.
type Book struct {
	sets  []*Set // by jurisdiction and first day; those never in force last
	force map[Jurisdiction][]*Set
}

// Default returns the embedded rule sets.
func Default() *Book { return embedded() }

var embedded = sync.OnceValue(func() *Book {
	var files []File
	entries, err := rules.ReadDir("rules")
	for _, e := range entries {
		f := File{Name: e.Name()}
		if f.Data, err = rules.ReadFile(path.Join("rules", e.Name())); err != nil {
			break
		}
		files = append(files, f)
	}
	if err != nil {
		panic("policy: " + err.Error()) // our own files, inside the program
	}
	b, err := Load(files...)
	if err != nil {
		panic("policy: " + err.Error()) // the same; a test loads them
	}
	return b
})

// Load reads rule files into a book of their own. Nothing is loaded if
// anything is wrong: the error is Invalid, its code that of the first problem,
// and has Problems in its chain, with everything that is wrong, each at its
// line and column.
func Load(files ...File) (*Book, error) { return (&Book{}).With(files...) }

// With returns a book that has the sets of b and those of files. Errors: as
// Load.
func (b *Book) With(files ...File) (*Book, error) {
	sets := slices.Clone(b.sets)
	var all Problems
	for _, f := range files {
		s, problems := read(f)
		all = append(all, problems...)
		if len(problems) > 0 {
			continue
		}
		if i := slices.IndexFunc(sets, func(o *Set) bool { return o.ID == s.ID }); i >= 0 {
			all = append(all, Problem{f.Name, s.idAt.line, s.idAt.column, "policy-set-twice", "the rule set " + s.ID + " is in " + sets[i].File + " already", "a published rule set is never changed: a new rule is a new file with a new id"})
			continue
		}
		sets = append(sets, s)
	}
	slices.SortStableFunc(sets, func(x, y *Set) int {
		return cmp.Or(cmp.Compare(x.Jurisdiction, y.Jurisdiction), -cmp.Compare(number(x.InForce), number(y.InForce)), cmp.Compare(y.From.DaysUntil(x.From), 0), cmp.Compare(x.ID, y.ID))
	})
	out := &Book{sets, map[Jurisdiction][]*Set{}}
	for _, s := range sets {
		if s.InForce {
			out.force[s.Jurisdiction] = append(out.force[s.Jurisdiction], s)
		}
	}
	if all = append(all, out.overlaps()...); len(all) > 0 {
		return nil, errs.New(errs.Invalid, all[0].Code, "%w", all)
	}
	return out, nil
}

func number(b bool) int {
	if b {
		return 1
	}
	return 0
}

// overlaps finds days on which two sets of a jurisdiction would be in force. A
// set without an end gives way to the next.
func (b *Book) overlaps() (out Problems) {
	for _, sets := range b.force {
		for i := 1; i < len(sets); i++ {
			was, now := sets[i-1], sets[i]
			if was.From.Before(now.From) && (was.Until.IsZero() || !now.From.Before(was.Until)) {
				continue
			}
			hint := ""
			if now.From.Before(was.Until) && was.From.Before(now.From) {
				hint = was.ID + " ends before " + was.Until.String() + ": begin on that day or later"
			}
			out = append(out, Problem{now.File, now.fromAt.line, now.fromAt.column, "policy-overlap",
				"from " + now.From.String() + " the effective dates overlap those of " + was.ID + " (" + was.File + ")", hint})
		}
	}
	return out
}

// Sets returns every set: by jurisdiction and first day, those that were never
// in force last.
func (b *Book) Sets() []*Set { return slices.Clone(b.sets) }

// Set returns the set with that id, or a NotFound error (code "policy-set").
func (b *Book) Set(id string) (*Set, error) {
	ids := ""
	for _, s := range b.sets {
		if s.ID == id {
			return s, nil
		}
		ids += " " + s.ID
	}
	return nil, errs.New(errs.NotFound, "policy-set", "there is no rule set %q: there are%s", id, ids)
}

// On returns the set in force in a jurisdiction on a day, or a NotFound error
// (code "policy-day").
func (b *Book) On(j Jurisdiction, day travel.Day) (*Set, error) {
	sets := b.force[j]
	for i := len(sets) - 1; i >= 0; i-- {
		if s := sets[i]; !day.Before(s.From) {
			if s.Until.IsZero() || day.Before(s.Until) {
				return s, nil
			}
			break
		}
	}
	return nil, errs.New(errs.NotFound, "policy-day", "no rule set of %s is in force on %s", j, day)
}

// Until returns the first day on which a set is not in force any more: its own
// end, or the first day of the next; zero if open.
func (b *Book) Until(s *Set) travel.Day {
	sets := b.force[s.Jurisdiction]
	if i := slices.Index(sets, s); s.Until.IsZero() && i >= 0 && i+1 < len(sets) {
		return sets[i+1].From
	}
	return s.Until
}

// Decide answers by the set in force that day. Errors: NotFound (code
// "policy-day"), Invalid (code "policy-question").
func (b *Book) Decide(j Jurisdiction, q Question) (Decisions, error) {
	if err := q.check(); err != nil {
		return Decisions{}, err
	}
	s, err := b.On(j, q.Day)
	if err != nil {
		return Decisions{}, err
	}
	return s.Decide(q)
}
