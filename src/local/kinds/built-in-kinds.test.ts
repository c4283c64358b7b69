import { describe, expect, it } from 'vitest'
import { BUILT_IN_KINDS, messageNamed, messageNames, messageOfKind } from './built-in-kinds.ts'
import { jsonFields } from './json-fields.ts'

describe('the tables', () => {
  it.each(messageNames())('%s refers to messages that exist, each number and name once', name => {
    const message = messageNamed(name)
    expect(message.wireFields.size).toBe([...message.ownFields.values()].filter(f => f.number > 0).length)
    for (const { type, isEmbedded, shape } of message.wireFields.values()) {
      if ('message' in type) expect(messageNamed(type.message).name).toBe(type.message)
      else expect(isEmbedded).toBe(false)
      if (isEmbedded) expect(shape).toBe('one')
    }
  })

  it('have every kind once', () => {
    const names = BUILT_IN_KINDS.map(({ group, version, kind }) => `${group}/${version} ${kind}`)
    expect(new Set(names).size).toBe(names.length)
    expect(names).toEqual(expect.arrayContaining(['apps/v1 Deployment', 'apps/v1 DeploymentList', '/v1 Pod']))
  })

  it('know the numbers of the wire', () => {
    const numberOf = (message: string, field: string): number | undefined =>
      messageNamed(message).ownFields.get(field)?.number
    expect(numberOf('core.PodSpec', 'containers')).toBe(2)
    expect(numberOf('core.PodSpec', 'ephemeralContainers')).toBe(34)
    expect(numberOf('meta.ObjectMeta', 'ownerReferences')).toBe(13)
    expect(numberOf('coordination.LeaseSpec', 'renewTime')).toBe(4)
  })

  it('know what is required, and how lists are merged', () => {
    const ports = messageNamed('core.Container').ownFields.get('ports')
    expect(ports).toMatchObject({
      shape: 'list',
      listKeys: ['containerPort', 'protocol'],
      patch: { strategies: ['merge'], key: 'containerPort' },
    })
    expect(messageNamed('core.PodSpec').ownFields.get('volumes')?.patch).toEqual({
      strategies: ['merge', 'retainKeys'],
      key: 'name',
    })
    expect(messageNamed('policy.PodDisruptionBudgetSpec').ownFields.get('selector')?.patch).toEqual({
      strategies: ['replace'],
    })
    expect(messageNamed('core.ContainerPort').ownFields.get('protocol')?.default).toBe('TCP')
    expect(messageNamed('apps.DeploymentSpec').ownFields.get('selector')?.isRequired).toBe(true)
    expect(messageNamed('apps.DeploymentSpec').ownFields.get('replicas')?.isRequired).toBe(false)
  })
})

describe('kinds', () => {
  it('are found by apiVersion and kind', () => {
    expect(messageOfKind({ apiVersion: 'events.k8s.io/v1', kind: 'Event' })?.name).toBe('events.Event')
    expect(messageOfKind({ apiVersion: 'v1', kind: 'Event' })?.name).toBe('core.Event')
    expect(messageOfKind({ apiVersion: 'apps/v1beta1', kind: 'Deployment' })).toBeUndefined()
    expect(messageOfKind({ apiVersion: 'v1', kind: '__proto__' })).toBeUndefined()
  })

  it('have apiVersion and kind in JSON, and other messages have not', () => {
    expect(jsonFields(messageNamed('core.Pod')).has('apiVersion')).toBe(true)
    expect(jsonFields(messageNamed('core.PodTemplateSpec')).has('apiVersion')).toBe(false)
  })

  it('show the fields of embedded messages as their own', () => {
    const fields = jsonFields(messageNamed('core.Volume'))
    expect(fields.get('emptyDir')?.embeddedIn).toEqual(['VolumeSource'])
    expect(fields.has('VolumeSource')).toBe(false)
  })
})
