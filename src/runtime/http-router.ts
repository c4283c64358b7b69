import { type Handler, type Route, text } from './http-exchange.ts'

export type Found =
  | { readonly status: 'found'; readonly handle: Handler; readonly params: Readonly<Record<string, string>> }
  | { readonly status: 'wrong-method'; readonly allow: readonly string[] }
  | { readonly status: 'unknown' }

export type Router = (method: string, path: string) => Found

/** Looks routes up in their order. A path part that is no valid percent-encoding matches nothing. */
export function createRouter(routes: readonly Route[]): Router {
  const compiled = routes.map(route => ({ ...route, parts: route.path.split('/') }))
  return (method, path) => {
    const allow: string[] = []
    const parts = path.split('/')
    const wanted = method === 'HEAD' ? 'GET' : method
    for (const route of compiled) {
      const params = match(route.parts, parts)
      if (params === undefined) continue
      if (route.method === '*' || route.method === wanted)
        return { status: 'found', handle: route.handle, params }
      allow.push(route.method)
    }
    return allow.length > 0 ? { status: 'wrong-method', allow } : { status: 'unknown' }
  }
}

export const notFound: Handler = () => text(404, '404 page not found\n')

function match(pattern: readonly string[], parts: readonly string[]): Record<string, string> | undefined {
  const params: Record<string, string> = {}
  for (const [index, part] of pattern.entries()) {
    if (part === '*' && index === pattern.length - 1) return index < parts.length ? params : undefined
    const actual = parts[index]
    if (actual === undefined) return undefined
    if (!part.startsWith(':')) {
      if (part !== actual) return undefined
      continue
    }
    const decoded = decode(actual)
    if (decoded === undefined || decoded === '') return undefined
    params[part.slice(1)] = decoded
  }
  return pattern.length === parts.length ? params : undefined
}

function decode(part: string): string | undefined {
  try {
    return decodeURIComponent(part)
  } catch {
    return undefined
  }
}
