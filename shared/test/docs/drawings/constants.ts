import {readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';

const DECLARATION = /^(?:export )?const ([A-Z][A-Z0-9_]*) = ([^;]+);$/gm;

/**
 * The numbers that a source names at its top level, those that it keeps to itself
 * too: so a drawing need not repeat them, and no week need export them.
 * @param path in the repository
 * @returns the value of a constant by its name; throws if there is none
 */
export function constantsOf(path: string): (name: string) => number {
  const source = readFileSync(
    fileURLToPath(new URL(`../../../../${path}`, import.meta.url)),
    'utf8',
  );
  const expressions = new Map<string, string>();
  for (const [, name = '', expression = ''] of source.matchAll(DECLARATION)) {
    expressions.set(name, expression);
  }
  const valueOf = (name: string): number => {
    const expression = expressions.get(name);
    if (expression === undefined) throw new Error(`${path} has no constant ${name}`);
    const value = sumOf(expression, valueOf);
    if (Number.isNaN(value)) throw new Error(`${path}: ${name} = ${expression} is not understood`);
    return value;
  };
  return valueOf;
}

/** Numbers and names, added and multiplied. */
function sumOf(expression: string, valueOf: (name: string) => number): number {
  let sum = 0;
  for (const product of expression.split('+')) {
    const factors = product.split('*').map((factor) => factor.trim());
    const values = factors.map((factor) =>
      /^[A-Z]/.test(factor) ? valueOf(factor) : Number(factor.replaceAll('_', '')),
    );
    sum += values.reduce((a, b) => a * b);
  }
  return sum;
}
