import { KubeFailure } from './kube-failure.ts'
import {
  type LabelOperator,
  type LabelRequirement,
  labelRequirement,
  matchesRequirements,
} from './label-requirement.ts'

export type { LabelRequirement } from './label-requirement.ts'
export { matchesRequirements } from './label-requirement.ts'
export { parseLabelSelector, printLabelSelector } from './label-selector-text.ts'

/** `operator`: In, NotIn, Exists or DoesNotExist. */
export interface LabelExpression {
  readonly key: string
  readonly operator: string
  readonly values?: readonly string[]
}

/** The form that objects have (meta/v1 `LabelSelector`). Everything in it must hold. */
export interface ExpressiveLabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>
  readonly matchExpressions?: readonly LabelExpression[]
}

const OPERATORS: Readonly<Record<string, LabelOperator>> = {
  In: 'in',
  NotIn: 'notin',
  Exists: 'exists',
  DoesNotExist: '!',
}

/**
 * No selector matches nothing, an empty one everything (so says the API).
 * Throws `BadRequest` for a selector that cannot be.
 */
export function matchesLabelSelector(
  selector: ExpressiveLabelSelector | undefined,
  labels: Readonly<Record<string, string>> | undefined,
): boolean {
  return selector !== undefined && matchesRequirements(labels, selectorRequirements(selector))
}

export function selectorRequirements(selector: ExpressiveLabelSelector): readonly LabelRequirement[] {
  const { matchLabels = {}, matchExpressions = [] } = selector
  return [
    ...Object.entries(matchLabels).map(([key, value]) => labelRequirement(key, 'in', [value])),
    ...matchExpressions.map(requirementOf),
  ]
}

function requirementOf({ key, operator, values = [] }: LabelExpression): LabelRequirement {
  const own = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined
  if (own !== undefined) return labelRequirement(key, own, values)
  throw new KubeFailure('BadRequest', `${JSON.stringify(operator)} is not a valid label selector operator`)
}
