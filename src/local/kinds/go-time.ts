const LAYOUTS = {
  seconds: '2006-01-02T15:04:05Z07:00',
  microseconds: '2006-01-02T15:04:05.000000Z07:00',
}

export type TimeLayout = keyof typeof LAYOUTS

/** The parts of RFC 3339 in their order, and what each takes. Go skips a fraction of seconds wherever one is. */
const PARTS: readonly (readonly [part: string, form: RegExp])[] = [
  ['2006', /^\d{4}/],
  ['-', /^-/],
  ['01', /^\d{2}/],
  ['-', /^-/],
  ['02', /^\d{2}/],
  ['T', /^T/],
  ['15', /^\d{2}/],
  [':', /^:/],
  ['04', /^\d{2}/],
  [':', /^:/],
  ['05', /^\d{2}/],
]
const FRACTIONS: Readonly<Record<TimeLayout, readonly [part: string, form: RegExp]>> = {
  seconds: ['', /^(?:[.,]\d+)?/],
  microseconds: ['.000000', /^\.\d{6}(?!\d)/],
}
const ZONE = ['Z07:00', /^(?:Z|[+-]\d{2}:\d{2})/] as const

/** What Go's `time.Parse` says of a text that is no time of this layout; undefined when it is one. */
export function timeProblem(text: string, layout: TimeLayout): string | undefined {
  const problem = `parsing time ${JSON.stringify(text)}`
  let rest = text
  for (const [part, form] of [...PARTS, FRACTIONS[layout], ZONE]) {
    const matched = form.exec(rest)?.[0]
    if (matched === undefined) {
      return `${problem} as "${LAYOUTS[layout]}": cannot parse ${JSON.stringify(rest)} as "${part}"`
    }
    const limits = RANGES.get(part)
    if (limits !== undefined && (Number(matched) < limits.least || Number(matched) > limits.most)) {
      return `${problem}: ${limits.name} out of range`
    }
    rest = rest.slice(matched.length)
  }
  if (rest !== '') return `${problem}: extra text: ${JSON.stringify(rest)}`
  return daysOf(text) < Number(text.slice(8, 10)) ? `${problem}: day out of range` : undefined
}

const RANGES: ReadonlyMap<string, { readonly name: string; readonly least: number; readonly most: number }> =
  new Map([
    ['01', { name: 'month', least: 1, most: 12 }],
    ['02', { name: 'day', least: 1, most: 31 }],
    ['15', { name: 'hour', least: 0, most: 23 }],
    ['04', { name: 'minute', least: 0, most: 59 }],
    ['05', { name: 'second', least: 0, most: 59 }],
  ])

function daysOf(text: string): number {
  return new Date(Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)), 0)).getUTCDate()
}
