import { Option } from 'commander'

export interface FormatFlags {
  readonly output?: 'json'
}

export function outputOption(): Option {
  return new Option('-o, --output <format>', 'for programs').choices(['json'])
}

export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`
}
