/** Numbers for people. */

/** `0.11 s`, `12.3 s`, `2 min 5 s` */
export function seconds(milliseconds: number): string {
  const value = milliseconds / 1000;
  if (value < 9.995) return `${value.toFixed(2)} s`;
  if (value < 99.95) return `${value.toFixed(1)} s`;
  const whole = Math.round(value);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** `0.42 ms`, `48 ms`, `2.00 s` */
export function inMilliseconds(value: number): string {
  if (value >= 1_000) return seconds(value);
  return `${value < 10 ? value.toFixed(2) : Math.round(value)} ms`;
}

/** `about 4 s`, `about 35 s`, `about 3 min`: no more precise than an estimate is. */
export function roughly(milliseconds: number): string {
  const value = milliseconds / 1000;
  if (value < 10) return `about ${Math.max(1, Math.round(value))} s`;
  if (value < 90) return `about ${Math.round(value / 5) * 5} s`;
  return `about ${Math.round(value / 60)} min`;
}

/** `30,000` */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** `1 check`, `3 checks` */
export function plural(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}
