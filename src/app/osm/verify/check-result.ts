export type CheckStatus = 'Success' | 'Failure' | 'Unknown'

/** What was looked at, how it stands, and what to do about it. */
export interface CheckResult {
  readonly context: string
  readonly status: CheckStatus
  readonly reason?: string
  readonly suggestion?: string
  /** The steps that it was made of; shown where it is no success. */
  readonly steps?: readonly CheckResult[]
}

const FRAME = `${'-'.repeat(45)}\n`

/** As `osm verify` prints it, between two lines. */
export function printCheck(
  result: CheckResult,
  paint: (status: CheckStatus) => string = status => status,
): string {
  return `${FRAME}${linesOf(result, paint, 1)}${FRAME}`
}

function linesOf(result: CheckResult, paint: (status: CheckStatus) => string, depth: number): string {
  const { context, status, reason, suggestion, steps = [] } = result
  const lines = [
    `[${'+'.repeat(depth)}] Context: ${context}`,
    `Status: ${paint(status)}`,
    ...(reason === undefined ? [] : [`Reason: ${reason}`]),
    ...(suggestion === undefined ? [] : [`Suggestion: ${suggestion}`]),
    '',
  ]
  const inner = status === 'Success' ? [] : steps.map(step => linesOf(step, paint, depth + 1))
  return `${lines.join('\n')}\n${inner.join('')}`
}

/** Succeeds when all steps do; fails when one does. */
export function checkAll(context: string, steps: readonly CheckResult[]): CheckResult {
  const status = worstOf(steps)
  if (status === 'Success') return { context, status, steps }
  return {
    context,
    status,
    reason: 'A verification step failed',
    suggestion: 'Please follow the suggestions listed in the failed steps below to resolve the issue',
    steps,
  }
}

function worstOf(steps: readonly CheckResult[]): CheckStatus {
  if (steps.some(({ status }) => status === 'Failure')) return 'Failure'
  return steps.some(({ status }) => status === 'Unknown') ? 'Unknown' : 'Success'
}
