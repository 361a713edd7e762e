// Package rules holds rules about tools that shout: capitals push a model to obey.
package rules

import "{{package}}/bartizan"

// minLetters is from how many letters on a description counts as shouted and not as a name.
const minLetters = 20

// Pack is what is built.
var Pack = bartizan.Pack{Rules: []bartizan.Rule{{
	ID:       "{{rule}}",
	Title:    "Tool description shouts",
	Help:     "A description in capitals pushes the model. Write it in plain words.",
	Severity: bartizan.Low,
	Check:    shouting,
}}}

func shouting(server *bartizan.Server, _ string) ([]bartizan.Finding, error) {
	var findings []bartizan.Finding
	for _, tool := range server.Tools {
		text := bartizan.Text(tool.Description)
		if shouts(text) {
			finding := bartizan.About(tool, "The whole description is in capitals.")
			findings = append(findings, finding.WithEvidence("description", text, "/description"))
		}
	}
	return findings, nil
}

// shouts says whether all letters are capitals, and there are enough of them. Letters are those of ASCII.
func shouts(text string) bool {
	capitals := 0
	for _, letter := range text {
		if letter >= 'a' && letter <= 'z' {
			return false
		}
		if letter >= 'A' && letter <= 'Z' {
			capitals++
		}
	}
	return capitals >= minLetters
}
