/**
 * Patterns of schemas are RE2 (Go's `regexp`, github.com/google/re2/wiki/Syntax); here they become regular
 * expressions of JavaScript. Where the two mean different things by the same text, it is rewritten: `.` and `\s`
 * are narrower in RE2, `\pL`, `\Q…\E`, `(?P<name>…)`, `[[:alpha:]]`, `\A`, `\z`, `\x{…}` and leading flags are
 * RE2's own, and what RE2 does not have (looking ahead or behind, backreferences) is refused as Go refuses it.
 *
 * What stays different: RE2 needs time linear in the text, JavaScript may not; `\S` and `\W` inside of brackets
 * keep JavaScript's wider idea of white space; bytes that are no UTF-8 (`\C`) are refused, and so are flags for a
 * group (`(?i:a)`) before Node 23.
 */

export type Pattern =
  | { readonly ok: true; readonly expression: RegExp }
  | { readonly ok: false; readonly problem: string }

export function compilePattern(source: string): Pattern {
  try {
    return { ok: true, expression: new Translation(source).compile() }
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown
    return { ok: false, problem: `error parsing regexp: ${thrown.message}` }
  }
}

const SPACE = '\\t\\n\\f\\r '
const POSIX: ReadonlyMap<string, string> = new Map([
  ['alnum', '0-9A-Za-z'],
  ['alpha', 'A-Za-z'],
  ['ascii', '\\x00-\\x7f'],
  ['blank', '\\t '],
  ['cntrl', '\\x00-\\x1f\\x7f'],
  ['digit', '0-9'],
  ['graph', '!-~'],
  ['lower', 'a-z'],
  ['print', ' -~'],
  ['punct', '!-\\/:-@\\[-`\\{-~'],
  ['space', '\\t\\n\\v\\f\\r '],
  ['upper', 'A-Z'],
  ['word', '0-9A-Za-z_'],
  ['xdigit', '0-9A-Fa-f'],
])
/** What keeps its meaning after a backslash, outside of brackets and inside. */
const SAME_ESCAPES = new Set([...'dDwWnrtfv'])

class Translation {
  readonly #source: string
  #at = 0
  #flags = 'u'
  #dotAll = false

  constructor(source: string) {
    this.#source = source
  }

