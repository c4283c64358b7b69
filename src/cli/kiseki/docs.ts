import { flagTable } from '../../app/backend/flag-reference.ts'
import { referenceSurroundings } from '../../app/backend/flags.ts'
import type { CommandRun } from './command.ts'

export const docsCommand: CommandRun = ({ print }) => print(flagTable(referenceSurroundings))
