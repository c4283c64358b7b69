import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { SERVICE_COLORS, serviceColorIndex } from './service-color.ts'

const folder = import.meta.dirname
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
const tokens = tokensOf(readFileSync(join(folder, 'tokens.css'), 'utf8'))

describe('the style sheets', () => {
  it.each(files.filter(file => file.endsWith('.tsx')))('have every class that %s uses', file => {
    const source = readFileSync(join(folder, file), 'utf8')
    const sheet = /import css from '(.+)'/.exec(source)?.[1]
    const used = [...source.matchAll(/css\['([\w-]+)'\]/g)].map(found => found[1])
    const css = sheet === undefined ? '' : readFileSync(join(folder, dirname(file), sheet), 'utf8')
    const known = new Set([...css.matchAll(/\.([a-zA-Z][\w-]*)/g)].map(found => found[1]))
    expect(used.filter(name => !known.has(name))).toEqual([])
  })

  it.each(files.filter(file => file.endsWith('.css')))('take from the tokens what %s names', file => {
    const css = readFileSync(join(folder, file), 'utf8')
    const named = [...css.matchAll(/var\((--[\w-]+)/g)].map(found => found[1] ?? '')
    const own = new Set([...css.matchAll(/(--[\w-]+):/g)].map(found => found[1]))
    const set = ['--level', '--service', '--step']
    expect(named.filter(name => !tokens.has(name) && !own.has(name) && !set.includes(name))).toEqual([])
  })

  it('ask nothing of other servers', () => {
    for (const file of files.filter(each => /\.(css|html)$/.test(each))) {
      expect(readFileSync(join(folder, file), 'utf8')).not.toMatch(/@import|https?:|data:/)
    }
  })
})

describe.each(['light', 'dark'] as const)('the colours of the %s theme', theme => {
  const contrast = (front: string, back: string): number => ratio(colour(front, theme), colour(back, theme))

  it.each([
    ['--ink', '--canvas'],
    ['--ink', '--sunken'],
    ['--ink', '--accent-wash'],
    ['--ink-soft', '--surface'],
    ['--ink-soft', '--canvas'],
    ['--ink-soft', '--sunken'],
    ['--ink-soft', '--accent-wash'],
    ['--accent', '--surface'],
    ['--accent', '--canvas'],
    ['--accent-ink', '--accent'],
    ['--error', '--surface'],
    ['--error', '--accent-wash'],
    ['--warn', '--warn-wash'],
    ['--side-a', '--surface'],
    ['--side-b', '--surface'],
    ['--side-a', '--side-a-wash'],
    ['--side-b', '--side-b-wash'],
  ])('let %s be read on %s', (front, back) => {
    expect(contrast(front, back)).toBeGreaterThanOrEqual(4.5)
  })

  it('let every bar of a service be seen', () => {
    for (let index = 0; index < SERVICE_COLORS; index++) {
      for (const back of ['--surface', '--canvas', '--accent-wash', '--hover']) {
        expect(contrast(`--service-${index}`, back), `${index} on ${back}`).toBeGreaterThanOrEqual(3)
      }
    }
  })

  it('let the borders of controls be seen', () => {
    expect(contrast('--line-strong', '--surface')).toBeGreaterThanOrEqual(3)
  })
})

describe('the colour of a service', () => {
  it('follows from its name alone', () => {
    expect(serviceColorIndex('checkout')).toBe(serviceColorIndex('checkout'))
    expect(serviceColorIndex('')).toBeLessThan(SERVICE_COLORS)
  })

  it('differs between names that are alike, mostly', () => {
    const names = Array.from({ length: 240 }, (_, version) => `service-v${version}`)
    const used = Map.groupBy(names, serviceColorIndex)
    expect(used.size).toBe(SERVICE_COLORS)
    expect(Math.max(...[...used.values()].map(each => each.length))).toBeLessThan(25)
  })
})

function tokensOf(css: string): ReadonlyMap<string, string> {
  return new Map([...css.matchAll(/(--[\w-]+):\s*([^;]+);/g)].map(found => [found[1] ?? '', found[2] ?? '']))
}

type Rgb = readonly [number, number, number]

/** Linear red, green and blue of a token `light-dark(oklch(L C H), oklch(L C H))`. */
function colour(token: string, theme: 'light' | 'dark'): Rgb {
  const found = [...(tokens.get(token) ?? '').matchAll(/oklch\(([\d.]+) ([\d.]+) ([\d.]+)/g)]
  const [, l, c, h] = found[theme === 'light' ? 0 : 1] ?? []
  const [lightness, chroma, hue] = [Number(l), Number(c), (Number(h) * Math.PI) / 180]
  const [a, b] = [chroma * Math.cos(hue), chroma * Math.sin(hue)]
  const long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  const clamp = (value: number): number => Math.min(1, Math.max(0, value))
  return [
    clamp(4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short),
    clamp(-1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short),
    clamp(-0.0041960863 * long - 0.7034186147 * middle + 1.707614701 * short),
  ]
}

/** WCAG 2. */
function ratio(one: Rgb, other: Rgb): number {
  const luminance = ([r, g, b]: Rgb): number => 0.2126 * r + 0.7152 * g + 0.0722 * b
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((x, y) => x - y)
  return (light + 0.05) / (dark + 0.05)
}
