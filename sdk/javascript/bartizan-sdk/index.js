/**
 * Write Bartizan rules in JavaScript or TypeScript.
 *
 * `rule` makes a rule of a function that looks at one server and gives findings. `rulePack` makes a family of them; the
 * export `pack` of the project's entry file is the one that is built. The types are in `index.d.ts` and `contract.d.ts`.
 *
 * Everything in a server is hostile. Same input, same answer: there is no clock, no randomness, no file and no network.
 *
 * Not for: the world outside the sandbox. `component.js` is what meets the runtime; a rule has no need of it.
 */

export { evidence, finding, subjectOf } from "./build.js";
export { GiveUp, rule, rulePack } from "./pack.js";
