/** Commands for /bin/sh with placeholders: `./server --port {port} --data {dataDir}`. */

export type CommandValues = Readonly<Record<string, string>>;

/**
 * Puts values in place of `{name}`, so that the shell takes each as one word
 * whatever it holds, also where the command has the placeholder within quotes.
 * Braces around other names are the shell's and stay.
 */
export function fillCommand(command: string, values: CommandValues): string {
  let filled = '';
  let quote: Quote = '';
  for (let at = 0; at < command.length; ) {
    const name = /^\{(\w+)\}/.exec(command.slice(at))?.[1];
    const value = name === undefined ? undefined : values[name];
    if (name !== undefined && value !== undefined) {
      filled += quoteFor(quote, value);
      at += name.length + 2;
      continue;
    }
    const char = command.charAt(at);
    // Within single quotes a backslash is a character like any other.
    const token = char === '\\' && quote !== "'" ? command.slice(at, at + 2) : char;
    quote = quoteAfter(quote, token);
    filled += token;
    at += token.length;
  }
  return filled;
}

/** One word of a shell command; as it is where that is safe, since it is shown to people. */
export function shellQuote(value: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${escapeSingle(value)}'`;
}

/** The quotes that the reader of a command is within. */
type Quote = '' | "'" | '"';

function quoteAfter(quote: Quote, token: string): Quote {
  if (token !== "'" && token !== '"') return quote;
  if (quote === '') return token;
  return quote === token ? '' : quote;
}

function quoteFor(quote: Quote, value: string): string {
  if (quote === '"') return value.replace(/["\\$`]/g, '\\$&');
  return quote === "'" ? escapeSingle(value) : shellQuote(value);
}

/** A single-quoted string cannot hold its quote: it is closed, one is added, and opened again. */
function escapeSingle(value: string): string {
  return value.replaceAll("'", "'\\''");
}
