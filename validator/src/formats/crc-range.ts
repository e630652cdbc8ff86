import {BLOCK_COUNT, BLOCK_ENTRIES, CRC_BYTES, ENTRY_BYTES, PAGE_BYTES} from './block-page.ts';
import {type CrcForm, detectForm, formName, matchesForm} from './checksum.ts';

/**
 * Which other bytes of a page its stored checksum is right for: those that are
 * likely to be taken by mistake.
 * @param known the form of the file's other checksums; undefined if any may be meant
 * @returns such as `of bytes 128 to 4095 by CRC-64/XZ (big-endian), and should be of …`
 */
export function describeCrcRange(
  page: Uint8Array,
  crcOffset: number,
  known: CrcForm | undefined,
): string | undefined {
  const stored = page.subarray(crcOffset, crcOffset + CRC_BYTES);
  const right = crcOffset === 0 ? 'of bytes 8 to 4095' : 'of the page with its own bytes zero';
  for (const [start, end] of likelyRanges(page, crcOffset)) {
    const range = page.subarray(start, end);
    const form = known ?? detectForm(range, stored);
    if (form === undefined || !matchesForm(range, stored, form)) continue;
    return `of bytes ${start} to ${end - 1} by ${formName(form)}, and should be ${right}`;
  }
  return undefined;
}

function likelyRanges(page: Uint8Array, crcOffset: number): [start: number, end: number][] {
  const behindCrc = crcOffset + CRC_BYTES;
  if (crcOffset > 0) {
    return [
      [0, crcOffset],
      [behindCrc, PAGE_BYTES],
      [behindCrc, behindCrc + (page[0] ?? 0) * 64],
    ];
  }
  const entriesEnd = BLOCK_ENTRIES + (page[BLOCK_COUNT] ?? 0) * ENTRY_BYTES;
  return [
    [BLOCK_ENTRIES, PAGE_BYTES],
    [BLOCK_ENTRIES, entriesEnd],
    [BLOCK_COUNT, entriesEnd],
    [BLOCK_COUNT + 1, PAGE_BYTES],
  ];
}
