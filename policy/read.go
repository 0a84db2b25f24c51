package policy

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"limen/travel"
)

// MaxFile is how many bytes a rule file may have.
const MaxFile = 1 << 20

const maxRules = 1000 // in a file

var slug = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// reader reads one rule file and collects all that is wrong with it.
type reader struct {
	file     string
	lines    []string
	problems Problems
}

// read reads a rule file: a set, or what is wrong with it.
func read(f File) (*Set, Problems) {
	r := &reader{file: f.Name, lines: strings.Split(string(f.Data), "\n")}
	root := r.parse(f.Data)
	if root == nil {
		return nil, r.problems
	}
	s := r.set(root)
	if len(r.problems) > 0 {
		slices.SortStableFunc(r.problems, func(a, b Problem) int { return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column)) })
		return nil, r.problems
	}
	s.File, s.Hash = f.Name, s.hash()
	s.prepare()
	return s, nil
}

func (r *reader) bad(at position, code, hint, format string, args ...any) {
	r.problems = append(r.problems, Problem{r.file, at.line, at.column, code, fmt.Sprintf(format, args...), hint})
}

func at(n *yaml.Node) position { return position{max(n.Line, 1), max(n.Column, 1)} }

// parse returns the one mapping of the file, or nil.
func (r *reader) parse(data []byte) *yaml.Node {
	if len(data) > MaxFile {
		r.bad(position{1, 1}, "policy-size", "", "a rule file has at most %d bytes", MaxFile)
		return nil
	}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc, second yaml.Node
	if err := dec.Decode(&doc); err != nil {
		if errors.Is(err, io.EOF) {
			err = errors.New("the file is empty")
		}
		line, why := yamlError(err)
		r.bad(position{line, 1}, "policy-yaml", "", "%s", why)
		return nil
	}
	if err := dec.Decode(&second); !errors.Is(err, io.EOF) {
		r.bad(at(&second), "policy-yaml", "one rule set a file", "a second document begins here")
		return nil
	}
	if doc.Kind != yaml.DocumentNode || doc.Content[0].Kind != yaml.MappingNode {
		r.bad(position{1, 1}, "policy-yaml", "", "a rule file is a mapping: id, title, jurisdiction, …")
		return nil
	}
	return doc.Content[0]
}

var yamlLine = regexp.MustCompile(`line (\d+): `)

// yamlError takes the line out of an error of the YAML parser.
func yamlError(err error) (line int, why string) {
	why, line = strings.TrimPrefix(err.Error(), "yaml: "), 1
	if m := yamlLine.FindStringSubmatchIndex(why); m != nil {
		line, _ = strconv.Atoi(why[m[2]:m[3]])
		why = why[:m[0]] + why[m[1]:]
	}
	return line, "this is no YAML: " + why
}

// mapping reads the fields of n. An unknown field, one that stands twice and
// one that is missing are problems.
func (r *reader) mapping(n *yaml.Node, what string, needed []string, fields map[string]func(*yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		r.bad(at(n), "policy-value", "", "%s is a mapping with %s", what, strings.Join(slices.Sorted(maps.Keys(fields)), ", "))
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		f, known := fields[key.Value]
		switch {
		case !known:
			r.bad(at(key), "policy-field", "the fields are "+strings.Join(slices.Sorted(maps.Keys(fields)), ", "), "%s has no field %q", what, key.Value)
		case seen[key.Value]:
			r.bad(at(key), "policy-field", "", "the field %s stands twice", key.Value)
		default:
			f(value)
		}
		seen[key.Value] = true
	}
	for _, k := range needed {
		if !seen[k] {
			r.bad(at(n), "policy-missing", "", "%s has no %s", what, k)
		}
	}
}

// text returns a reader of a string that is not empty.
func (r *reader) text(to *string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if n.Kind != yaml.ScalarNode || n.Tag == "!!null" || strings.TrimSpace(n.Value) == "" {
			r.bad(at(n), "policy-value", "", "a text is needed here")
			return
		}
		*to = strings.TrimSpace(n.Value)
	}
}

// slug returns a reader of an id.
func (r *reader) slug(to *string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		r.text(to)(n)
		if *to != "" && !slug.MatchString(*to) {
			r.bad(at(n), "policy-value", "", "an id has small letters, digits and single hyphens, such as us-2025")
		}
	}
}

func (r *reader) day(to *travel.Day) func(*yaml.Node) {
	return func(n *yaml.Node) {
		d, err := travel.ParseDay(n.Value)
		if err != nil || n.Kind != yaml.ScalarNode {
			r.bad(at(n), "policy-value", "", "a day is written as 2006-01-02")
			return
		}
		*to = d
	}
}

// list returns a reader of a list that is not empty.
func (r *reader) list(each func(*yaml.Node)) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if n.Kind != yaml.SequenceNode || len(n.Content) == 0 {
			r.bad(at(n), "policy-value", "", "a list is needed here")
			return
		}
		for _, v := range n.Content {
			each(v)
		}
	}
}
