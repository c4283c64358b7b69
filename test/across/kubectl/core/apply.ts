import { type Chapter, chapter, everywhere, manifest } from '../chapter.ts'

interface Shape {
  readonly replicas?: number
  readonly image?: string
  readonly extra?: object
}

const deployment = ({ replicas, image = 'none:1', extra = {} }: Shape) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: {
    ...(replicas === undefined ? {} : { replicas }),
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: { containers: [{ name: 'web', image, command: ['sleep', '1000'], ...extra }] },
    },
  },
})
const first = manifest(deployment({ replicas: 0 }))
const second = manifest(deployment({ replicas: 0, image: 'none:2' }))
const misspelt = manifest(deployment({ extra: { comand: ['x'], restart: 1 } }))

const conflicting = manifest(deployment({ image: 'none:3' }))
const agreed = manifest(deployment({ replicas: 0, image: 'none:3' }))
const labelled = (labels: object) =>
  manifest({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', ...labels } })

export const APPLY: readonly Chapter[] = [
  everywhere(
    chapter('applies from the client', [
      ['apply -f -', 'deployment.apps/web created', first],
      ['apply -f -', 'deployment.apps/web unchanged', first],
      ['diff -f -', /- +- image: none:1|- +image: none:1/, { ...second, fails: true }],
      ['apply -f - --dry-run=server', 'deployment.apps/web configured (server dry run)', second],
      ['apply -f -', 'deployment.apps/web configured', second],
      ['get deploy web -o jsonpath={.spec.template.spec.containers[0].image}', /^none:2$/],
      [
        'apply -f -',
        /strict decoding error: unknown field "spec.template.spec.containers\[0\].comand", unknown field "spec.template.spec.containers\[0\].restart"/,
        { ...misspelt, fails: true },
      ],
    ]),
  ),
  everywhere(
    chapter('applies on the server', [
      ['apply --server-side -f -', 'deployment.apps/web serverside-applied', first],
      [
        'apply --server-side --field-manager=other -f -',
        /Apply failed with 1 conflict: conflict with "kubectl": .spec.template.spec.containers\[name="web"\].image/,
        { ...conflicting, fails: true },
      ],
      ['apply --server-side --field-manager=other --force-conflicts -f -', 'serverside-applied', conflicting],
      ['get deploy web -o jsonpath={.spec.template.spec.containers[0].image}{.spec.replicas}', /^none:30$/],
      ['diff --server-side -f -', '', agreed],
      ['delete deploy web --cascade=foreground', 'deployment.apps "web" deleted'],
    ]),
  ),
  chapter('applies in every way', [
    ['apply -f - --dry-run=server', 'deployment.apps/web created (server dry run)', first],
    ['get deploy web --ignore-not-found', ''],
    ['diff -f -', /\+ {4}app: web|\+kind: Deployment/, { ...first, fails: true }],
    ['apply -f -', 'deployment.apps/web created', first],
    ['diff -f -', '', first],
    ['apply view-last-applied deploy/web', 'image: none:1'],
    [
      'apply -f - --validate=warn',
      'Warning: unknown field "spec.template.spec.containers[0].comand"',
      misspelt,
    ],
    ['apply -f - --validate=ignore', /^deployment.apps\/web (configured|unchanged)\n$/, misspelt],
    ['apply --server-side --force-conflicts -f -', 'serverside-applied', first],
    ['get deploy web -o yaml --show-managed-fields', /manager: kubectl\n {4}operation: Apply/],
    ['scale deploy web --replicas=0', 'deployment.apps/web scaled'],
    ['apply --server-side --dry-run=server -f -', 'serverside-applied (server dry run)', first],
    // A field that nobody applies any more goes.
    [
      'apply --server-side --field-manager=third -f -',
      'serverside-applied',
      labelled({ labels: { mine: 'yes' } }),
    ],
    ['get deploy -l mine=yes -o name', /web/],
    ['apply --server-side --field-manager=third -f -', 'serverside-applied', labelled({})],
    ['get deploy -l mine=yes -o name', ''],
    ['delete -f - --wait=false', 'deployment.apps "web" deleted', first],
  ]),
]
