import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const FILE = join(import.meta.dirname, 'commands.md')
const SECTION = /^## (?<title>.+)\n\n```bash\n(?<commands>[\s\S]*?)\n```$/gm

const sections: ReadonlyMap<string, string> = new Map(
  [...readFileSync(FILE, 'utf8').matchAll(SECTION)].map(({ groups }) => [
    groups?.['title'] ?? '',
    groups?.['commands'] ?? '',
  ]),
)

/** What the page says to type, by the heading in `commands.md`; `put` fills in what it leaves to its reader. */
export function pageCommand(title: string, put: Readonly<Record<string, string>> = {}): string {
  const commands = sections.get(title)
  if (commands === undefined) throw new Error(`no command of the page is called ${title}`)
  return Object.entries(put).reduce((text, [place, value]) => {
    if (!text.includes(place)) throw new Error(`${title} has no ${place}`)
    return text.replaceAll(place, value)
  }, commands)
}
