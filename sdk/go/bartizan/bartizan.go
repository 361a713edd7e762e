// Package bartizan is for writing Bartizan rules in Go.
//
// A [Rule] is a function that looks at one [Server] and gives findings; a [Pack] is a family of rules. The variable Pack of
// the project's entry package is the one that is built. Read [Rule] first, then [About].
//
// Everything in a server is hostile. Same input, same answer: there is no clock, no randomness, no file and no network.
//
// Not for: the world outside the sandbox. The files abi.go and component.go meet the runtime; a rule has no need of them.
package bartizan

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// maxEvidence is the longest evidence text the host takes, in bytes of UTF-8.
const maxEvidence = 4096

// Check looks at a server, with the pack's configuration (JSON, or empty), and gives findings. An error ends the call
// without an answer: an empty one would mean clean.
type Check func(server *Server, config string) ([]Finding, error)

// Rule is a rule together with its function.
type Rule struct {
	// ID is upper case, such as "ACME-001".
	ID string
	// Title is one line.
	Title string
	// Help is Markdown: what it is, why it matters, how to fix it.
	Help string
	// Severity and Confidence of a finding that does not say otherwise. Without one: medium.
	Severity   Severity
	Confidence Confidence
	// Tags are names in published catalogues: "cwe:78", "owasp-mcp:MCP05".
	Tags []string
	// Check is what judges.
	Check Check
}

// Pack is a family of rules.
type Pack struct {
	Rules []Rule
	// Configure looks at a configuration, a JSON value, before it is used. The error is a sentence for the person who wrote
	// it. Without it, the pack takes none.
	Configure func(config string) error
	// ConfigSchema is a JSON Schema (2020-12) for people and editors.
	ConfigSchema string
}

// Named is what a finding can be about: a server, or a thing that it listed.
type Named interface{ Subject() Subject }

// Subject names the server.
func (Server) Subject() Subject { return Subject{Kind: "server"} }

// Subject names the tool.
func (t Tool) Subject() Subject { return Subject{Kind: "tool", Name: t.Name} }

// Subject names the prompt.
func (p Prompt) Subject() Subject { return Subject{Kind: "prompt", Name: p.Name} }

// Subject names the resource, or the template.
func (r Resource) Subject() Subject {
	if r.IsTemplate {
		return Subject{Kind: "resource-template", Name: r.URI}
	}
	return Subject{Kind: "resource", Name: r.URI}
}

// Subject is the subject itself.
func (s Subject) Subject() Subject { return s }

// About is a finding with the rule's own severity and confidence, without evidence.
func About(about Named, message string) Finding {
	return Finding{Subject: about.Subject(), Message: message}
}

// WithEvidence adds a piece of what was judged. The pointer is a JSON Pointer into the item as it was sent, or empty. What is
// longer than the host takes is cut at the end, between characters.
func (f Finding) WithEvidence(label, text, pointer string) Finding {
	text = strings.ToValidUTF8(text, "\ufffd")
	if end := maxEvidence; len(text) > end {
		for !utf8.RuneStart(text[end]) {
			end--
		}
		text = text[:end]
	}
	f.Evidence = append(f.Evidence[:len(f.Evidence):len(f.Evidence)], Evidence{label, text, pointer})
	return f
}

// Judge judges a server by the enabled rules.
func (p *Pack) Judge(server *Server, enabled []string, config string) (findings []Finding, err error) {
	if len(enabled) == 0 {
		return nil, fmt.Errorf("no rule is enabled")
	}
	wanted := map[string]bool{}
	for _, id := range enabled {
		if p.rule(id) == nil {
			return nil, fmt.Errorf("`%s` is not one of its rules", id)
		}
		wanted[id] = true
	}
	for i := range p.Rules {
		rule := &p.Rules[i]
		if !wanted[rule.ID] {
			continue
		}
		found, err := run(rule, server, config)
		if err != nil {
			return nil, err
		}
		findings = append(findings, found...)
	}
	return p.worstWithinLimits(findings), nil
}

// run runs one rule. A trap would say nothing; this way the report says which rule failed, and at what.
func run(rule *Rule, server *Server, config string) (found []Finding, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("%s failed: %v", rule.ID, fault)
		}
	}()
	if found, err = rule.Check(server, config); err != nil {
		return nil, fmt.Errorf("%s failed: %w", rule.ID, err)
	}
	for i := range found {
		found[i].Rule = rule.ID
	}
	return found, nil
}

func (p *Pack) rule(id string) *Rule {
	for i := range p.Rules {
		if p.Rules[i].ID == id {
			return &p.Rules[i]
		}
	}
	return nil
}
