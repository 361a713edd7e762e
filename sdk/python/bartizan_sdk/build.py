"""Short ways to make the contract's records."""

from __future__ import annotations

from typing import Optional, Sequence, Union

from .contract import Confidence, Evidence, Finding, Prompt, Resource, Server, Severity, Subject, Tool

MAX_EVIDENCE = 4096
"""The longest evidence text the host takes, in bytes of UTF-8."""

About = Union[Server, Tool, Prompt, Resource, Subject]
"""What a finding can be about: a server, or a thing that it listed."""


def well_formed(text: str) -> str:
    """The text with lone surrogates replaced: a server's JSON can hold them, UTF-8 cannot."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def subject_of(about: About) -> Subject:
    """The subject that names this."""
    if isinstance(about, Subject):
        return about
    if isinstance(about, Server):
        return Subject("server", "")
    if isinstance(about, Tool):
        return Subject("tool", about.name)
    if isinstance(about, Prompt):
        return Subject("prompt", about.name)
    if isinstance(about, Resource):
        return Subject("resource-template" if about.is_template else "resource", about.uri)
    raise TypeError(f"a finding cannot be about a {type(about).__name__}")


def evidence(label: str, text: str, pointer: str = "") -> Evidence:
    """A piece of what was judged. `pointer` is a JSON Pointer into the item as it was sent, or empty.

    What is longer than the host takes is cut at the end, between characters.
    """
    cut = well_formed(text).encode("utf-8")[:MAX_EVIDENCE].decode("utf-8", "ignore")
    return Evidence(label, cut, pointer)


def finding(
    about: About,
    message: str,
    *,
    severity: Optional[Severity] = None,
    confidence: Optional[Confidence] = None,
    evidence: Sequence[Evidence] = (),
    related: Sequence[About] = (),
    remediation: Optional[str] = None,
) -> Finding:
    """A finding of the rule that yields it. What is left out is the rule's own."""
    return Finding(
        rule="",
        severity=severity,
        confidence=confidence,
        message=message,
        subject=subject_of(about),
        related=[subject_of(other) for other in related],
        evidence=list(evidence),
        remediation=remediation,
    )
