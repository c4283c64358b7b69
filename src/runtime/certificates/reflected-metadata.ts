/**
 * `@peculiar/x509` finds its parts through `tsyringe`, and that wants three functions of the proposed
 * "metadata reflection" (rbuckton.github.io/reflect-metadata) on the global `Reflect`, or it throws when it is
 * loaded. This gives them where nobody has, as far as they are used: metadata of classes, by key.
 *
 * Must be imported before `@peculiar/x509`.
 */
const ofTargets = new WeakMap<object, Map<unknown, unknown>>()

const functions = {
  defineMetadata(key: unknown, value: unknown, target: object): void {
    const own = ofTargets.get(target) ?? new Map<unknown, unknown>()
    ofTargets.set(target, own.set(key, value))
  },
  getOwnMetadata: (key: unknown, target: object): unknown => ofTargets.get(target)?.get(key),
  /** That of the class, else of the nearest class above it that has some. */
  getMetadata(key: unknown, target: object): unknown {
    for (let at: object | null = target; at !== null; at = Reflect.getPrototypeOf(at)) {
      const own = ofTargets.get(at)
      if (own?.has(key)) return own.get(key)
    }
    return undefined
  },
}

for (const [name, value] of Object.entries(functions)) {
  if (Reflect.has(Reflect, name)) continue
  Object.defineProperty(Reflect, name, { value, configurable: true, writable: true, enumerable: false })
}
