// Preloaded into a process and all its threads: whoever touches the network is written down in $NETWORK_TRAP and fails.
const builtIn = (name) => process.getBuiltinModule(name);
const { appendFileSync } = builtIn('node:fs');

const trap = (name) =>
  function trapped() {
    appendFileSync(process.env.NETWORK_TRAP, `${name}\n`);
    throw new Error(`${name} was called`);
  };

const net = builtIn('node:net');
net.Socket.prototype.connect = trap('net.Socket.connect');
net.Server.prototype.listen = trap('net.Server.listen');
const dgram = builtIn('node:dgram');
dgram.createSocket = trap('dgram.createSocket');
dgram.Socket = trap('dgram.Socket');
for (const module of [builtIn('node:dns'), builtIn('node:dns/promises')]) {
  for (const name of Object.keys(module)) {
    if (/^(lookup|resolve|reverse)/.test(name)) module[name] = trap(`dns.${name}`);
  }
}
builtIn('node:http2').connect = trap('http2.connect');
globalThis.fetch = trap('fetch');
globalThis.WebSocket = trap('WebSocket');
builtIn('node:module').syncBuiltinESMExports();
