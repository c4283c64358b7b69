import { describe, expect, it } from 'vitest'
import { applyObject } from '../../../kube/apply.ts'
import { DEPLOYMENTS, PODS, SERVICES } from '../../../kube/resources.ts'
import type { Pod } from '../../../model/kubernetes-pod.ts'
import type { Deployment } from '../../../model/kubernetes-workload.ts'
import { createLocalKubernetes } from '../../kubernetes.ts'

const metadata = { name: 'shop', namespace: 'default' }
const containers = [
  {
    name: 'app',
    image: 'registry.test:5000/shop',
    ports: [{ containerPort: 80 }],
    readinessProbe: { httpGet: { port: 80 } },
    resources: { limits: { cpu: '1' } },
  },
]
const deployment: Deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata,
  spec: {
    selector: { matchLabels: { app: 'shop' } },
    template: { metadata: { labels: { app: 'shop' } }, spec: { containers } },
  },
}
const local = () => createLocalKubernetes({ now: () => 0 }).client

describe('what a manifest does not say', () => {
  it('of a Deployment is as kube-apiserver has it', async () => {
    const { spec } = await local().create(DEPLOYMENTS, deployment)
    expect(spec).toMatchObject({
      replicas: 1,
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
      template: {
        spec: {
          restartPolicy: 'Always',
          dnsPolicy: 'ClusterFirst',
          schedulerName: 'default-scheduler',
          terminationGracePeriodSeconds: 30,
          securityContext: {},
          containers: [
            {
              imagePullPolicy: 'Always',
              terminationMessagePath: '/dev/termination-log',
              terminationMessagePolicy: 'File',
              ports: [{ containerPort: 80, protocol: 'TCP' }],
              resources: { limits: { cpu: '1' } },
              readinessProbe: {
                httpGet: { path: '/', port: 80, scheme: 'HTTP' },
                timeoutSeconds: 1,
                periodSeconds: 10,
                successThreshold: 1,
                failureThreshold: 3,
              },
            },
          ],
        },
      },
    })
  })

  it('stays the same when the manifest is applied again', async () => {
    const client = local()
    expect((await applyObject(client, DEPLOYMENTS, deployment)).outcome).toBe('created')
    expect((await applyObject(client, DEPLOYMENTS, deployment)).outcome).toBe('unchanged')
    const service = { apiVersion: 'v1', kind: 'Service', metadata, spec: { ports: [{ port: 80 }] } }
    const { object } = await applyObject(client, SERVICES, service)
    expect(object.spec).toMatchObject({
      type: 'ClusterIP',
      sessionAffinity: 'None',
      ports: [{ port: 80, targetPort: 80, protocol: 'TCP' }],
    })
    expect((await applyObject(client, SERVICES, service)).outcome).toBe('unchanged')
  })

  it('of a pod asks for what it is limited to', async () => {
    const pod: Pod = { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers } }
    const { spec } = await local().create(PODS, pod)
    expect(spec.containers[0]?.resources).toEqual({ limits: { cpu: '1' }, requests: { cpu: '1' } })
    expect(spec).toMatchObject({ serviceAccountName: 'default', nodeName: 'localhost' })
  })

  it.each([
    ['shop', 'Always'],
    ['shop:latest', 'Always'],
    ['shop:1', 'IfNotPresent'],
    ['registry.test:5000/shop', 'Always'],
    ['shop@sha256:abc', 'IfNotPresent'],
  ])('of image %s is the pull policy %s', async (image, imagePullPolicy) => {
    const pod: Pod = { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers: [{ name: 'a', image }] } }
    const { spec } = await local().create(PODS, pod)
    expect(spec.containers[0]?.imagePullPolicy).toBe(imagePullPolicy)
  })
})
