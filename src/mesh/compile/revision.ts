import { type Revision, type SidecarConfig, toRevision } from '../../model/sidecar-config.ts'
import { byText } from './text-order.ts'

type Content = Omit<SidecarConfig, 'revision'>

/**
 * The same content has the same revision, in whatever order it was put together. `outbound` is by far the largest
 * part and common to many sidecars, so it is hashed first and its hash can be used again.
 */
export function contentRevision(
  { outbound, ...rest }: Content,
  outboundHash: Hash = hashOf(outbound),
): Revision {
  return toRevision(printHash(fnv1a64(canonicalJson(rest), outboundHash)))
}

export function hashOf(value: unknown): Hash {
  return fnv1a64(canonicalJson(value))
}

/** JSON without blanks, in ASCII, the keys of every object in order. Undefined fields are left out. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return asciiJson(value)
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => byText(a, b))
    .map(([key, field]) => `${asciiJson(key)}:${canonicalJson(field)}`)
  return `{${fields.join(',')}}`
}

function asciiJson(value: unknown): string {
  const json = JSON.stringify(value) ?? 'null'
  return json.replace(
    /[\u0080-\uffff]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** 64 bits, in halves. */
export interface Hash {
  readonly high: number
  readonly low: number
}

const BASIS: Hash = { high: 0xcbf29ce4, low: 0x84222325 }

/**
 * FNV-1a with 64 bits over ASCII (draft-eastlake-fnv), from the beginning or going on from the hash of what came
 * before. The prime is 2^40 + 0x1b3; halves of 32 bits are multiplied, because bigints would cost many times as much.
 */
export function fnv1a64(ascii: string, before: Hash = BASIS): Hash {
  let { high, low } = before
  for (let at = 0; at < ascii.length; at++) {
    low = (low ^ ascii.charCodeAt(at)) >>> 0
    const product = low * 0x1b3
    const carry = Math.floor(product / 0x1_0000_0000)
    high = (Math.imul(high, 0x1b3) + carry + (low << 8)) >>> 0
    low = product >>> 0
  }
  return { high, low }
}

/** 16 hex digits. */
export function printHash({ high, low }: Hash): string {
  return high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0')
}
