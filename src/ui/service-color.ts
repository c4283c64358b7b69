/** How many colours `tokens.css` has for services: `--service-0` and on. */
export const SERVICE_COLORS = 24

/** The CSS colour of a service: the same in every trace, tab and browser, because it follows from the name alone. */
export function serviceColor(service: string): string {
  return `var(--service-${serviceColorIndex(service)})`
}

/** FNV-1a over UTF-16 code units, then mixed so that names alike in all but a letter get colours unlike. */
export function serviceColorIndex(service: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < service.length; at++) {
    hash = Math.imul(hash ^ service.charCodeAt(at), 0x01000193)
  }
  return mixed(hash) % SERVICE_COLORS
}

/** Every bit of the result depends on every bit of the hash ("triple32"). */
function mixed(hash: number): number {
  let bits = Math.imul(hash ^ (hash >>> 17), 0xed5ad4bb)
  bits = Math.imul(bits ^ (bits >>> 11), 0xac4c1b51)
  bits = Math.imul(bits ^ (bits >>> 15), 0x31848bab)
  return (bits ^ (bits >>> 14)) >>> 0
}
