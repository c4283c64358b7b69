import type { Route } from '../runtime/http-exchange.ts'

/** Empty, or `/` and names without a `/` at the end: everything is served below it. */
export type BasePath = '' | `/${string}`

/** `/` and an empty text are the root. Undefined where the text cannot be a base path. */
export function parseBasePath(text: string): BasePath | undefined {
  const path = text.replace(/\/+$/, '')
  if (path === '') return ''
  return isBasePath(path) ? path : undefined
}

function isBasePath(path: string): path is `/${string}` {
  return path.split('/').every((part, at) => (at === 0 ? part === '' : /^(?!\.+$)[\w.~-]+$/.test(part)))
}

export function belowBasePath(routes: readonly Route[], base: BasePath): readonly Route[] {
  return routes.map(route => ({ ...route, path: `${base}${route.path}` }))
}

/** The rest of the path, beginning with `/`; undefined where it is not below the base path. */
export function withoutBasePath(path: string, base: BasePath): string | undefined {
  if (path === base) return '/'
  return path.startsWith(`${base}/`) ? path.slice(base.length) : undefined
}