  compile(): RegExp {
    this.#leadingFlags()
    let translated = ''
    while (this.#at < this.#source.length) translated += this.#next()
    return new RegExp(translated, this.#flags)
  }

  #leadingFlags(): void {
    const leading = this.#take(/\(\?([ims]+)\)/y)
    for (const flag of leading?.[1] ?? '') {
      if (flag === 's') this.#dotAll = true
      else if (!this.#flags.includes(flag)) this.#flags += flag
    }
  }

  #next(): string {
    const quoted = this.#take(/\\Q([\s\S]*?)(?:\\E|$)/y)
    if (quoted !== undefined) return (quoted[1] ?? '').replace(/[\\^$.*+?()[\]{}|/-]/g, literal)
    if (this.#source[this.#at] === '[') return this.#brackets()
    if (this.#source[this.#at] === '(') return this.#group()
    if (this.#source[this.#at] === '\\') return this.#escape(false)
    const repeat = this.#take(/\{\d+(?:,\d*)?\}/y)
    if (repeat !== undefined) return repeat[0]
    const character = this.#take(/[\s\S]/uy)?.[0] ?? ''
    if (character === '.') return this.#dotAll ? '[^]' : '[^\\n]'
    return character === '{' || character === '}' || character === ']' ? `\\${character}` : character
  }

  #group(): string {
    const named = this.#take(/\(\?P?</y)
    if (named !== undefined) {
      if (/^[=!]/.test(this.#source.slice(this.#at))) {
        throw new SyntaxError(
          `invalid or unsupported Perl syntax: \`${named[0]}${this.#source[this.#at] ?? ''}\``,
        )
      }
      return '(?<'
    }
    const ahead = this.#take(/\(\?[=!]/y)
    if (ahead !== undefined) throw new SyntaxError(`invalid or unsupported Perl syntax: \`${ahead[0]}\``)
    return this.#take(/\(\?[a-z-]*:/y)?.[0] ?? this.#take(/\(/y)?.[0] ?? ''
  }

  #brackets(): string {
    let translated = this.#take(/\[\^?/y)?.[0] ?? ''
    // A bracket that closes at once stands for itself.
    if (this.#take(/\]/y) !== undefined) translated += '\\]'
    for (;;) {
      if (this.#at >= this.#source.length) throw new SyntaxError(`missing closing ]: \`${this.#source}\``)
      if (this.#take(/\]/y) !== undefined) return `${translated}]`
      translated += this.#bracketItem()
    }
  }

  #bracketItem(): string {
    const posix = this.#take(/\[:(\^?)(\w+):\]/y)
    if (posix !== undefined) {
      const characters = POSIX.get(posix[2] ?? '')
      if (characters === undefined || posix[1] === '^') {
        throw new SyntaxError(`invalid character class range: \`${posix[0]}\``)
      }
      return characters
    }
    if (this.#source[this.#at] === '\\') return this.#escape(true)
    const character = this.#take(/[\s\S]/uy)?.[0] ?? ''
    return /[[\](){}/|]/.test(character) ? `\\${character}` : character
  }

  #escape(inBrackets: boolean): string {
    const property = this.#take(/\\([pP])(?:\{(\^?)([A-Za-z_]+)\}|([A-Z]))/y)
    if (property !== undefined) return propertyEscape(property)
    const hex = this.#take(/\\x\{([0-9A-Fa-f]{1,6})\}/y)
    if (hex !== undefined) return `\\u{${hex[1]}}`
    const byte = this.#take(/\\x[0-9A-Fa-f]{2}/y)
    if (byte !== undefined) return byte[0]
    const octal = this.#take(/\\(0[0-7]{0,2}|[1-7][0-7]{1,2})/y)
    if (octal !== undefined) return `\\u{${Number.parseInt(octal[1] ?? '0', 8).toString(16)}}`
    const [text = '', character = ''] = this.#take(/\\([\s\S])/uy) ?? []
    if (character === '') throw new SyntaxError('trailing backslash at end of expression: ``')
    return characterEscape(text, character, inBrackets)
  }

  #take(expression: RegExp): RegExpExecArray | undefined {
    expression.lastIndex = this.#at
    const found = expression.exec(this.#source)
    if (found === null) return undefined
    this.#at += found[0].length
    return found
  }
}

function propertyEscape([, letter = 'p', negation = '', long, short]: RegExpExecArray): string {
  const name = long ?? short ?? ''
  const negative = (letter === 'P') !== (negation === '^')
  // Two letters at most name a general category; longer ones a script.
  const property = name.length <= 2 ? name : `Script=${name}`
  return `\\${negative ? 'P' : 'p'}{${property}}`
}

function characterEscape(text: string, character: string, inBrackets: boolean): string {
  if (SAME_ESCAPES.has(character)) return text
  if (character === 'a') return '\\x07'
  if (character === 's') return inBrackets ? SPACE : `[${SPACE}]`
  if (character === 'S') return inBrackets ? '\\S' : `[^${SPACE}]`
  if (!inBrackets && (character === 'b' || character === 'B')) return text
  if (!inBrackets && character === 'A') return '(?<![^])'
  if (!inBrackets && character === 'z') return '(?![^])'
  if (/[0-9A-Za-z]/.test(character)) throw new SyntaxError(`invalid escape sequence: \`${text}\``)
  return literal(character)
}

/** A character as itself, in an expression that refuses needless backslashes. */
function literal(character: string): string {
  if (character === '-') return '\\x2d'
  return /[\\^$.*+?()[\]{}|/]/.test(character) ? `\\${character}` : character
}
