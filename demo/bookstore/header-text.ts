const canonical = (name: string): string =>
  name.toLowerCase().replace(/(^|-)[a-z]/g, start => start.toUpperCase())

/** Headers in the notation that the original logs: `map[Client-App:[bookbuyer]]`, sorted by name. */
export const headerText = (headers: Readonly<Record<string, string>>): string => {
  const entries = Object.entries(headers).map(([name, value]) => `${canonical(name)}:[${value}]`)
  return `map[${entries.sort().join(' ')}]`
}

/** The response headers worth a log line. */
export const INTERESTING_HEADERS = ['Identity', 'Booksbought', 'Server', 'Date'] as const
