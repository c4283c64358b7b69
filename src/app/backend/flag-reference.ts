import { FLAGS, type Flag, type Surroundings, variableName } from './flags.ts'

/** The flags as `--help` shows them. */
export function flagHelp(surroundings: Surroundings): string {
  return allFlags()
    .map(flag =>
      [
        `  --${flag.name}=${flag.fallback(surroundings)}`,
        `      ${flag.help}`,
        `      Takes ${flag.value.takes}. Variable: ${variableName(flag.name)}`,
      ].join('\n'),
    )
    .join('\n')
}

/** The same as a table in Markdown, for the reference. */
export function flagTable(surroundings: Surroundings): string {
  const rows = allFlags().map(flag => {
    const cells = [
      `\`--${flag.name}\``,
      `\`${variableName(flag.name)}\``,
      `\`${flag.fallback(surroundings)}\``,
      `${flag.help} Takes ${flag.value.takes}.`,
    ]
    return `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`
  })
  return ['| flag | variable | default | |', '|---|---|---|---|', ...rows, ''].join('\n')
}

function allFlags(): readonly Flag<unknown>[] {
  return Object.values(FLAGS).sort((left, right) => (left.name < right.name ? -1 : 1))
}
