// The built command line as a child process: lines as they come, exit code, nothing left behind.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const cli = join(import.meta.dirname, '..', '..', 'dist', 'main', 'cli.js');

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export class CliProcess {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #waiting = new Set<() => void>();
  stdout = '';
  stderr = '';
  readonly finished: Promise<Finished>;

  constructor(args: readonly string[], env: Readonly<Record<string, string>>) {
    const { DISPLAY: _display, WAYLAND_DISPLAY: _wayland, ...inherited } = process.env;
    this.#child = spawn(process.execPath, [cli, ...args], { env: { ...inherited, ...env } });
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
      this.#look();
    });
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
      this.#look();
    });
    this.finished = new Promise((resolve) => {
      this.#child.on('close', (code) => {
        resolve({ code, stdout: this.stdout, stderr: this.stderr });
        this.#look();
      });
    });
  }

  get pid(): number {
    return this.#child.pid!;
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** JSON lines of stdout so far. */
  lines(): Record<string, unknown>[] {
    const whole = this.stdout.slice(0, this.stdout.lastIndexOf('\n') + 1);
    return whole
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  /** The first JSON line that satisfies the claim; rejects when the process ends before. */
  line(claim: (line: Record<string, unknown>) => boolean): Promise<Record<string, unknown>> {
    return this.#until(() => this.lines().find(claim));
  }

  event(name: string): Promise<Record<string, unknown>> {
    return this.line((line) => line.event === name);
  }

  text(pattern: RegExp): Promise<RegExpExecArray> {
    return this.#until(() => pattern.exec(this.stdout + this.stderr) ?? undefined);
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill('SIGKILL');
    await this.finished;
  }

  #until<Value>(find: () => Value | undefined): Promise<Value> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = find();
        if (found !== undefined) {
          this.#waiting.delete(look);
          resolve(found);
        } else if (this.#child.exitCode !== null || this.#child.signalCode !== null) {
          this.#waiting.delete(look);
          reject(new Error(`ended with ${this.#child.exitCode}\n${this.stdout}\n${this.stderr}`));
        }
      };
      this.#waiting.add(look);
      look();
    });
  }

  #look(): void {
    for (const look of [...this.#waiting]) look();
  }
}

/** A folder for one test with its own data folder, and every process that the test started in it. */
export class CliSandbox {
  readonly #processes: CliProcess[] = [];

  private constructor(readonly folder: string) {}

  static async make(): Promise<CliSandbox> {
    return new CliSandbox(await mkdtemp(join(tmpdir(), 'hopscope-cli-')));
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  start(...args: string[]): CliProcess {
    const started = new CliProcess(args, { HOPSCOPE_DATA: this.path('data') });
    this.#processes.push(started);
    return started;
  }

  run(...args: string[]): Promise<Finished> {
    return this.start(...args).finished;
  }

  async close(): Promise<void> {
    for (const each of this.#processes) await each.stop();
    await rm(this.folder, { recursive: true });
  }
}
