import { describe, expect, it } from 'vitest'
import { KisekiError } from '../../model/errors.ts'
import type { Namespace } from '../../model/kubernetes.ts'
import type { Pod } from '../../model/kubernetes-pod.ts'
import { namespaceObject, podObject } from '../testing/kube-objects.ts'
import { injectSidecar } from './inject-sidecar.ts'
import { shouldInject } from './injection-decision.ts'

const KEY = 'openservicemesh.io/sidecar-injection'
const pod: Pod = podObject({ namespace: 'shop', name: 'cart', ports: [8080], sidecar: false })

function annotated<T extends Pod | Namespace>(object: T, annotations: Readonly<Record<string, string>>): T {
  return { ...object, metadata: { ...object.metadata, annotations } }
}

function labelled(namespace: Namespace, labels: Readonly<Record<string, string>>): Namespace {
  return {
    ...namespace,
    metadata: { ...namespace.metadata, labels: { ...namespace.metadata.labels, ...labels } },
  }
}

const shop = annotated(namespaceObject('shop', 'osm'), { [KEY]: 'enabled' })

const context = (namespace: Namespace) => ({
  meshName: 'osm',
  meshNamespace: 'osm-system',
  namespace,
  controlPlaneUrl: 'http://127.0.0.1:7000',
  proxyUuid: '1b4e28ba-2fa1-4d3b-a3f5-ef19b5a7633b',
})
const decision = (candidate: Pod, namespace: Namespace) => shouldInject(candidate, context(namespace)).action

describe('shouldInject', () => {
  it('follows the pod, then the namespace', () => {
    const silent = namespaceObject('shop', 'osm')
    for (const on of ['enabled', 'yes', 'true', 'Enabled']) {
      expect(decision(annotated(pod, { [KEY]: on }), silent)).toBe('inject')
      expect(decision(pod, annotated(silent, { [KEY]: on }))).toBe('inject')
    }
    for (const off of ['disabled', 'no', 'false', 'FALSE']) {
      expect(decision(annotated(pod, { [KEY]: off }), shop)).toBe('skip')
      expect(decision(pod, annotated(silent, { [KEY]: off }))).toBe('skip')
    }
    expect(decision(pod, silent)).toBe('skip')
  })

  it.each([
    ['another mesh', namespaceObject('shop', 'other')],
    ['no mesh', annotated(namespaceObject('shop'), { [KEY]: 'enabled' })],
    ['the control plane', annotated(namespaceObject('osm-system', 'osm'), { [KEY]: 'enabled' })],
    ['Kubernetes', annotated(namespaceObject('kube-system', 'osm'), { [KEY]: 'enabled' })],
    ['nobody', labelled(shop, { 'openservicemesh.io/ignore': 'true' })],
  ])('leaves pods alone whose namespace belongs to %s', (_, namespace) => {
    expect(decision(annotated(pod, { [KEY]: 'enabled' }), namespace)).toBe('skip')
  })

  it('leaves pods alone that are on the network of their host, or have a sidecar', () => {
    expect(decision({ ...pod, spec: { ...pod.spec, hostNetwork: true } }, shop)).toBe('skip')
    expect(decision(podObject({ namespace: 'shop', name: 'cart' }), shop)).toBe('skip')
  })

  it('says why', () => {
    expect(shouldInject(pod, context(shop)).reason).toBe('the namespace asks for a sidecar')
    expect(shouldInject(pod, context(namespaceObject('shop'))).reason).toBe(
      'shop does not belong to mesh osm',
    )
  })

  it('refuses other values in the words of osm-edge', () => {
    const reason = `Invalid annotation value for key "${KEY}": maybe`
    expect(shouldInject(annotated(pod, { [KEY]: 'maybe' }), context(shop))).toEqual({
      action: 'refuse',
      reason,
    })
    expect(shouldInject(pod, context(annotated(shop, { [KEY]: 'maybe' })))).toEqual({
      action: 'refuse',
      reason,
    })
    expect(decision(annotated(pod, { [KEY]: 'constructor' }), shop)).toBe('refuse')
  })
})

describe('injectSidecar', () => {
  it('adds the container that users know, after those of the app', async () => {
    const injected = injectSidecar(pod, context(shop))
    await expect(`${JSON.stringify(injected, undefined, 2)}\n`).toMatchFileSnapshot(
      '../testdata/injected-pod.json',
    )
  })

  it('names the workload of a pod that has no name yet', () => {
    const { name: _, ...metadata } = pod.metadata
    const generated: Pod = { ...pod, metadata: { ...metadata, name: '', generateName: 'cart-6b8f9c7d4b-' } }
    const env = injectSidecar(generated, context(shop)).spec.containers.at(-1)?.env
    expect(env).toContainEqual({ name: 'POD_CONTROLLER_KIND', value: 'Deployment' })
    expect(env).toContainEqual({ name: 'POD_CONTROLLER_NAME', value: 'cart' })
  })

  it('has Prometheus scrape where the namespace says so', () => {
    const measured = annotated(shop, { [KEY]: 'enabled', 'openservicemesh.io/metrics': 'enabled' })
    expect(injectSidecar(pod, context(measured)).metadata.annotations).toMatchObject({
      'prometheus.io/scrape': 'true',
      'prometheus.io/port': '15010',
      'prometheus.io/path': '/stats/prometheus',
    })
  })

  it('gives other pods back as they came, and does not do it twice', () => {
    expect(injectSidecar(pod, context(namespaceObject('shop')))).toBe(pod)
    const once = injectSidecar(pod, context(shop))
    expect(injectSidecar(once, context(shop))).toBe(once)
  })

  it('throws where the rules refuse', () => {
    expect(() => injectSidecar(annotated(pod, { [KEY]: 'maybe' }), context(shop))).toThrow(KisekiError)
  })
})
