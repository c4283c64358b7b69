import { describe, expect, it } from 'vitest'
import type { Service } from '../../model/kubernetes.ts'
import { createServiceAdmission } from './service-admission.ts'

function service(name: string, namespace = 'shop'): Service {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace },
    spec: { ports: [{ port: 80 }] },
  }
}

describe('the address of a Service', () => {
  const addresses = new Set<string>()
  const admit = createServiceAdmission(
    () => addresses,
    () => 0.4,
  )
  const create = (name: string, namespace?: string) => {
    const address = admit(service(name, namespace), undefined).spec.clusterIP ?? ''
    addresses.add(address)
    return address
  }

  it('is of the network of Services, and nobody else has it', () => {
    const given = Array.from({ length: 500 }, (_, i) => create(`s${i}`))
    expect(new Set(given).size).toBe(500)
    for (const address of given) expect(address).toMatch(/^127\.96(\.(\d{1,2}|1\d\d|2[0-4]\d|25[0-5])){2}$/)
  })

  it('is the same again when the Service is created again', () => {
    const former = create('books')
    addresses.delete(former)
    expect(create('others')).not.toBe(former)
    expect(create('books', 'elsewhere')).not.toBe(former)
    expect(create('books')).toBe(former)
  })

  it('is another one where somebody has it meanwhile', () => {
    const former = create('warehouse')
    expect(create('warehouse')).not.toBe(former)
  })
})
