/** Rules and packs of them: what an author writes. */

import { worstWithinLimits } from "./bound.js";
import { wellFormed } from "./build.js";

/** Thrown by a rule that could not do its work: an empty answer would mean clean. */
export class GiveUp extends Error {
  /** @param {import("./index.js").Failure} failure */
  constructor(failure) {
    super(failure.val);
    this.failure = { tag: failure.tag, val: wellFormed(failure.val) };
  }
}

/** @type {import("./index.js").rule} */
export function rule({ id, title, severity, confidence = "medium", help = "", tags = [], check }) {
  return { described: { id, title, help, severity, confidence, tags: [...tags] }, check };
}

/** @type {import("./index.js").rulePack} */
export function rulePack({ rules, configure, configSchema = "" }) {
  const known = rules.map((one) => one.described.id);
  const doubled = known.find((id, at) => known.indexOf(id) !== at);
  if (doubled !== undefined) {
    throw new Error(`rule ${doubled} is declared twice`);
  }
  const described = () => rules.map((one) => one.described);
  return {
    configSchema,
    rules: described,
    accept(config) {
      if (configure === undefined) {
        throw new GiveUp({ tag: "invalid-config", val: "this component takes no configuration" });
      }
      try {
        configure(config);
      } catch (error) {
        throw error instanceof GiveUp ? error : new GiveUp({ tag: "invalid-config", val: messageOf(error) });
      }
    },
    check(server, enabled = known, config = null) {
      const strange = enabled.find((id) => !known.includes(id));
      if (strange !== undefined) {
        throw new GiveUp({ tag: "other", val: `\`${strange}\` is not one of its rules` });
      }
      if (enabled.length === 0) {
        throw new GiveUp({ tag: "other", val: "no rule is enabled" });
      }
      const findings = [];
      for (const one of rules.filter((one) => enabled.includes(one.described.id))) {
        for (const found of run(one, server, config)) {
          findings.push({ ...found, rule: one.described.id });
        }
      }
      return worstWithinLimits(findings, described());
    },
  };
}

function run(one, server, config) {
  try {
    return [...one.check(server, config)];
  } catch (error) {
    if (error instanceof GiveUp) {
      throw error;
    }
    // A trap would say nothing; this way the report says which rule failed, and at what.
    throw new GiveUp({ tag: "other", val: `${one.described.id} failed: ${messageOf(error)}` });
  }
}

function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}
