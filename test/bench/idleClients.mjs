// `node idleClients.mjs PORT COUNT`: opens COUNT connections, asks once on each, keeps them, says "ready" on stdout.
import { connect } from 'node:net';

const [port, count] = process.argv.slice(2).map(Number);
const atOnce = 32;
const sockets = [];

async function open() {
  while (sockets.length < count) {
    const socket = connect(port, '127.0.0.1');
    sockets.push(socket);
    await new Promise((done, fail) => {
      socket.once('data', done);
      socket.once('error', fail);
      socket.once('close', () => fail(new Error('closed without an answer')));
      socket.write('GET / HTTP/1.1\r\nHost: bench.test\r\n\r\n');
    });
    socket.removeAllListeners('close');
    socket.on('close', () => {
      console.log('a connection was closed');
      process.exit(1);
    });
  }
}

await Promise.all(Array.from({ length: atOnce }, open));
console.log('ready');
