"""Rules and packs of them: what an author writes."""

from __future__ import annotations

from typing import Any, Callable, Iterable, Optional, Sequence

from .bound import worst_within_limits
from .contract import Confidence, Failure, FailureInvalidConfig, FailureOther, Finding, Rule, Server, Severity

Check = Callable[[Server, Any], Iterable[Finding]]
"""Looks at a server, with the pack's configuration or `None`, and yields findings."""


class GiveUp(Exception):
    """Raised by a rule or by `configure` that could not do its work: an empty answer would mean clean."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.value)
        self.failure = failure


class CheckedRule:
    """A rule together with its function. `rule` makes one."""

    def __init__(self, described: Rule, check: Check) -> None:
        self.described = described
        self.check = check

    def __call__(self, server: Server, config: Any = None) -> Iterable[Finding]:
        """Runs the function, as a test does."""
        return self.check(server, config)


def rule(
    *,
    id: str,
    title: str,
    severity: Severity,
    help: str = "",
    confidence: Confidence = Confidence.MEDIUM,
    tags: Sequence[str] = (),
) -> Callable[[Check], CheckedRule]:
    """Makes a rule of a function. `help` is Markdown: what it is, why it matters, how to fix it."""
    described = Rule(id=id, title=title, help=help, severity=severity, confidence=confidence, tags=list(tags))
    return lambda check: CheckedRule(described, check)


class RulePack:
    """A family of rules.

    `configure` looks at a configuration before it is used and raises `ValueError` with a sentence for the person who
    wrote it. Without it, the pack takes none. `config_schema` is a JSON Schema (2020-12) for people and editors.
    """

    def __init__(
        self,
        rules: Sequence[CheckedRule],
        *,
        configure: Optional[Callable[[Any], None]] = None,
        config_schema: str = "",
    ) -> None:
        ids = [one.described.id for one in rules]
        doubled = sorted({one for one in ids if ids.count(one) > 1})
        if doubled:
            raise ValueError(f"declared twice: {', '.join(doubled)}")
        self.checked_rules = list(rules)
        self.configure = configure
        self.config_schema = config_schema

    def rules(self) -> list[Rule]:
        """The rules, as the host is told."""
        return [one.described for one in self.checked_rules]

    def accept(self, config: Any) -> None:
        """Raises `GiveUp` unless this configuration is taken."""
        if self.configure is None:
            raise GiveUp(FailureInvalidConfig("this component takes no configuration"))
        try:
            self.configure(config)
        except ValueError as error:
            raise GiveUp(FailureInvalidConfig(str(error))) from error

    def check(self, server: Server, enabled: Optional[Sequence[str]] = None, config: Any = None) -> list[Finding]:
        """Judges one server by the enabled rules, or by all. Raises `GiveUp` if it cannot."""
        known = [one.described.id for one in self.checked_rules]
        wanted = known if enabled is None else list(enabled)
        strange = [one for one in wanted if one not in known]
        if strange or not wanted:
            said = f"`{strange[0]}` is not one of its rules" if strange else "no rule is enabled"
            raise GiveUp(FailureOther(said))
        findings: list[Finding] = []
        for one in self.checked_rules:
            if one.described.id in wanted:
                findings.extend(self._run(one, server, config))
        return worst_within_limits(findings, self.rules())

    def _run(self, one: CheckedRule, server: Server, config: Any) -> list[Finding]:
        try:
            findings = list(one.check(server, config))
        except GiveUp:
            raise
        # A trap would say nothing; this way the report says which rule failed, and at what.
        except Exception as error:
            said = f"{one.described.id} failed: {type(error).__name__}: {error}"
            raise GiveUp(FailureOther(said)) from error
        for found in findings:
            found.rule = one.described.id
        return findings
