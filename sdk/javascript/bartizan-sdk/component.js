/** The thin layer between the runtime's bindings and a pack. Only `bartizan plugins build` needs it. */

import { GiveUp } from "./pack.js";

/** @type {import("./component.js").component} */
export function component(pack, { name, version, summary }) {
  let config = null;
  return {
    meta: {
      describe: () => ({ name, version, summary, configSchema: pack.configSchema }),
      configure(text) {
        let value;
        try {
          value = JSON.parse(text);
        } catch (error) {
          throw `not JSON: ${error.message}`;
        }
        try {
          pack.accept(value);
        } catch (error) {
          throw error instanceof GiveUp ? error.failure.val : String(error);
        }
        config = value;
      },
    },
    serverRules: {
      rules: () => pack.rules(),
      check(server, enabled) {
        try {
          return pack.check(server, enabled, config);
        } catch (error) {
          // What the runtime makes an error of the contract is the thrown value itself.
          throw error instanceof GiveUp ? error.failure : { tag: "other", val: String(error) };
        }
      },
    },
  };
}
