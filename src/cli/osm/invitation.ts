import { join } from 'node:path'
import type { Demo, DemoJaeger } from '../../app/demo/demo.ts'
import type { DemoDescription } from '../../app/demo/demo-description.ts'
import type { WatchOutcome } from '../../app/demo/demo-watch.ts'
import { shellText } from './shell-text.ts'

export interface InvitationOptions {
  readonly outcome: WatchOutcome
  readonly demo: Pick<Demo, 'jaeger'> & { readonly mesh: Pick<Demo['mesh'], 'kubeconfig'> }
  readonly description: Pick<DemoDescription, 'tries'>
  readonly stateDir: string
}

/** Where everything is and what to try. What is missing is said first: the page may still show why. */
export function invitation({ outcome, demo, description, stateDir }: InvitationOptions): string {
  const { jaeger, mesh } = demo
  return [
    ...(outcome.status === 'missing' ? [outcome.report] : []),
    '',
    ...(jaeger === undefined ? WITHOUT_JAEGER : pageLines(jaeger)),
    `Logs of the apps: ${join(stateDir, 'pods')}`,
    '',
    'With kubectl, in another terminal:',
    `  export KUBECONFIG=${shellText(mesh.kubeconfig)}`,
    '',
    ...(jaeger === undefined ? [] : tryLines(jaeger, description)),
    'Ctrl-C ends everything.',
  ].join('\n')
}

const WITHOUT_JAEGER = [
  'It runs without Jaeger, and tracing is off. Bring a collector of your own, then',
  '  osm tracing enable ADDRESS:PORT/api/v2/spans',
]

function pageLines({ pageUrl, zipkinUrl }: DemoJaeger): readonly string[] {
  return [
    `The page is at ${pageUrl}`,
    `Spans of other programs, Zipkin v2 JSON: POST ${zipkinUrl}/api/v2/spans`,
  ]
}

function tryLines({ pageUrl }: DemoJaeger, { tries }: Pick<DemoDescription, 'tries'>): readonly string[] {
  return ['Try:', ...tries.map(({ what, path }) => `  ${what}\n      ${pageUrl}${path}`), '']
}
