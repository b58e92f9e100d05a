// node client.mjs PACKAGE COUNT: so many sockets of the real client. Every event is a line:
// "CLIENT EVENT ARGUMENT". From the environment: URL, and T, the token.
import { createRequire } from 'node:module';

const [, , name, count] = process.argv;
const { io } = createRequire(import.meta.url)(name);

for (let client = 0; client < Number(count); client += 1) {
  const say = (event, argument = '') => console.log(`${client} ${event} ${argument}`);
  const socket = io(process.env.URL, {
    transports: ['websocket'],
    forceNew: true,
    reconnectionDelay: 100,
    reconnectionDelayMax: 500,
  });
  socket.on('connect', () => {
    say('connect');
    socket.emit('auth:init', { token: process.env.T });
    socket.emit('presence:ping');
  });
  socket.on('disconnect', (reason) => say('disconnect', reason));
  socket.on('auth:error', (problem) => say('auth:error', problem.message));
  socket.on('job:progress', (job) => say('job:progress', job.progress.current));
  socket.on('job:done', (job) => say('job:done', job.id));
  socket.on('notification:new', (told) => say('notification:new', JSON.stringify(told)));
}
