import type { JsonObject } from '../../model/json.ts'
import { objectAt, objectsAt, textAt, textsAt } from '../schema/json-reading.ts'

/** `app=shop,tier=web`, in order; `<none>` for no labels. */
export function labelsText(labels: JsonObject): string {
  const pairs = equalities(labels).map(({ term }) => term)
  return pairs.length === 0 ? '<none>' : pairs.join(',')
}

/** A label selector as kubectl takes it: `app=shop,env in (a,b),!old`. Empty: all. */
export function selectorText(selector: JsonObject): string {
  const terms = [...equalities(objectAt(selector, 'matchLabels')), ...expressions(selector)]
  return terms
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ term }) => term)
    .join(',')
}

interface Term {
  readonly key: string
  readonly term: string
}

function equalities(labels: JsonObject): readonly Term[] {
  return Object.keys(labels)
    .sort()
    .map(key => ({ key, term: `${key}=${textAt(labels, key)}` }))
}

function expressions(selector: JsonObject): readonly Term[] {
  return objectsAt(selector, 'matchExpressions').map(expression => {
    const key = textAt(expression, 'key')
    const values = `(${textsAt(expression, 'values').toSorted().join(',')})`
    const operator = textAt(expression, 'operator')
    if (operator === 'In') return { key, term: `${key} in ${values}` }
    if (operator === 'NotIn') return { key, term: `${key} notin ${values}` }
    return { key, term: operator === 'DoesNotExist' ? `!${key}` : key }
  })
}
