import { type Chapter, chapter, FAILS, manifest, type StepOptions } from '../chapter.ts'

const core = (kind: string, name: string, rest: object = {}) => ({
  apiVersion: 'v1',
  kind,
  metadata: { name },
  ...rest,
})
const refused = (object: object): StepOptions => ({ ...manifest(object), fails: true })
const service = (name: string, ports: readonly object[]) => core('Service', name, { spec: { ports } })
const container = (name: string) => ({ name, image: 'none', command: ['sleep', '1000'] })
const deployment = (name: string, wanted: object, given: object) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: {
    replicas: 0,
    selector: { matchLabels: wanted },
    template: { metadata: { labels: given }, spec: { containers: [container('a')] } },
  },
})

export const REFUSALS: readonly Chapter[] = [
  chapter('refuses what is wrong', [
    [
      'create -f -',
      'The ConfigMap "Bad_Name" is invalid: metadata.name: Invalid value: "Bad_Name": a lowercase RFC 1123 subdomain must consist of',
      refused(core('ConfigMap', 'Bad_Name')),
    ],
    [
      'create -f -',
      'metadata.labels: Invalid value: "a b": name part must consist of alphanumeric characters',
      refused({ ...core('ConfigMap', 'c'), metadata: { name: 'c', labels: { 'a b': 'c' } } }),
    ],
    [
      'create -f -',
      'data[../../etc/passwd]: Invalid value: "../../etc/passwd": a valid config key must consist of',
      refused(core('ConfigMap', 'c', { data: { '../../etc/passwd': 'x' } })),
    ],
    [
      'create -f -',
      'data[..]: Invalid value: "..": must not be \'..\'',
      refused(core('Secret', 's', { data: { '..': '' } })),
    ],
    [
      'create -f -',
      'illegal base64 data at input byte 0',
      refused(core('Secret', 's', { data: { a: '!!' } })),
    ],
    [
      'create -f -',
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal number into Go struct field ConfigMap.data of type string',
      refused(core('ConfigMap', 'c', { data: { a: 1 } })),
    ],
    ['create -f -', 'spec.ports: Required value', refused(service('s', []))],
    [
      'create -f -',
      'spec.ports[0].name: Required value',
      refused(service('s', [{ port: 80 }, { port: 81 }])),
    ],
    ['create -f -', 'a DNS-1035 label must consist of', refused(service('1s', [{ port: 80 }]))],
    [
      'create -f -',
      'spec.template.metadata.labels: Invalid value: {"a":"c"}: `selector` does not match template `labels`',
      refused(deployment('d', { a: 'b' }, { a: 'c' })),
    ],
    [
      'create -f -',
      'spec.containers: Required value',
      refused(core('Pod', 'p', { spec: { containers: [] } })),
    ],
    [
      'create -f -',
      'spec.containers[1].name: Duplicate value: "a"',
      refused(core('Pod', 'p', { spec: { containers: [container('a'), container('a')] } })),
    ],
    [
      'create -f -',
      'spec.containers[0].name: Invalid value: "A": a lowercase RFC 1123 label must consist of',
      refused(core('Pod', 'p', { spec: { containers: [container('A')] } })),
    ],
  ]),
  chapter('keeps what may not change', [
    ['create -f -', 'created', manifest(core('Secret', 's', { stringData: { a: 'plain' } }))],
    ['get secret s -o jsonpath={.data}{.stringData}{.type}', /^{"a":"cGxhaW4="}Opaque$/],
    [`patch secret s -p '{"stringData":{"b":"more"}}'`, 'patched'],
    ['get secret s -o jsonpath={.data.b}{.stringData}', /^bW9yZQ==$/],
    ['create -f -', 'created', manifest(core('ConfigMap', 'c', { immutable: true, data: { a: 'b' } }))],
    [
      `patch cm c -p '{"data":{"a":"c"}}'`,
      'data: Forbidden: field is immutable when `immutable` is set',
      FAILS,
    ],
    ['label cm c still=yes', 'labeled'],
    ['create -f -', 'created', manifest(deployment('d', { a: 'b' }, { a: 'b', c: 'd' }))],
    [
      `patch deploy d --type=json -p '[{"op":"replace","path":"/spec/selector/matchLabels","value":{"c":"d"}}]'`,
      /spec.selector: Invalid value: .*: field is immutable/,
      FAILS,
    ],
    ['run p --image=none --command -- sleep 1000', 'created'],
    [
      `patch pod p -p '{"spec":{"containers":[{"name":"p","command":["other"]}]}}'`,
      'spec: Forbidden: pod updates may not change fields other than',
      FAILS,
    ],
    ['label pod p still=yes', 'labeled'],
    ['delete pod p --now', 'deleted'],
  ]),
]
