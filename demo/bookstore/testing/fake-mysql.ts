import { type AddressInfo, createServer as createNetServer } from 'node:net'
import { type Connection, createServer } from 'mysql2'

/** Speaks the protocol and knows the two statements of the stock. `refuse` makes it turn queries down. */
export interface FakeMysql {
  readonly address: string
  readonly queries: readonly string[]
  readonly users: readonly string[]
  readonly refuse: (times: number) => void
  readonly close: () => Promise<void>
}

const freePort = async (): Promise<number> => {
  const probe = createNetServer()
  await new Promise<void>(resolve => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as AddressInfo
  await new Promise(resolve => probe.close(resolve))
  return port
}

const HANDSHAKE = {
  protocolVersion: 10,
  serverVersion: '8.0.0',
  connectionId: 1,
  statusFlags: 2,
  characterSet: 8,
  // Protocol 4.1, secure connection, connect with database
  capabilityFlags: 0x8200 | 0x8,
}

const COLUMN = {
  catalog: 'def',
  schema: 'booksdemo',
  table: 'records',
  orgTable: 'records',
  name: 'value_int',
  orgName: 'value_int',
  characterSet: 33,
  columnLength: 20,
  columnType: 8,
  flags: 0,
  decimals: 0,
}

export const openFakeMysql = async (): Promise<FakeMysql> => {
  const queries: string[] = []
  const users: string[] = []
  let refusals = 0
  let total = 0
  const port = await freePort()
  const answer = (connection: Connection, sql: string): void => {
    if (refusals > 0) {
      refusals--
      connection.writeError({ code: 1049, message: "Unknown database 'booksdemo'" })
      return
    }
    const added = /VALUES \('total-books', (-?\d+)\)/.exec(sql)?.[1]
    total += Number(added ?? 0)
    if (sql.startsWith('SELECT')) connection.writeTextResult([{ value_int: total }], [COLUMN])
    else connection.writeOk()
  }
  const server = createServer(connection => {
    connection.serverHandshake({
      ...HANDSHAKE,
      authCallback: (login: { user: string; database: string }, done: (error: null) => void) => {
        users.push(`${login.user}@${login.database}`)
        done(null)
        connection.sequenceId = 0
      },
    })
    connection.on('error', () => undefined)
    connection.on('query', (sql: string) => {
      queries.push(sql)
      // The library leaves the numbering of packets to its server: an answer begins at 1, the next question at 0.
      connection.sequenceId = 1
      answer(connection, sql)
      connection.sequenceId = 0
    })
  })
  server.listen(port)
  return {
    address: `127.0.0.1:${port}`,
    queries,
    users,
    refuse: times => {
      refusals = times
    },
    close: () => new Promise(resolve => server.close(() => resolve())),
  }
}
