/** One step of an answer. */
export interface Finding {
  /** As a sentence that holds or does not: `the pod has a sidecar`. */
  readonly step: string
  readonly answer: 'yes' | 'no' | 'unknown'
  readonly detail: string
  /** What to do about it; not where all is well. */
  readonly remedy?: string
}

/** Findings one after the other, each built on those before it; at the end what the next ones need. */
export type Findings<T = void> = AsyncGenerator<Finding, T | undefined, void>

export function yes(step: string, detail: string): Finding {
  return { step, answer: 'yes', detail }
}

export function no(step: string, detail: string, remedy: string): Finding {
  return { step, answer: 'no', detail, remedy }
}

export function unknown(step: string, detail: string, remedy?: string): Finding {
  return { step, answer: 'unknown', detail, ...(remedy === undefined ? {} : { remedy }) }
}

const MARKS = { yes: 'OK', no: 'failed', unknown: 'unknown' } as const
const MARK_WIDTH = 9

export function printFinding({ step, answer, detail, remedy }: Finding): string {
  const indent = ' '.repeat(MARK_WIDTH)
  const lines = [
    `${MARKS[answer].padEnd(MARK_WIDTH)}${step}`,
    ...detail.split('\n').map(line => `${indent}${line}`),
    ...(remedy === undefined ? [] : [`${indent}→ ${remedy}`]),
  ]
  return `${lines.join('\n')}\n`
}

/** Up to the first `no`: what comes after it would say nothing new. */
export async function collectFindings(
  findings: Findings<unknown>,
  said: (finding: Finding) => void,
): Promise<readonly Finding[]> {
  const collected: Finding[] = []
  for await (const finding of findings) {
    collected.push(finding)
    said(finding)
    if (finding.answer === 'no') break
  }
  return collected
}

export function areAllWell(findings: readonly Finding[]): boolean {
  return findings.every(({ answer }) => answer !== 'no')
}
