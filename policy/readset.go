package policy

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
	regions "golang.org/x/text/language"

	"limen/travel"
)

// set reads the fields of a set.
func (r *reader) set(root *yaml.Node) *Set {
	s := &Set{InForce: true}
	var jurisdiction string
	var until *yaml.Node
	r.mapping(root, "a rule set", []string{"id", "title", "jurisdiction", "citation", "source", "home", "rules"}, map[string]func(*yaml.Node){
		"id": func(n *yaml.Node) { r.slug(&s.ID)(n); s.idAt = at(n) }, "title": r.text(&s.Title), "jurisdiction": r.jurisdiction(&jurisdiction),
		"citation": r.text(&s.Citation), "source": r.text(&s.Source), "proposed": r.day(&s.Proposed),
		"in_force": func(n *yaml.Node) {
			if n.Tag != "!!bool" || n.Decode(&s.InForce) != nil {
				r.bad(at(n), "policy-value", "", "in_force is true or false")
			}
		},
		"effective": func(n *yaml.Node) {
			r.mapping(n, "effective", []string{"from"}, map[string]func(*yaml.Node){
				"from":  func(n *yaml.Node) { r.day(&s.From)(n); s.fromAt = at(n) },
				"until": func(n *yaml.Node) { r.day(&s.Until)(n); until = n },
			})
		},
		"home":  r.list(func(n *yaml.Node) { r.country(n, s) }),
		"notes": r.list(func(n *yaml.Node) { var t string; r.text(&t)(n); s.Notes = append(s.Notes, t) }),
		"rules": r.list(func(n *yaml.Node) { r.rule(n, s) }),
	})
	s.Jurisdiction = Jurisdiction(jurisdiction)
	if until != nil && !s.From.IsZero() && !s.Until.IsZero() && !s.From.Before(s.Until) {
		r.bad(at(until), "policy-dates", "until is the first day on which the set is not in force any more", "until is not after from")
	}
	r.dates(root, s)
	r.reach(root, s)
	return s
}

// dates holds the dates of a set against whether it is in force.
func (r *reader) dates(root *yaml.Node, s *Set) {
	switch {
	case s.InForce && s.From.IsZero():
		if s.fromAt == (position{}) {
			r.bad(at(root), "policy-missing", "", "a rule set has no effective: {from: …}, or in_force: false")
		}
	case !s.InForce && s.fromAt != (position{}):
		r.bad(s.fromAt, "policy-dates", "", "a rule set that is not in force has no effective date")
	case !s.InForce && s.Proposed.IsZero():
		r.bad(at(root), "policy-missing", "", "a rule set that is not in force has a day on which it was proposed")
	}
}

// jurisdiction reads whose law a set is. A slip here would leave a rule unread
// on its day.
func (r *reader) jurisdiction(to *string) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if r.text(to)(n); *to != "" && (len(*to) != 2 || strings.Trim(*to, letters) != "") {
			r.bad(at(n), "policy-value", "", "a jurisdiction has two capital letters, such as US or EU")
		}
	}
}

// country reads a home country. A slip here would put a country's own citizens
// in scope, so it must be one.
func (r *reader) country(n *yaml.Node, s *Set) {
	var c string
	r.text(&c)(n)
	if c == "" {
		return
	}
	if why := InCitizenship.literal(c); why != "" {
		r.bad(at(n), "policy-value", "", "%s", why)
		return
	}
	if region, err := regions.ParseRegion(c); err != nil || !region.IsCountry() || region.ISO3() != c {
		r.bad(at(n), "policy-value", "", "%s is not a country of ISO 3166", c)
		return
	}
	if slices.Contains(s.Home, travel.Country(c)) {
		r.bad(at(n), "policy-value", "", "%s stands twice", c)
	}
	s.Home = append(s.Home, travel.Country(c))
}

