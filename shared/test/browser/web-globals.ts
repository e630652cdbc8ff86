/** Which names an engine may use that are not its own. */
import {runInNewContext} from 'node:vm';

/** The agreed list: what an engine may use of the web, besides the language itself. */
export const WEB_GLOBALS = {
  /** Text to bytes, and back. */
  TextEncoder,
  TextDecoder,
  /** Random seeds. */
  crypto,
  /** A turn for all that waits. */
  MessageChannel,
  /** Another try after a while. On the web a timer is a number: Node's has methods of its own. */
  setTimeout: (callback: () => void, delayMs?: number) => Number(setTimeout(callback, delayMs)),
  clearTimeout: (timer: number | undefined) => clearTimeout(timer),
  /** xxHash64 comes compiled. The types of Node know it as a namespace only. */
  WebAssembly: (globalThis as {readonly WebAssembly?: unknown}).WebAssembly,
};

/** CommonJS has them in each module, though not in the global object. */
const COMMONJS_NAMES = ['require', '__dirname', '__filename'];

/** A new context has the language's names, and these two of V8's own accord. */
const NOT_OF_THE_LANGUAGE = new Set(['console', 'WebAssembly']);

export const LANGUAGE_GLOBALS: ReadonlySet<string> = new Set(
  namesIn(runInNewContext('globalThis')).filter((name) => !NOT_OF_THE_LANGUAGE.has(name)),
);

/** All that this Node has beyond the language, the web's names included. */
export const NODE_GLOBALS: readonly string[] = [
  ...namesIn(globalThis).filter((name) => !LANGUAGE_GLOBALS.has(name)),
  ...COMMONJS_NAMES,
];

function namesIn(global: object): string[] {
  return Object.getOwnPropertyNames(global);
}
