/** A part of a text keeps the whole alive, here a head of up to 64 KiB; a copy does not. */
export function copyOf(latin1: string): string {
  return Buffer.from(latin1, 'latin1').toString('latin1')
}
