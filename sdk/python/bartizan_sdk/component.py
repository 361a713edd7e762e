"""The thin layer between the runtime's bindings and a pack. Only `bartizan plugins build` needs it."""

from __future__ import annotations

import json
from typing import Any, Sequence

# These two exist only inside a component.
from componentize_py_types import Err  # type: ignore[import-not-found]
from wit_world.exports import meta as bound_meta  # type: ignore[import-not-found]
from wit_world.imports import types as bound  # type: ignore[import-not-found]

from .contract import (
    Failure,
    FailureInvalidConfig,
    FailureUnsupported,
    Finding,
    Observation,
    Prompt,
    Resource,
    Rule,
    Server,
    Subject,
    Tool,
    Transport,
)
from .pack import GiveUp, RulePack


def export(pack: RulePack, *, name: str, version: str, summary: str) -> tuple[type, type]:
    """The classes `Meta` and `ServerRules` that the runtime looks for."""
    state: dict[str, Any] = {"config": None}

    class Meta:
        def describe(self) -> Any:
            return bound_meta.Info(name, version, summary, pack.config_schema)

        def configure(self, config: str) -> None:
            try:
                value = json.loads(config)
                pack.accept(value)
            except GiveUp as error:
                raise Err(error.failure.value) from error
            except ValueError as error:
                raise Err(f"not JSON: {error}") from error
            state["config"] = value

    class ServerRules:
        def rules(self) -> list[Any]:
            return [_rule(one) for one in pack.rules()]

        def check(self, server: Any, enabled: Sequence[str]) -> list[Any]:
            try:
                found = pack.check(_server(server), enabled, state["config"])
            except GiveUp as error:
                raise Err(_failure(error.failure)) from error
            return [_finding(one) for one in found]

    return Meta, ServerRules


def _server(given: Any) -> Server:
    members = dict(vars(given))
    members["transport"] = Transport(**vars(given.transport))
    members["tools"] = [Tool(**vars(one)) for one in given.tools]
    members["prompts"] = [Prompt(**vars(one)) for one in given.prompts]
    members["resources"] = [Resource(**vars(one)) for one in given.resources]
    members["observations"] = [Observation(**vars(one)) for one in given.observations]
    return Server(**members)


def _rule(one: Rule) -> Any:
    severity, confidence = bound.Severity(one.severity.value), bound.Confidence(one.confidence.value)
    return bound.Rule(one.id, one.title, one.help, severity, confidence, one.tags)


def _subject(one: Subject) -> Any:
    return bound.Subject(one.kind, one.name)


def _finding(one: Finding) -> Any:
    return bound.Finding(
        one.rule,
        None if one.severity is None else bound.Severity(one.severity.value),
        None if one.confidence is None else bound.Confidence(one.confidence.value),
        one.message,
        _subject(one.subject),
        [_subject(other) for other in one.related],
        [bound.Evidence(piece.label, piece.text, piece.pointer) for piece in one.evidence],
        one.remediation,
    )


def _failure(failure: Failure) -> Any:
    if isinstance(failure, FailureInvalidConfig):
        return bound.Failure_InvalidConfig(failure.value)
    if isinstance(failure, FailureUnsupported):
        return bound.Failure_Unsupported(failure.value)
    return bound.Failure_Other(failure.value)
