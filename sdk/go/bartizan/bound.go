package bartizan

import (
	"fmt"
	"sort"
	"strings"
)

// What the host takes unless it is set otherwise; the contract says so. Some room is left for the finding that tells of the rest.
const (
	maxFindings = 1000
	maxBytes    = 1<<20 - 16<<10
)

// worstWithinLimits gives the findings if they are within bounds; else the worst, and one that says how many were left out.
// A server with a thousand poisoned tools must not be able to make a pack's whole answer too long, and so unheard.
func (p *Pack) worstWithinLimits(findings []Finding) []Finding {
	total := 0
	for i := range findings {
		wellFormed(&findings[i])
		total += size(&findings[i])
	}
	if len(findings) <= maxFindings && total <= maxBytes {
		return findings
	}
	// Stable, so that the same findings stay in the same order.
	sort.SliceStable(findings, func(a, b int) bool { return p.severity(&findings[a]) > p.severity(&findings[b]) })
	kept, used := 0, 0
	for kept < len(findings) && kept < maxFindings-1 {
		if used += size(&findings[kept]); used > maxBytes {
			break
		}
		kept++
	}
	worst := findings[kept]
	message := fmt.Sprintf("%d more findings were left out because there are too many to tell: the worst %d are told.",
		len(findings)-kept, kept)
	rest := Finding{Rule: worst.Rule, Severity: p.severity(&worst), Message: message, Subject: Subject{Kind: "server"}}
	return append(findings[:kept:kept], rest)
}

func (p *Pack) severity(f *Finding) Severity {
	if f.Severity != 0 {
		return f.Severity
	}
	if rule := p.rule(f.Rule); rule != nil {
		return rule.severity()
	}
	return Info
}

func (r *Rule) severity() Severity {
	if r.Severity == 0 {
		return Medium
	}
	return r.Severity
}

func (r *Rule) confidence() Confidence {
	if r.Confidence == 0 {
		return MediumConfidence
	}
	return r.Confidence
}

// wellFormed makes every text UTF-8: Go's strings may be other.
func wellFormed(f *Finding) {
	mend := func(text *string) { *text = strings.ToValidUTF8(*text, "\ufffd") }
	mend(&f.Message)
	mend(&f.Remediation)
	mend(&f.Subject.Kind)
	mend(&f.Subject.Name)
	for i := range f.Related {
		mend(&f.Related[i].Kind)
		mend(&f.Related[i].Name)
	}
	for i := range f.Evidence {
		mend(&f.Evidence[i].Label)
		mend(&f.Evidence[i].Text)
		mend(&f.Evidence[i].Pointer)
	}
}

func size(f *Finding) int {
	bytes := len(f.Rule) + len(f.Message) + len(f.Subject.Kind) + len(f.Subject.Name) + len(f.Remediation)
	for _, piece := range f.Evidence {
		bytes += len(piece.Label) + len(piece.Text) + len(piece.Pointer)
	}
	for _, other := range f.Related {
		bytes += len(other.Kind) + len(other.Name)
	}
	return bytes
}
