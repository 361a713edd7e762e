"""Write Bartizan rules in Python.

A rule is a function with the decorator `rule`, that looks at one server and yields findings. A `RulePack` is a family of
rules; `pack` in the project's entry file is the one that is built:

    from bartizan_sdk import RulePack, Server, Severity, evidence, finding, rule

    @rule(id="ACME-001", title="Tool without a description", severity=Severity.LOW)
    def silent(server: Server, config):
        for tool in server.tools:
            if not tool.description:
                yield finding(tool, "The tool does not say what it does.")

    pack = RulePack(rules=[silent])

Everything in a server is hostile. Same input, same answer: there is no clock, no randomness, no file and no network.

Not for: the world outside the sandbox. `bartizan_sdk.component` is what meets the runtime; a rule has no need of it.
"""

from .build import evidence, finding, subject_of
from .contract import (
    Confidence,
    Evidence,
    Failure,
    FailureInvalidConfig,
    FailureOther,
    FailureUnsupported,
    Finding,
    Observation,
    Prompt,
    Resource,
    Rule,
    Server,
    Severity,
    Subject,
    Tool,
    Transport,
)
from .pack import GiveUp, RulePack, rule

__all__ = [
    "Confidence",
    "Evidence",
    "Failure",
    "FailureInvalidConfig",
    "FailureOther",
    "FailureUnsupported",
    "Finding",
    "GiveUp",
    "Observation",
    "Prompt",
    "Resource",
    "Rule",
    "RulePack",
    "Server",
    "Severity",
    "Subject",
    "Tool",
    "Transport",
    "evidence",
    "finding",
    "rule",
    "subject_of",
]
