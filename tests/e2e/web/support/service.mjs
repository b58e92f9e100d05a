// The real program on demo data, on a port of its own, in a folder of its own.
import { execFileSync, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fromDisk } from './from_disk.mjs';

const program = process.env.MUTIRAO_PROGRAM;
const running = new Set();
const folders = new Set();
export const SECRET = 'a secret of the tests, of 32 bytes or more';

process.on('exit', () => {
  running.forEach((child) => child.kill('SIGKILL'));
  folders.forEach((folder) => rmSync(folder, { recursive: true, force: true }));
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

/**
 * companies: in each unit; users: [[email, password, options of `users add`…]]. Under `--dev`: Ana (7, admin), Bruno (8, the first unit), Carla (9).
 */
export async function startService({ units = 2, companies = 30, users = [], args = [] } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'mutirao-web-'));
  folders.add(folder);
  const service = new Service(`sqlite:${join(folder, 'mutirao.db')}`, args);
  service.run('demo', '--units', String(units), '--companies', String(companies));
  for (const user of users) service.addUser(...user);
  await service.start();
  if (process.env.MUTIRAO_WEB_FROM_DISK) service.front = await fromDisk(() => service.port);
  return service;
}

class Service {
  constructor(database, args) {
    this.database = database;
    this.args = args;
    this.secret = SECRET;
    this.port = 0;
  }

  get url() {
    return `http://127.0.0.1:${this.front?.address().port ?? this.port}`;
  }

  /** A command of the program on the service's database. */
  run(command, ...args) {
    return execFileSync(program, [command, ...args, '--database', this.database]).toString();
  }

  /** Before start(): a user who signs in with this password. */
  addUser(email, password, ...args) {
    const given = ['users', 'add', '--email', email, ...args, '--database', this.database];
    execFileSync(program, given, { input: `${password}\n` });
  }

  /** On the port that it had. */
  async start() {
    const listen = ['--listen', `127.0.0.1:${this.port}`];
    this.child = spawn(
      program,
      ['serve', '--dev', ...listen, '--database', this.database, ...this.args],
      {
        env: { ...process.env, MUTIRAO_JWT_SECRET: this.secret },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    running.add(this.child);
    this.said = '';
    this.child.stderr.on('data', (text) => (this.said += text));
    const lines = createInterface({ input: this.child.stdout });
    for await (const line of lines) {
      const [, port] = /^listening on http.*:(\d+)$/.exec(line) ?? [];
      if (port) {
        this.port = Number(port);
        return;
      }
    }
    throw new Error(`the service did not start: ${this.said}`);
  }

  /** For good. */
  async end() {
    this.front?.close();
    this.front?.closeAllConnections();
    await this.kill();
  }

  /** As a crash does. */
  async kill() {
    const ended = new Promise((done) => this.child.once('exit', done));
    this.child.kill('SIGKILL');
    await ended;
    running.delete(this.child);
  }

  /** A request as a user: {status, headers, data}. */
  async ask(method, path, { user = 7, json } = {}) {
    const answer = await fetch(this.url + path, {
      method,
      headers: {
        Authorization: `Bearer ${this.token({ userId: user, permissions: ['admin'] })}`,
        ...(json && { 'Content-Type': 'application/json' }),
      },
      body: json && JSON.stringify(json),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, data: text && JSON.parse(text) };
  }

  token(claims, seconds = 600) {
    const now = Math.floor(Date.now() / 1000);
    const part = (what) => Buffer.from(JSON.stringify(what)).toString('base64url');
    const text = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ ...claims, iat: now, exp: now + seconds })}`;
    return `${text}.${createHmac('sha256', this.secret).update(text).digest('base64url')}`;
  }
}
