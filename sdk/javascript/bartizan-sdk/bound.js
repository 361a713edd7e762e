/**
 * Keeps an answer within what the host takes.
 *
 * A server with a thousand poisoned tools must not be able to make a pack's whole answer too long, and so unheard.
 */

import { utf8Length, wellFormed } from "./build.js";

/** Findings of one call that the host takes unless it is set otherwise; the contract says so. */
const MAX_FINDINGS = 1000;
/** Bytes of text in them; the contract says so. Some room is left for the finding that tells of the rest. */
const MAX_BYTES = (1 << 20) - (16 << 10);
const SEVERITIES = ["info", "low", "medium", "high", "critical"];

/**
 * The findings if they are within bounds; else the worst, and one that says how many were left out.
 * @param {import("./index.js").Finding[]} found
 * @param {import("./index.js").Rule[]} rules
 * @returns {import("./index.js").Finding[]}
 */
export function worstWithinLimits(found, rules) {
  const findings = found.map(allWellFormed);
  const total = findings.reduce((sum, one) => sum + size(one), 0);
  if (findings.length <= MAX_FINDINGS && total <= MAX_BYTES) {
    return findings;
  }
  const own = new Map(rules.map((rule) => [rule.id, rule.severity]));
  const severity = (one) => one.severity ?? own.get(one.rule) ?? "info";
  // Stable, so that the same findings stay in the same order.
  findings.sort((a, b) => SEVERITIES.indexOf(severity(b)) - SEVERITIES.indexOf(severity(a)));
  let kept = 0;
  let used = 0;
  for (const one of findings.slice(0, MAX_FINDINGS - 1)) {
    used += size(one);
    if (used > MAX_BYTES) {
      break;
    }
    kept += 1;
  }
  const leftOut = findings.slice(kept);
  const told = findings.slice(0, kept);
  if (leftOut.length > 0) {
    told.push({
      rule: leftOut[0].rule,
      severity: severity(leftOut[0]),
      confidence: null,
      message:
        `${leftOut.length} more findings were left out because there are too many to tell:` +
        ` the worst ${kept} are told.`,
      subject: { kind: "server", name: "" },
      related: [],
      evidence: [],
      remediation: null,
    });
  }
  return told;
}

function allWellFormed(one) {
  const subject = ({ kind, name }) => ({ kind: wellFormed(kind), name: wellFormed(name) });
  return {
    ...one,
    message: wellFormed(one.message),
    subject: subject(one.subject),
    related: one.related.map(subject),
    evidence: one.evidence.map(({ label, text, pointer }) => ({
      label: wellFormed(label),
      text: wellFormed(text),
      pointer: wellFormed(pointer),
    })),
    remediation: one.remediation === null ? null : wellFormed(one.remediation),
  };
}

function size(one) {
  const texts = [one.rule, one.message, one.subject.kind, one.subject.name, one.remediation ?? ""];
  for (const piece of one.evidence) {
    texts.push(piece.label, piece.text, piece.pointer);
  }
  for (const other of one.related) {
    texts.push(other.kind, other.name);
  }
  return texts.reduce((sum, text) => sum + utf8Length(text), 0);
}