// rule reads one rule into s.
func (r *reader) rule(n *yaml.Node, s *Set) {
	if len(s.Rules) == maxRules {
		r.bad(at(n), "policy-size", "", "a rule set has at most %d rules", maxRules)
		return
	}
	u := Rule{Clause: map[travel.Direction]string{}}
	fields := map[string]func(*yaml.Node){
		"id": func(n *yaml.Node) {
			r.slug(&u.ID)(n)
			if slices.ContainsFunc(s.Rules, func(o Rule) bool { return o.ID == u.ID && u.ID != "" }) {
				r.bad(at(n), "policy-rule-twice", "", "there is a rule %s before this one", u.ID)
			}
		},
		"duties": r.list(func(n *yaml.Node) { r.duty(n, &u) }),
		"when":   func(n *yaml.Node) { r.when(n, &u) },
		"result": func(n *yaml.Node) { r.result(n, &u) },
		"clause": func(n *yaml.Node) { r.clause(n, &u) },
		"text":   r.text(&u.Text), "citation": r.text(&u.Citation), "note": r.text(&u.Note), "ask": r.text(&u.Ask),
	}
	r.mapping(n, "a rule", []string{"id", "duties", "when", "result", "clause", "citation", "text"}, fields)
	if n.Kind == yaml.MappingNode && (u.Result == NeedsOfficer) != (u.Ask != "") && u.Result != "" {
		r.bad(at(n), "policy-ask", "", "a rule asks a question if its result is needs_officer, and only then")
	}
	s.Rules = append(s.Rules, u)
}

func (r *reader) duty(n *yaml.Node, u *Rule) {
	d := Duty(n.Value)
	switch {
	case d != Photo && d != OtherBiometrics:
		r.bad(at(n), "policy-value", "the duties are photo, other_biometrics", "there is no duty %q", n.Value)
	case slices.Contains(u.Duties, d):
		r.bad(at(n), "policy-value", "", "%s stands twice", d)
	}
	u.Duties = append(u.Duties, d)
}

func (r *reader) result(n *yaml.Node, u *Rule) {
	switch v := Result(n.Value); v {
	case Required, Exempt, NotInScope, NeedsOfficer:
		u.Result = v
	default:
		r.bad(at(n), "policy-result", "the results are required, exempt, not_in_scope, needs_officer", "there is no result %q", n.Value)
	}
}

// clause reads a clause, or one for each direction.
func (r *reader) clause(n *yaml.Node, u *Rule) {
	var entry, exit string
	if n.Kind == yaml.MappingNode {
		r.mapping(n, "a clause", []string{"entry", "exit"}, map[string]func(*yaml.Node){"entry": r.text(&entry), "exit": r.text(&exit)})
	} else {
		r.text(&entry)(n)
		exit = entry
	}
	u.Clause[travel.Entry], u.Clause[travel.Exit] = entry, exit
}

// when compiles the condition; what is wrong with it is placed in the file.
func (r *reader) when(n *yaml.Node, u *Rule) {
	if n.Kind != yaml.ScalarNode || strings.TrimSpace(n.Value) == "" {
		r.bad(at(n), "policy-value", "the rule that always holds has when: true", "a condition is needed here")
		return
	}
	if len(n.Value) > maxCondition {
		r.bad(at(n), "policy-size", "", "a condition has at most %d bytes", maxCondition)
		return
	}
	u.When = strings.TrimSpace(n.Value)
	c, f := compile(n.Value)
	if f != nil {
		r.bad(r.within(n, f.offset), f.code, f.fix, "%s", f.why)
		return
	}
	u.condition = *c
}

// reach holds every duty to end with a rule that always holds, and nothing to
// stand after it.
func (r *reader) reach(root *yaml.Node, s *Set) {
	var list *yaml.Node
	for i := 0; i+1 < len(root.Content); i += 2 {
		if root.Content[i].Value == "rules" {
			list = root.Content[i+1]
		}
	}
	broken := func(u Rule) bool { return u.condition.op == 0 }
	if list == nil || list.Kind != yaml.SequenceNode || len(s.Rules) != len(list.Content) || slices.ContainsFunc(s.Rules, broken) {
		return // said already
	}
	for _, d := range []Duty{Photo, OtherBiometrics} {
		last := ""
		for i, u := range s.Rules {
			if !slices.Contains(u.Duties, d) {
				continue
			}
			if last != "" {
				r.bad(at(list.Content[i]), "policy-catch-all", "", "this rule is never reached for %s: %s before it always holds", d, last)
				break
			}
			if u.condition.op == opYes {
				last = u.ID
			}
		}
		if last == "" {
			r.bad(at(list), "policy-catch-all", "end the rules with one that has when: true", "no rule answers on %s where none of the others holds", d)
		}
	}
}
