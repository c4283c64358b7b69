import { KubeFailure } from './kube-failure.ts'
import { labelKeyProblems, labelValueProblems } from './label-syntax.ts'

export type LabelOperator = '=' | '==' | '!=' | 'in' | 'notin' | 'exists' | '!' | 'gt' | 'lt'

/** One condition on the labels of an object (apimachinery, `labels.Requirement`). */
export interface LabelRequirement {
  readonly key: string
  readonly operator: LabelOperator
  /** One for `=`, `==`, `!=`, `gt` and `lt`, some for `in` and `notin`, none else. Sorted, each once. */
  readonly values: readonly string[]
}

type Labels = Readonly<Record<string, string>>

/** Whether labels meet all of the requirements. */
export function matchesRequirements(
  labels: Labels | undefined,
  requirements: readonly LabelRequirement[],
): boolean {
  return requirements.every(requirement => matches(labels ?? {}, requirement))
}

function matches(labels: Labels, { key, operator, values }: LabelRequirement): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined
  switch (operator) {
    case '=':
    case '==':
    case 'in':
      return value !== undefined && values.includes(value)
    case '!=':
    case 'notin':
      return value === undefined || !values.includes(value)
    case 'exists':
      return value !== undefined
    case '!':
      return value === undefined
    case 'gt':
    case 'lt':
      return compares(value, operator, values[0])
  }
}

function compares(value: string | undefined, operator: 'gt' | 'lt', bound: string | undefined): boolean {
  const left = wholeNumber(value)
  const right = wholeNumber(bound)
  if (left === undefined || right === undefined) return false
  return operator === 'gt' ? left > right : left < right
}

/** As Go's `ParseInt` with 64 bits reads it. */
function wholeNumber(text: string | undefined): bigint | undefined {
  if (text === undefined || !/^[+-]?\d+$/.test(text)) return undefined
  const number = BigInt(text.replace('+', ''))
  return BigInt.asIntN(64, number) === number ? number : undefined
}

/** A requirement whose parts have been checked. Throws `BadRequest` in the words of the apimachinery. */
export function labelRequirement(
  key: string,
  operator: LabelOperator,
  written: readonly string[],
): LabelRequirement {
  const values = [...new Set(written)].sort(byText)
  const problems = [...keyProblems(key, 'key'), ...countProblems(operator, values)]
  for (const [index, value] of values.entries()) {
    const place = `values[${index}]`
    if ((operator === 'gt' || operator === 'lt') && wholeNumber(value) === undefined) {
      problems.push(invalid(place, value, "for 'Gt', 'Lt' operators, the value must be an integer"))
    }
    const ofValue = labelValueProblems(value)
    if (ofValue.length > 0) problems.push(invalid(`${place}[${key}]`, value, ofValue.join('; ')))
  }
  if (problems.length === 0) return { key, operator, values }
  throw new KubeFailure('BadRequest', problems.length === 1 ? problems.join() : `[${problems.join(', ')}]`)
}

/** `place`: undefined where the parser of selectors has none, which prints as Go prints it. */
export function keyProblems(key: string, place?: string): string[] {
  const problems = labelKeyProblems(key)
  return problems.length === 0 ? [] : [invalid(place ?? '<nil>', key, problems.join('; '))]
}

function countProblems(operator: LabelOperator, values: readonly string[]): string[] {
  const wanted = COUNTS[operator]
  return wanted.count(values.length)
    ? []
    : [`values: Invalid value: ${JSON.stringify(values)}: ${wanted.problem}`]
}

interface ValueCount {
  readonly count: (length: number) => boolean
  readonly problem: string
}

const ONE: ValueCount = {
  count: length => length === 1,
  problem: 'exact-match compatibility requires one single value',
}
const SOME: ValueCount = {
  count: length => length > 0,
  problem: "for 'in', 'notin' operators, values set can't be empty",
}
const NONE: ValueCount = {
  count: length => length === 0,
  problem: 'values set must be empty for exists and does not exist',
}
const BOUND: ValueCount = { ...ONE, problem: "for 'Gt', 'Lt' operators, exactly one value is required" }

const COUNTS: Readonly<Record<LabelOperator, ValueCount>> = {
  '=': ONE,
  '==': ONE,
  '!=': ONE,
  in: SOME,
  notin: SOME,
  exists: NONE,
  '!': NONE,
  gt: BOUND,
  lt: BOUND,
}

function invalid(place: string, value: string, problem: string): string {
  return `${place}: Invalid value: ${JSON.stringify(value)}: ${problem}`
}

/** By code unit, not by the customs of a language. */
function byText(left: string, right: string): number {
  if (left === right) return 0
  return left < right ? -1 : 1
}
