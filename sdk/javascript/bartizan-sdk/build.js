/** Short ways to make the contract's records. */

/** The longest evidence text the host takes, in bytes of UTF-8. */
const MAX_EVIDENCE = 4096;

/**
 * The text with lone surrogates replaced: a server's JSON can hold them, UTF-8 cannot.
 * @param {string} text
 * @returns {string}
 */
export function wellFormed(text) {
  return String(text).replace(/[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]/g, (found) =>
    found.length === 2 ? found : "\ufffd",
  );
}

/**
 * Bytes of a code point in UTF-8.
 * @param {number} point
 */
function width(point) {
  return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
}

/**
 * Bytes of a text in UTF-8. A surrogate counts two, so a pair of them four.
 * @param {string} text
 */
export function utf8Length(text) {
  let bytes = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    bytes += unit >= 0xd800 && unit < 0xe000 ? 2 : width(unit);
  }
  return bytes;
}

/** @type {import("./index.js").subjectOf} */
export function subjectOf(about) {
  if ("kind" in about) {
    return { kind: about.kind, name: about.name };
  }
  if ("uri" in about) {
    return { kind: about.isTemplate ? "resource-template" : "resource", name: about.uri };
  }
  if ("transport" in about) {
    return { kind: "server", name: "" };
  }
  if ("inputSchema" in about) {
    return { kind: "tool", name: about.name };
  }
  if ("arguments" in about) {
    return { kind: "prompt", name: about.name };
  }
  throw new TypeError("a finding must be about a server, a tool, a prompt, a resource or a subject");
}

/** @type {import("./index.js").evidence} */
export function evidence(label, text, pointer = "") {
  const whole = wellFormed(text);
  let bytes = 0;
  let end = 0;
  for (const character of whole) {
    bytes += width(character.codePointAt(0));
    if (bytes > MAX_EVIDENCE) {
      break;
    }
    end += character.length;
  }
  return { label, text: whole.slice(0, end), pointer };
}

/** @type {import("./index.js").finding} */
export function finding(about, message, options = {}) {
  return {
    rule: "",
    severity: options.severity ?? null,
    confidence: options.confidence ?? null,
    message,
    subject: subjectOf(about),
    related: (options.related ?? []).map(subjectOf),
    evidence: [...(options.evidence ?? [])],
    remediation: options.remediation ?? null,
  };
}
