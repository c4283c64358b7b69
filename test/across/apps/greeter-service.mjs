// What a .proto file would say. Messages are bytes, so that no compiler of such files is needed.
const bytes = {
  requestSerialize: message => message,
  requestDeserialize: message => message,
  responseSerialize: message => message,
  responseDeserialize: message => message,
}

export const GREETER = {
  greet: { path: '/greeter.Greeter/Greet', requestStream: false, responseStream: false, ...bytes },
  chat: { path: '/greeter.Greeter/Chat', requestStream: true, responseStream: true, ...bytes },
}
