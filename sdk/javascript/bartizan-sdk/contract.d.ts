// The contract's types. Written from wit/types.wit by this SDK's tests: not to be changed by hand.

/** How bad it is if the finding is true. */
export type Severity = "info" | "low" | "medium" | "high" | "critical";

/** How sure the rule is that it is true. */
export type Confidence = "low" | "medium" | "high";

/** A rule as the outside knows it: SARIF's reportingDescriptor, `bartizan rules`, the docs. */
export interface Rule {
  /** Upper case, e.g. "MCP-INJ-001" or "ACME-004". Unique over all installed components. */
  id: string;
  title: string;
  /** Markdown: what it is, why it matters, how to fix it. */
  help: string;
  /** Severity and confidence of a finding that does not say otherwise. */
  severity: Severity;
  confidence: Confidence;
  /** "cwe:78", "owasp-mcp:MCP05", "owasp-llm:LLM01", "owasp-agentic:ASI02", "atlas:AML.T0051". */
  tags: string[];
}

/** What a finding is about. */
export interface Subject {
  /**
   * "server", "tool", "prompt", "resource" or "resource-template". The host checks that the named
   * thing exists in what it handed over; a subject that does not is a malformed answer.
   */
  kind: string;
  /** Name of the tool or prompt, URI (or URI template) of the resource. Empty for "server". */
  name: string;
}

/** A piece of what was judged, shown to the reader as the reason. */
export interface Evidence {
  /** What this is, in a few words: "hidden text", "parameter", "decoded base64". */
  label: string;
  /** The text itself, at most 4 KiB. It may be hostile: reporters escape it. */
  text: string;
  /**
   * Where inside the subject, as a JSON Pointer (RFC 6901) into the item as the server sent it,
   * e.g. "/inputSchema/properties/path/description". Empty: the whole item.
   */
  pointer: string;
}

export interface Finding {
  /** One of the ids that this component's `rules` declared and that the call enabled. */
  rule: string;
  /** Absent: the rule's own. */
  severity: Severity | null;
  confidence: Confidence | null;
  /** One or two sentences. Plain text, at most 8 KiB. */
  message: string;
  subject: Subject;
  /** Other things that take part: the tool that is shadowed, the other end of a flow. At most 1024. */
  related: Subject[];
  /** At most 64 pieces. */
  evidence: Evidence[];
  /** What to do about this one. Absent: what the rule's help says. */
  remediation: string | null;
}

/** Why a component could not do what it was asked to. Traps are for bugs; this is for the rest. */
export type Failure =
  /** The configuration does not fit; a sentence for the person who wrote it. */
  | { tag: "invalid-config"; val: string }
  /** The input is of a kind that this component does not handle. */
  | { tag: "unsupported"; val: string }
  /** Anything else. */
  | { tag: "other"; val: string };

/** A tool as the server presented it. JSON members are kept as the JSON text the server sent. */
export interface Tool {
  name: string;
  title: string | null;
  description: string | null;
  /** JSON text of `inputSchema`; "null" if there was none. */
  inputSchema: string;
  outputSchema: string | null;
  annotations: string | null;
  /** JSON text of `_meta`. */
  meta: string | null;
  /**
   * JSON object of every other member, and of those above that were not of the type they must be.
   * "{}" for nearly every tool.
   */
  extra: string;
}

export interface Prompt {
  name: string;
  title: string | null;
  description: string | null;
  /** JSON text of `arguments`: an array, or "[]". */
  arguments: string;
  meta: string | null;
  extra: string;
}

export interface Resource {
  /** The URI, or the URI template (RFC 6570) if `is-template`. */
  uri: string;
  isTemplate: boolean;
  name: string;
  title: string | null;
  description: string | null;
  mimeType: string | null;
  annotations: string | null;
  meta: string | null;
  extra: string;
}

/** How the server was reached. */
export interface Transport {
  /** "stdio", "streamable-http", "sse", or "file" when a saved listing was read and nothing says more. */
  kind: string;
  /** URL for HTTP transports, path for "file", empty for stdio. */
  address: string;
  /** Program and arguments for stdio; empty otherwise. */
  command: string[];
}

/** Something the host learnt by looking, which no member of the protocol says. */
export interface Observation {
  /**
   * An open code: "duplicate-key", "case-variant-key", "stdout-noise", "malformed-item",
   * "list-error", "redirect", "tls", "http-auth", "server-request", "truncated" …
   * `docs/observations.md` lists them.
   */
  kind: string;
  /** What it is about: a method, an item's name, a URL. May be empty. */
  about: string;
  /** JSON value with the particulars. */
  detail: string;
}

/** One server as it presented itself. Everything in it is hostile input. */
export interface Server {
  name: string;
  title: string | null;
  version: string;
  /** "2025-11-25" and the like; empty if the server never said. */
  protocolVersion: string;
  transport: Transport;
  instructions: string | null;
  /** JSON text of the capabilities object. */
  capabilities: string;
  /** JSON text of `serverInfo`, whole: what its members say may be shown to a model too. */
  serverInfo: string;
  tools: Tool[];
  prompts: Prompt[];
  resources: Resource[];
  observations: Observation[];
}
