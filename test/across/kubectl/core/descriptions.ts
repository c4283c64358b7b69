import { type Chapter, chapter, FAILS, manifest } from '../chapter.ts'

const probes = [
  { grpc: { port: 8080 } },
  { httpGet: { port: 'web' } },
  { tcpSocket: { port: 8080 } },
  { exec: { command: ['true'] } },
]

const volumes = [
  { name: 'empty', emptyDir: {} },
  { name: 'map', configMap: { name: 'c', optional: true } },
  { name: 'secret', secret: { secretName: 's' } },
  { name: 'down', downwardAPI: { items: [{ path: 'name', fieldRef: { fieldPath: 'metadata.name' } }] } },
  { name: 'host', hostPath: { path: '/tmp' } },
  { name: 'claim', persistentVolumeClaim: { claimName: 'c' } },
  { name: 'nfs', nfs: { server: 's', path: '/' } },
  { name: 'csi', csi: { driver: 'd' } },
  {
    name: 'all',
    projected: {
      sources: [
        { configMap: { name: 'c' } },
        { secret: { name: 's' } },
        { serviceAccountToken: { path: 'token' } },
        {
          downwardAPI: {
            items: [{ path: 'cpu', resourceFieldRef: { containerName: 'c0', resource: 'limits.cpu' } }],
          },
        },
      ],
    },
  },
]

const env = [
  { name: 'PLAIN', value: 'x' },
  { name: 'FIELD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
  { name: 'RESOURCE', valueFrom: { resourceFieldRef: { resource: 'limits.cpu' } } },
  { name: 'MAP', valueFrom: { configMapKeyRef: { name: 'c', key: 'k' } } },
  { name: 'SECRET', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } },
]

const everything = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'everything' },
  spec: {
    replicas: 0,
    strategy: { rollingUpdate: { maxSurge: 1 } },
    selector: { matchLabels: { app: 'everything' } },
    template: {
      metadata: { labels: { app: 'everything' } },
      spec: {
        volumes,
        hostNetwork: true,
        tolerations: [{ operator: 'Exists' }],
        topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'ScheduleAnyway' }],
        initContainers: [{ name: 'first', image: 'none', restartPolicy: 'Always' }],
        containers: probes.map((probe, index) => ({
          name: `c${index}`,
          image: 'none',
          env,
          envFrom: [{ configMapRef: { name: 'c' } }, { secretRef: { name: 's' } }],
          ports: [{ name: `web${index}`, containerPort: 8080 + index }],
          livenessProbe: probe,
          readinessProbe: probe,
          startupProbe: probe,
          lifecycle: { preStop: { httpGet: { port: 8080 } } },
          resources: { limits: { cpu: '1', memory: '10Mi' } },
          securityContext: { runAsUser: 5 },
          volumeMounts: [{ name: 'empty', mountPath: '/empty' }],
        })),
      },
    },
  },
}

// kubectl follows pointers that kube-apiserver always fills in: what is missing ends it.
export const DESCRIPTIONS: readonly Chapter[] = [
  chapter('describes everything', [
    ['create -f -', 'created', manifest(everything)],
    ['describe deploy everything', /Liveness: +grpc <pod>:8080 +delay=0s timeout=1s period=10s/],
    ['wait --for=jsonpath={.status.observedGeneration}=1 rs -l app=everything --timeout=20s', 'met'],
    ['describe rs -l app=everything', /Type: +Projected/],
    [
      'create -f -',
      'created',
      manifest({
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'outside' },
        spec: { type: 'NodePort', ports: [{ port: 80 }], selector: { app: 'everything' } },
      }),
    ],
    ['describe svc outside', /Type: +NodePort/],
    [
      'create -f -',
      'created',
      manifest({
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'alias' },
        spec: { type: 'ExternalName', externalName: 'example.test' },
      }),
    ],
    ['describe svc alias', /External Name: +example.test/],
    ['get svc', /^alias +ExternalName +<none> +example.test +<none> /m],
    ['describe sa default', /Name: +default/],
    ['describe namespace default', /Status: +Active/],
    ['describe endpoints outside', /Subsets:/],
    ['run p --image=none --command -- sleep 1000', 'created'],
    ['wait --for=condition=Ready pod/p --timeout=20s', 'met'],
    ['describe pod p', /Projected \(a volume that contains injected data from multiple sources\)/],
    ['debug p --image=none --profile=general', 'ephemeral containers are not run on one machine', FAILS],
    ['delete pod p --now', 'deleted'],
  ]),
]
