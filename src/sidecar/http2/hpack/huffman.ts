/**
 * The Huffman code of RFC 7541 appendix B. It is canonical: the lengths of the codes say everything. One letter a byte
 * value, `A` is 5 bits and `Z` is 30. The end mark has the last code, 30 ones.
 */
const LENGTHS =
  'ISXXXXXXXTZXXZXXXXXXXXZXXXXXXXXXBFFHIBDGFFDGDBBBAAABBBBBBBCDKBHFIBCCCCCCCCCCCCCCCCCCCCCCDCDIOIJB' +
  'KABABABBBACCBBBABCBAABCCCCCKGJIXPRPPRRRSRSSSSSTSTTRSTSSSSQRSRSSTRQPRRSSQSRRTQRSSQQRQSRSSPRRRSRRS' +
  'VVPORSRUVVVWWVTUOQVWWVWTQQVVXWWWPTPQRQQSRRUUTTVSVWVVWWWWWXWWWWWV'

const SHORTEST = 5
const END_MARK = 256
const END_MARK_LENGTH = 30
const SCRATCH_BYTES = 256 * 1024

/** All that follows from the lengths is made when the first text comes: most sidecars never see HTTP/2. */
let huffman: Huffman | undefined

interface Huffman {
  /** By symbol. */
  readonly lengths: Uint8Array
  readonly codes: Uint32Array
  readonly automaton: Automaton
  /** Room for the largest header block, were it all of the shortest codes. */
  readonly scratch: Buffer
}

function makeHuffman(): Huffman {
  const lengths = Uint8Array.from({ length: END_MARK + 1 }, (_, symbol) =>
    symbol === END_MARK ? END_MARK_LENGTH : LENGTHS.charCodeAt(symbol) - 65 + SHORTEST,
  )
  const codes = canonicalCodes(lengths)
  huffman = {
    lengths,
    codes,
    automaton: buildAutomaton(lengths, codes),
    scratch: Buffer.allocUnsafeSlow(SCRATCH_BYTES),
  }
  return huffman
}

function canonicalCodes(lengths: Uint8Array): Uint32Array {
  const made = new Uint32Array(lengths.length)
  const order = [...lengths.keys()].sort((a, b) => (lengths[a] ?? 0) - (lengths[b] ?? 0) || a - b)
  let code = 0
  let length = SHORTEST
  for (const symbol of order) {
    const own = lengths[symbol] ?? 0
    code *= 2 ** (own - length)
    length = own
    made[symbol] = code++
  }
  return made
}

/**
 * An automaton that reads half a byte at a time: no code is shorter than 5 bits, so at most one symbol ends in each.
 * By state and half byte: the state that follows (below 0: the end mark, which must not come), and the symbol.
 */
interface Automaton {
  readonly next: Int16Array
  readonly symbol: Int16Array
  /** States in which a text may end: all bits since the last symbol are ones, and fewer than 8. */
  readonly final: Uint8Array
}

function buildAutomaton(lengths: Uint8Array, codes: Uint32Array): Automaton {
  const tree = buildTree(lengths, codes)
  const states = tree.length / 2
  const next = new Int16Array(states * 16)
  const symbol = new Int16Array(states * 16).fill(-1)
  for (let state = 0; state < states; state++) {
    for (let half = 0; half < 16; half++) {
      let at = state
      for (let bit = 3; bit >= 0 && at >= 0; bit--) {
        const to = tree[at * 2 + ((half >> bit) & 1)] ?? 0
        if (to >= 0) {
          at = to
        } else if (~to === END_MARK) {
          at = -1
        } else {
          symbol[state * 16 + half] = ~to
          at = 0
        }
      }
      next[state * 16 + half] = at
    }
  }
  return { next, symbol, final: finalStates(tree, states) }
}

/** Two places a node, for bit 0 and bit 1: another node, or a symbol as its complement. */
function buildTree(lengths: Uint8Array, codes: Uint32Array): number[] {
  const tree = [0, 0]
  for (let symbol = 0; symbol <= END_MARK; symbol++) {
    const length = lengths[symbol] ?? 0
    let node = 0
    for (let bit = length - 1; bit >= 0; bit--) {
      const place = node * 2 + (((codes[symbol] ?? 0) >>> bit) & 1)
      if (bit === 0) {
        tree[place] = ~symbol
      } else {
        if (tree[place] === 0) {
          tree[place] = tree.length / 2
          tree.push(0, 0)
        }
        node = tree[place] ?? 0
      }
    }
  }
  return tree
}

function finalStates(tree: readonly number[], states: number): Uint8Array {
  const final = new Uint8Array(states)
  let node = 0
  for (let ones = 0; ones < 8; ones++) {
    final[node] = 1
    node = tree[node * 2 + 1] ?? 0
  }
  return final
}

/** Undefined: it is no Huffman code, or longer than any header block may be. */
export function huffmanDecode(bytes: Buffer, from: number, to: number): string | undefined {
  if ((to - from) * 2 > SCRATCH_BYTES) return undefined
  const { automaton, scratch } = huffman ?? makeHuffman()
  const { next, symbol } = automaton
  let state = 0
  let length = 0
  for (let at = from; at < to; at++) {
    const byte = bytes[at] ?? 0
    let place = state * 16 + (byte >> 4)
    let found = symbol[place] ?? -1
    if (found >= 0) scratch[length++] = found
    state = next[place] ?? -1
    if (state < 0) return undefined
    place = state * 16 + (byte & 15)
    found = symbol[place] ?? -1
    if (found >= 0) scratch[length++] = found
    state = next[place] ?? -1
    if (state < 0) return undefined
  }
  return automaton.final[state] === 1 ? scratch.toString('latin1', 0, length) : undefined
}

/** In bytes. */
export function huffmanLength(text: string): number {
  const { lengths } = huffman ?? makeHuffman()
  let bits = 0
  for (let at = 0; at < text.length; at++) bits += lengths[text.charCodeAt(at)] ?? 0
  return (bits + 7) >> 3
}

/** Gives the place behind it; there must be room. */
export function huffmanEncode(text: string, into: Buffer, from: number): number {
  const { lengths, codes } = huffman ?? makeHuffman()
  let to = from
  let held = 0
  let bits = 0
  for (let at = 0; at < text.length; at++) {
    const symbol = text.charCodeAt(at)
    const length = lengths[symbol] ?? 0
    // Up to 7 bits are held: with a code of 30 that is more than fits into 32, so numbers are doubles here.
    held = held * 2 ** length + (codes[symbol] ?? 0)
    bits += length
    while (bits >= 8) {
      bits -= 8
      const byte = Math.floor(held / 2 ** bits)
      into[to++] = byte
      held -= byte * 2 ** bits
    }
  }
  if (bits > 0) into[to++] = held * 2 ** (8 - bits) + (0xff >> bits)
  return to
}
