/** chalk is the one source of colour, and NO_COLOR (no-color.org) is respected. */
import {Chalk, type ChalkInstance, supportsColor, supportsColorStderr} from 'chalk';

export type Colour = ChalkInstance;

export function colourFor(stream: 'stdout' | 'stderr'): Colour {
  const supported = stream === 'stdout' ? supportsColor : supportsColorStderr;
  const isOff = process.env['NO_COLOR'] !== undefined && process.env['NO_COLOR'] !== '';
  return new Chalk({level: isOff || supported === false ? 0 : supported.level});
}
