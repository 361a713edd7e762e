/** Tools that shout: capitals push a model to obey. */

import { evidence, finding, rule, rulePack } from "./bartizan-sdk/index.js";

/** Letters from which a description counts as shouted and not as a name. */
const MIN_LETTERS = 20;

/**
 * Whether all letters are capitals, and there are enough of them. Letters are those of ASCII.
 * @param {string} text
 */
function shouts(text) {
  const capitals = text.match(/[A-Z]/g) ?? [];
  return capitals.length >= MIN_LETTERS && !/[a-z]/.test(text);
}

const shouting = rule({
  id: "{{rule}}",
  title: "Tool description shouts",
  severity: "low",
  help: "A description in capitals pushes the model. Write it in plain words.",
  *check(server) {
    for (const tool of server.tools) {
      const text = tool.description ?? "";
      if (shouts(text)) {
        yield finding(tool, "The whole description is in capitals.", {
          evidence: [evidence("description", text, "/description")],
        });
      }
    }
  },
});

export const pack = rulePack({ rules: [shouting] });
