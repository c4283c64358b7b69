// A gRPC server as anybody's: says back what it hears, once or for as long as the client speaks.
import * as grpc from '@grpc/grpc-js'
import { GREETER } from './greeter-service.mjs'

const server = new grpc.Server()
server.addService(GREETER, {
  greet(call, done) {
    const name = call.request.toString()
    if (name === 'nobody') done({ code: grpc.status.NOT_FOUND, details: 'nobody is here' })
    else done(null, Buffer.from(`hello ${name}`))
  },
  chat(call) {
    call.on('data', part => call.write(part))
    call.on('end', () => call.end())
  },
})
const address = `${process.env.HOST}:${process.env.PORT}`
server.bindAsync(address, grpc.ServerCredentials.createInsecure(), error => {
  if (error) throw error
  console.log(`greets at ${address}`)
})
