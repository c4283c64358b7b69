import { join } from 'node:path'
import type { Demo } from '../../app/demo/demo.ts'
import type { DemoDescription } from '../../app/demo/demo-description.ts'
import type { WatchOutcome } from '../../app/demo/demo-watch.ts'

export interface InvitationOptions {
  readonly outcome: WatchOutcome
  readonly demo: Pick<Demo, 'pageUrl' | 'zipkinUrl'>
  readonly description: Pick<DemoDescription, 'tries'>
  readonly stateDir: string
}

/** Where everything is and what to try. What is missing is said first: the page may still show why. */
export function invitation({ outcome, demo, description, stateDir }: InvitationOptions): string {
  const tries = description.tries.map(({ what, path }) => `  ${what}\n      ${demo.pageUrl}${path}`)
  return [
    ...(outcome.status === 'missing' ? [outcome.report] : []),
    '',
    `The page is at ${demo.pageUrl}`,
    `Spans of other programs, Zipkin v2 JSON: POST ${demo.zipkinUrl}/api/v2/spans`,
    `Logs of the apps: ${join(stateDir, 'pods')}`,
    '',
    'Try:',
    ...tries,
    '',
    'Ctrl-C ends everything.',
  ].join('\n')
}
