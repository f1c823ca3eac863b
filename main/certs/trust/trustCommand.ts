// A program and its arguments, as it is shown and as it is run: the same list for both. Never through a shell.
import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { TrustCommand } from '../../contract/trustStore';

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly needsAdministrator?: boolean;
}

export interface CommandResult {
  /** null = it could not be started or was killed. */
  readonly exitCode: number | null;
  readonly output: string;
}

export type RunCommand = (command: Command) => Promise<CommandResult>;

const timeoutMs = 120_000;
const keptOutput = 4096;

/** How a command becomes administrator here. */
export type Elevation = 'none' | 'pkexec' | 'sudo';

/** What is really run: with pkexec in front where this program is not the administrator. */
export function elevated(command: Command, elevation: Elevation): Command {
  if (command.needsAdministrator !== true || elevation === 'none') return command;
  return { ...command, program: elevation, args: [command.program, ...command.args] };
}

export function shown(command: Command, elevation: Elevation): TrustCommand {
  const { program, args, needsAdministrator = false } = elevated(command, elevation);
  return {
    text: [program, ...args].map(quoted).join(' '),
    needsAdministrator: needsAdministrator && elevation !== 'none',
  };
}

export const runCommand: RunCommand = ({ program, args }) =>
  new Promise((resolve) => {
    execFile(
      program,
      [...args],
      { timeout: timeoutMs, maxBuffer: 4_194_304, windowsHide: true },
      (error, stdout, stderr) => {
        const output = `${stdout}${stderr}`.slice(-keptOutput);
        if (error === null) resolve({ exitCode: 0, output });
        else if (typeof error.code === 'number') resolve({ exitCode: error.code, output });
        else resolve({ exitCode: null, output: output === '' ? error.message.slice(0, keptOutput) : output });
      },
    );
  });

/** Is a program of that name in the path? */
export async function isProgram(name: string, path: string): Promise<boolean> {
  for (const folder of path.split(delimiter)) {
    if (folder === '') continue;
    try {
      await access(join(folder, name), constants.X_OK);
      return true;
    } catch {
      // Not in this folder.
    }
  }
  return false;
}

function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
