import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import { isList } from '../schema/go-text.ts'
import { sameJson } from '../schema/json-equality.ts'

/** Undefined: nothing is there. */
export type JsonPath = (object: JsonObject) => Json | undefined

/**
 * The JSONPath of kubectl (kubernetes.io/docs/reference/kubectl/jsonpath), as far as it finds values: fields
 * (`.a`, `['a']`, `\.` in names), items (`[0]`, `[-1]`, `[1:3]`, `[*]`), and items that meet a condition
 * (`[?(@.type=="Ready")]`), fields at any depth (`..a`). Gives the first value that is found, as columns of tables
 * show it. Undefined when the text is no such path.
 */
export function parseJsonPath(text: string): JsonPath | undefined {
  const steps = parseSteps(text)
  if (steps === undefined) return undefined
  return object => {
    const found = steps.reduce<readonly Json[]>((values, step) => values.flatMap(step), [object])
    return found[0]
  }
}

type Step = (value: Json) => readonly Json[]

const FIELD = /\.((?:\\.|[^.[\]\\\s*])+)/y
const ANY_DEPTH = /\.(?=\.[^.])/y
const EVERY_FIELD = /\.\*/y
const QUOTED = /\[\s*(?:'((?:\\.|[^'\\])*)'|"((?:\\.|[^"\\])*)")\s*\]/y
const INDEX = /\[\s*(-?\d+)\s*\]/y
const SLICE = /\[\s*(?:(-?\d+)?\s*:\s*(-?\d+)?|\*)\s*\]/y
const FILTER =
  /\[\?\(\s*@((?:\.(?:\\.|[^.[\]\\\s*<>=!)])+|\[[^\]?]*\])*)\s*(?:(==|!=|<=|>=|<|>)\s*((?:'[^']*'|"[^"]*"|[^)\s]+)))?\s*\)\]/y

function parseSteps(text: string): readonly Step[] | undefined {
  const steps: Step[] = []
  let at = 0
  const take = (expression: RegExp): RegExpExecArray | undefined => {
    expression.lastIndex = at
    const found = expression.exec(text)
    if (found !== null) at += found[0].length
    return found ?? undefined
  }
  // A dot alone is the object itself.
  if (text === '.') return steps
  while (at < text.length) {
    const step = nextStep(take)
    if (step === undefined) return undefined
    steps.push(step)
  }
  return steps
}

function nextStep(take: (expression: RegExp) => RegExpExecArray | undefined): Step | undefined {
  if (take(ANY_DEPTH) !== undefined) return descended
  if (take(EVERY_FIELD) !== undefined) return everything
  const field = take(FIELD)
  if (field !== undefined) return named(unescaped(field[1] ?? ''))
  const quoted = take(QUOTED)
  if (quoted !== undefined) return named(unescaped(quoted[1] ?? quoted[2] ?? ''))
  const index = take(INDEX)
  if (index !== undefined) return indexed(Number(index[1]))
  const slice = take(SLICE)
  if (slice !== undefined) return sliced(slice[1], slice[2])
  const filter = take(FILTER)
  return filter === undefined ? undefined : filtered(filter)
}

function named(name: string): Step {
  return value => (isJsonObject(value) && Object.hasOwn(value, name) ? [value[name] ?? null] : [])
}

function everything(value: Json): readonly Json[] {
  if (isList(value)) return value
  return isJsonObject(value) ? Object.values(value) : []
}

/** The value, and all that is in it. */
function descended(value: Json): readonly Json[] {
  return [value, ...everything(value).flatMap(descended)]
}

function indexed(index: number): Step {
  return value => {
    const item = isList(value) ? value.at(index) : undefined
    return item === undefined ? [] : [item]
  }
}

function sliced(from: string | undefined, to: string | undefined): Step {
  return value => {
    if (!isList(value)) return from === undefined && to === undefined ? everything(value) : []
    return value.slice(from === undefined ? 0 : Number(from), to === undefined ? undefined : Number(to))
  }
}

function filtered([, path = '', operator, right = '']: RegExpExecArray): Step | undefined {
  const left = path === '' ? (value: Json): readonly Json[] => [value] : pathFrom(path)
  if (left === undefined) return undefined
  const wanted = literal(right)
  if (operator !== undefined && wanted === undefined) return undefined
  return value =>
    (isList(value) ? value : []).filter(item => {
      const [found] = left(item)
      if (found === undefined) return false
      return operator === undefined || wanted === undefined || compares(found, operator, wanted)
    })
}

function pathFrom(text: string): Step | undefined {
  const steps = parseSteps(text)
  if (steps === undefined) return undefined
  return value => steps.reduce<readonly Json[]>((values, step) => values.flatMap(step), [value])
}

/** A text in quotes, a number, or true and false. */
function literal(text: string): Json | undefined {
  const quoted = /^(?:'(.*)'|"(.*)")$/.exec(text)
  if (quoted !== null) return quoted[1] ?? quoted[2] ?? ''
  if (text === 'true' || text === 'false') return text === 'true'
  return /^[+-]?\d+(?:\.\d+)?$/.test(text) ? Number(text) : undefined
}

function compares(left: Json, operator: string, right: Json): boolean {
  if (operator === '==') return sameJson(left, right)
  if (operator === '!=') return !sameJson(left, right)
  if (typeof left === 'number' && typeof right === 'number') return ordered(left, operator, right)
  return typeof left === 'string' && typeof right === 'string' && ordered(left, operator, right)
}

function ordered<T extends number | string>(left: T, operator: string, right: T): boolean {
  if (operator === '<') return left < right
  if (operator === '<=') return left <= right
  return operator === '>' ? left > right : left >= right
}

function unescaped(name: string): string {
  return name.replace(/\\(.)/g, '$1')
}
