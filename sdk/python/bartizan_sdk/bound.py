"""Keeps an answer within what the host takes.

A server with a thousand poisoned tools must not be able to make a pack's whole answer too long, and so unheard.
"""

from __future__ import annotations

from .build import well_formed
from .contract import Evidence, Finding, Rule, Severity, Subject

MAX_FINDINGS = 1000
"""Findings of one call that the host takes unless it is set otherwise; the contract says so."""

MAX_BYTES = (1 << 20) - (16 << 10)
"""Bytes of text in them; the contract says so. Some room is left for the finding that tells of the rest."""


def worst_within_limits(findings: list[Finding], rules: list[Rule]) -> list[Finding]:
    """The findings if they are within bounds; else the worst, and one that says how many were left out."""
    findings = [_well_formed(found) for found in findings]
    if len(findings) <= MAX_FINDINGS and sum(map(_size, findings)) <= MAX_BYTES:
        return findings
    own = {rule.id: rule.severity for rule in rules}

    def severity(found: Finding) -> Severity:
        return found.severity or own.get(found.rule, Severity.INFO)

    # Stable, so that the same findings stay in the same order.
    findings.sort(key=lambda found: -severity(found).value)
    kept, used = 0, 0
    for found in findings[: MAX_FINDINGS - 1]:
        used += _size(found)
        if used > MAX_BYTES:
            break
        kept += 1
    left_out = findings[kept:]
    told = findings[:kept]
    if left_out:
        told.append(
            Finding(
                rule=left_out[0].rule,
                severity=severity(left_out[0]),
                message=f"{len(left_out)} more findings were left out because there are too many to tell:"
                f" the worst {kept} are told.",
                subject=Subject("server", ""),
            )
        )
    return told


def _well_formed(found: Finding) -> Finding:
    def subject(one: Subject) -> Subject:
        return Subject(well_formed(one.kind), well_formed(one.name))

    return Finding(
        rule=found.rule,
        severity=found.severity,
        confidence=found.confidence,
        message=well_formed(found.message),
        subject=subject(found.subject),
        related=[subject(one) for one in found.related],
        evidence=[
            Evidence(well_formed(one.label), well_formed(one.text), well_formed(one.pointer)) for one in found.evidence
        ],
        remediation=None if found.remediation is None else well_formed(found.remediation),
    )


def _size(found: Finding) -> int:
    texts = [found.rule, found.message, found.subject.kind, found.subject.name, found.remediation or ""]
    for one in found.evidence:
        texts += [one.label, one.text, one.pointer]
    for other in found.related:
        texts += [other.kind, other.name]
    return sum(len(text.encode("utf-8")) for text in texts)
