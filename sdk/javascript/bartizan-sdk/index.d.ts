/** Write Bartizan rules in JavaScript or TypeScript. Read {@link rule} first, then {@link finding}. */

import type {
  Confidence,
  Evidence,
  Failure,
  Finding,
  Prompt,
  Resource,
  Rule,
  Server,
  Severity,
  Subject,
  Tool,
} from "./contract.js";

export type * from "./contract.js";

/** What a finding can be about: a server, or a thing that it listed. */
export type About = Server | Tool | Prompt | Resource | Subject;

/** The subject that names this. */
export function subjectOf(about: About): Subject;

/**
 * A piece of what was judged. `pointer` is a JSON Pointer into the item as it was sent, or empty.
 * What is longer than the host takes is cut at the end, between characters.
 */
export function evidence(label: string, text: string, pointer?: string): Evidence;

/** What a finding may say beyond its message. What is left out is the rule's own. */
export interface FindingOptions {
  severity?: Severity;
  confidence?: Confidence;
  evidence?: readonly Evidence[];
  /** Other things that take part. */
  related?: readonly About[];
  /** What to do about this one in particular. */
  remediation?: string;
}

/** A finding of the rule that gives it. */
export function finding(about: About, message: string, options?: FindingOptions): Finding;

/** Looks at a server, with the pack's configuration or `null`, and gives findings: an array, or a generator. */
export type Check<Config = unknown> = (server: Server, config: Config | null) => Iterable<Finding>;

/** What a rule is; what is left out is empty, and the confidence is "medium". */
export interface RuleOptions<Config = unknown> {
  /** Upper case, e.g. "ACME-001". */
  id: string;
  title: string;
  severity: Severity;
  confidence?: Confidence;
  /** Markdown: what it is, why it matters, how to fix it. */
  help?: string;
  tags?: readonly string[];
  check: Check<Config>;
}

/** A rule together with its function. */
export interface CheckedRule<Config = unknown> {
  readonly described: Rule;
  readonly check: Check<Config>;
}

/** Makes a rule of a function. */
export function rule<Config = unknown>(options: RuleOptions<Config>): CheckedRule<Config>;

export interface PackOptions<Config = unknown> {
  rules: readonly CheckedRule<Config>[];
  /**
   * Looks at a configuration before it is used, and throws an `Error` with a sentence for the person who wrote it.
   * Without it, the pack takes none.
   */
  configure?: (config: unknown) => void;
  /** JSON Schema (2020-12) of the configuration, for people and editors. */
  configSchema?: string;
}

/** A family of rules. */
export interface RulePack {
  readonly configSchema: string;
  rules(): Rule[];
  /** Throws {@link GiveUp} unless this configuration is taken. */
  accept(config: unknown): void;
  /** Judges one server by the enabled rules, or by all. Throws {@link GiveUp} if it cannot. */
  check(server: Server, enabled?: readonly string[], config?: unknown): Finding[];
}

/** Makes a pack. */
export function rulePack<Config = unknown>(options: PackOptions<Config>): RulePack;

/** Thrown by a rule that could not do its work: an empty answer would mean clean. */
export class GiveUp extends Error {
  constructor(failure: Failure);
  readonly failure: Failure;
}
