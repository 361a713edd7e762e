/** Only `bartizan plugins build` needs this. */

import type { Finding, Rule, RulePack, Server } from "./index.js";

/** What a component says of itself, from the manifest. */
export interface Identity {
  name: string;
  version: string;
  summary: string;
}

/** The exports that the runtime looks for. */
export function component(
  pack: RulePack,
  identity: Identity,
): {
  meta: { describe(): Identity & { configSchema: string }; configure(config: string): void };
  serverRules: { rules(): Rule[]; check(server: Server, enabled: string[]): Finding[] };
};
