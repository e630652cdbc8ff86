const UNIT_MS: Readonly<Record<string, number>> = {ms: 1, s: 1000, m: 60_000};

/** Of `10s`, `1.5m` or `200ms`. @returns milliseconds; NaN unless it is a number with a unit */
export function durationMs(written: string): number {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(written) ?? [];
  return Number(amount) * (UNIT_MS[unit] ?? Number.NaN);
}
