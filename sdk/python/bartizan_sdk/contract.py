"""The contract's types. Written from wit/types.wit by this SDK's tests: not to be changed by hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Optional, Union


class Severity(Enum):
    """How bad it is if the finding is true."""

    INFO = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4


class Confidence(Enum):
    """How sure the rule is that it is true."""

    LOW = 0
    MEDIUM = 1
    HIGH = 2


@dataclass
class Rule:
    """A rule as the outside knows it: SARIF's reportingDescriptor, `bartizan rules`, the docs."""

    # Upper case, e.g. "MCP-INJ-001" or "ACME-004". Unique over all installed components.
    id: str = ""
    title: str = ""
    # Markdown: what it is, why it matters, how to fix it.
    help: str = ""
    # Severity and confidence of a finding that does not say otherwise.
    severity: Severity = Severity.MEDIUM
    confidence: Confidence = Confidence.MEDIUM
    # "cwe:78", "owasp-mcp:MCP05", "owasp-llm:LLM01", "owasp-agentic:ASI02", "atlas:AML.T0051".
    tags: list[str] = field(default_factory=list)


@dataclass
class Subject:
    """What a finding is about."""

    # "server", "tool", "prompt", "resource" or "resource-template". The host checks that the named
    # thing exists in what it handed over; a subject that does not is a malformed answer.
    kind: str = ""
    # Name of the tool or prompt, URI (or URI template) of the resource. Empty for "server".
    name: str = ""


@dataclass
class Evidence:
    """A piece of what was judged, shown to the reader as the reason."""

    # What this is, in a few words: "hidden text", "parameter", "decoded base64".
    label: str = ""
    # The text itself, at most 4 KiB. It may be hostile: reporters escape it.
    text: str = ""
    # Where inside the subject, as a JSON Pointer (RFC 6901) into the item as the server sent it,
    # e.g. "/inputSchema/properties/path/description". Empty: the whole item.
    pointer: str = ""


@dataclass
class Finding:
    """`Finding` of the contract."""

    # One of the ids that this component's `rules` declared and that the call enabled.
    rule: str = ""
    # Absent: the rule's own.
    severity: Optional[Severity] = None
    confidence: Optional[Confidence] = None
    # One or two sentences. Plain text, at most 8 KiB.
    message: str = ""
    subject: Subject = field(default_factory=lambda: Subject("server", ""))
    # Other things that take part: the tool that is shadowed, the other end of a flow. At most 1024.
    related: list[Subject] = field(default_factory=list)
    # At most 64 pieces.
    evidence: list[Evidence] = field(default_factory=list)
    # What to do about this one. Absent: what the rule's help says.
    remediation: Optional[str] = None


@dataclass
class FailureInvalidConfig:
    """The configuration does not fit; a sentence for the person who wrote it."""

    value: str


@dataclass
class FailureUnsupported:
    """The input is of a kind that this component does not handle."""

    value: str


@dataclass
class FailureOther:
    """Anything else."""

    value: str


Failure = Union[FailureInvalidConfig, FailureUnsupported, FailureOther]
"""Why a component could not do what it was asked to. Traps are for bugs; this is for the rest."""


@dataclass
class Tool:
    """A tool as the server presented it. JSON members are kept as the JSON text the server sent."""

    name: str = ""
    title: Optional[str] = None
    description: Optional[str] = None
    # JSON text of `inputSchema`; "null" if there was none.
    input_schema: str = "null"
    output_schema: Optional[str] = None
    annotations: Optional[str] = None
    # JSON text of `_meta`.
    meta: Optional[str] = None
    # JSON object of every other member, and of those above that were not of the type they must be.
    # "{}" for nearly every tool.
    extra: str = "{}"


@dataclass
class Prompt:
    """`Prompt` of the contract."""

    name: str = ""
    title: Optional[str] = None
    description: Optional[str] = None
    # JSON text of `arguments`: an array, or "[]".
    arguments: str = "[]"
    meta: Optional[str] = None
    extra: str = "{}"


@dataclass
class Resource:
    """`Resource` of the contract."""

    # The URI, or the URI template (RFC 6570) if `is-template`.
    uri: str = ""
    is_template: bool = False
    name: str = ""
    title: Optional[str] = None
    description: Optional[str] = None
    mime_type: Optional[str] = None
    annotations: Optional[str] = None
    meta: Optional[str] = None
    extra: str = "{}"


@dataclass
class Transport:
    """How the server was reached."""

    # "stdio", "streamable-http", "sse", or "file" when a saved listing was read and nothing says more.
    kind: str = ""
    # URL for HTTP transports, path for "file", empty for stdio.
    address: str = ""
    # Program and arguments for stdio; empty otherwise.
    command: list[str] = field(default_factory=list)


@dataclass
class Observation:
    """Something the host learnt by looking, which no member of the protocol says."""

    # An open code: "duplicate-key", "case-variant-key", "stdout-noise", "malformed-item",
    # "list-error", "redirect", "tls", "http-auth", "server-request", "truncated" …
    # `docs/observations.md` lists them.
    kind: str = ""
    # What it is about: a method, an item's name, a URL. May be empty.
    about: str = ""
    # JSON value with the particulars.
    detail: str = ""


@dataclass
class Server:
    """One server as it presented itself. Everything in it is hostile input."""

    name: str = ""
    title: Optional[str] = None
    version: str = ""
    # "2025-11-25" and the like; empty if the server never said.
    protocol_version: str = ""
    transport: Transport = field(default_factory=lambda: Transport())
    instructions: Optional[str] = None
    # JSON text of the capabilities object.
    capabilities: str = "{}"
    # JSON text of `serverInfo`, whole: what its members say may be shown to a model too.
    server_info: str = "{}"
    tools: list[Tool] = field(default_factory=list)
    prompts: list[Prompt] = field(default_factory=list)
    resources: list[Resource] = field(default_factory=list)
    observations: list[Observation] = field(default_factory=list)
