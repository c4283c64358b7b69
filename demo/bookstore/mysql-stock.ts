import { setTimeout as delay } from 'node:timers/promises'
import type { Pool, RowDataPacket } from 'mysql2/promise'
import { type Environment, textOf } from './environment.ts'
import { errorText } from './error-text.ts'
import type { Journal } from './journal.ts'
import type { Stock } from './stock.ts'

export interface MysqlStockOptions {
  /** `host` or `host:port`. */
  readonly address: string
  readonly env: Environment
  readonly journal: Journal
  readonly stop: AbortSignal
  /** Between attempts to connect. */
  readonly retryMs?: number
}

const RETRY_MS = 10_000
const CONNECT_TIMEOUT_MS = 20_000
const QUERY_TIMEOUT_MS = 10_000
const TOTAL_KEY = 'total-books'

const TABLE = 'CREATE TABLE IF NOT EXISTS records (`key` varchar(191) PRIMARY KEY, value_int bigint)'
const ADD =
  'INSERT INTO records (`key`, value_int) VALUES (?, ?) ON DUPLICATE KEY UPDATE value_int = value_int + VALUES(value_int)'
const TOTAL = 'SELECT value_int FROM records WHERE `key` = ?'

const poolOf = async ({ address, env }: MysqlStockOptions): Promise<Pool> => {
  // Loaded only by those who keep their stock in a database; the other programs need no package at all.
  const { createPool } = await import('mysql2/promise')
  const { hostname, port } = new URL(`tcp://${address}`)
  return createPool({
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port || 3306),
    user: 'root',
    password: textOf(env, 'MYSQL_ROOT_PASSWORD', 'mypassword'),
    database: textOf(env, 'MYSQL_DATABASE', 'booksdemo'),
    connectionLimit: 4,
    connectTimeout: CONNECT_TIMEOUT_MS,
  })
}

const connected = async (pool: Pool, options: MysqlStockOptions): Promise<boolean> => {
  const { journal, stop, retryMs = RETRY_MS } = options
  while (!stop.aborted) {
    try {
      await pool.query({ sql: TABLE, timeout: QUERY_TIMEOUT_MS })
      journal.info('Booksdemo database is connected.')
      return true
    } catch (error) {
      const reason = errorText(error)
      journal.info(`Booksdemo database is not ready (${reason}). Wait for ${retryMs / 1000}s ...`)
      await delay(retryMs, undefined, { signal: stop }).catch(() => undefined)
    }
  }
  return false
}

/** Waits until the database is there. Undefined when it was told to stop before. */
export const openMysqlStock = async (options: MysqlStockOptions): Promise<Stock | undefined> => {
  const pool = await poolOf(options)
  if (!(await connected(pool, options))) {
    await pool.end()
    return undefined
  }
  return {
    add: async books => {
      await pool.query({ sql: ADD, timeout: QUERY_TIMEOUT_MS, values: [TOTAL_KEY, books] })
      const [rows] = await pool.query<RowDataPacket[]>({
        sql: TOTAL,
        timeout: QUERY_TIMEOUT_MS,
        values: [TOTAL_KEY],
      })
      return Number(rows[0]?.['value_int'] ?? 0)
    },
    close: () => pool.end(),
  }
}
