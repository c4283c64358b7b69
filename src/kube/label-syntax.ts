/**
 * What keys and values of labels look like (kubernetes.io/docs/concepts/overview/working-with-objects/labels),
 * and what is said of those that do not: the words of apimachinery's `util/validation`.
 */

const NAME = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]'
const DNS_LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'
const SUBDOMAIN = `${DNS_LABEL}(\\.${DNS_LABEL})*`
const LONGEST_NAME = 63
const LONGEST_SUBDOMAIN = 253

const NAME_RULE =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"
const VALUE_RULE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"
const SUBDOMAIN_RULE =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character"

/** Of `name` or `prefix/name`. Empty: nothing is wrong. */
export function labelKeyProblems(key: string): readonly string[] {
  const parts = key.split('/')
  const name = parts.at(-1) ?? ''
  if (parts.length > 2)
    return [
      `a qualified name ${nameRule()} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ]
  const ofPrefix = parts.length === 2 ? prefixProblems(parts[0] ?? '') : []
  return [...ofPrefix, ...nameProblems(name)].map(
    (problem, index) => `${index < ofPrefix.length ? 'prefix' : 'name'} part ${problem}`,
  )
}

export function labelValueProblems(value: string): readonly string[] {
  const problems: string[] = []
  if (value.length > LONGEST_NAME) problems.push(tooLong(LONGEST_NAME))
  const pattern = `(${NAME})?`
  if (!isWholly(value, pattern)) problems.push(rule(VALUE_RULE, pattern, ['MyValue', 'my_value', '12345']))
  return problems
}

function prefixProblems(prefix: string): readonly string[] {
  if (prefix === '') return ['must be non-empty']
  const problems: string[] = []
  if (prefix.length > LONGEST_SUBDOMAIN) problems.push(tooLong(LONGEST_SUBDOMAIN))
  if (!isWholly(prefix, SUBDOMAIN)) problems.push(rule(SUBDOMAIN_RULE, SUBDOMAIN, ['example.com']))
  return problems
}

function nameProblems(name: string): readonly string[] {
  const problems: string[] = []
  if (name === '') problems.push('must be non-empty')
  else if (name.length > LONGEST_NAME) problems.push(tooLong(LONGEST_NAME))
  if (!isWholly(name, NAME)) problems.push(nameRule())
  return problems
}

function nameRule(): string {
  return rule(NAME_RULE, NAME, ['MyName', 'my.name', '123-abc'])
}

function rule(text: string, pattern: string, examples: readonly string[]): string {
  const listed = examples.map(example => `'${example}', `).join(' or ')
  return `${text} (e.g. ${listed}regex used for validation is '${pattern}')`
}

function tooLong(limit: number): string {
  return `must be no more than ${limit} bytes`
}

const compiled = new Map([NAME, `(${NAME})?`, SUBDOMAIN].map(text => [text, new RegExp(`^(?:${text})$`)]))

function isWholly(value: string, pattern: string): boolean {
  return compiled.get(pattern)?.test(value) === true
}
