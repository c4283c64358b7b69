export interface SelectorToken {
  readonly kind: 'word' | 'end' | 'in' | 'notin' | SelectorSymbol
  /** As written. */
  readonly text: string
}

const SYMBOLS = ['==', '!=', '=', '!', '(', ')', ',', '>', '<'] as const
type SelectorSymbol = (typeof SYMBOLS)[number]

/** The words and symbols of a label selector in text form, without the blanks between. The end is not among them. */
export function scanSelector(text: string): readonly SelectorToken[] {
  return Array.from(text.matchAll(/==|!=|[=!(),><]|[^ \t\r\n=!(),><]+/g), ([written]) => ({
    kind: kindOf(written),
    text: written,
  }))
}

function kindOf(written: string): SelectorToken['kind'] {
  if (written === 'in' || written === 'notin') return written
  return SYMBOLS.find(symbol => symbol === written) ?? 'word'
}
