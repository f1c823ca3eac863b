// `hopscope check FILE`: everything that can be said about a workspace, without running it.
import { join } from 'node:path';
import { checkWorkspaceText } from '../contract/checkWorkspaceText';
import type { Workspace } from '../contract/config';
import type { ConfigIssue } from '../contract/configIssue';
import { parseWorkspaceText, withPositions } from '../contract/workspaceText';
import { dataFolder } from '../platform/dataFolder';
import { ConfigFile } from '../services/configFile';
import { checkCertificates, checkCodings, checkPorts } from '../services/machineChecks';
import {
  type CommandIo,
  type ExitCode,
  isUnreadable,
  oneLine,
  onlyFile,
  parseCommand,
  printIssues,
} from './commandLine';
import { openStore } from './openStore';

const help = `Usage: hopscope check FILE [--store DIR]

  Says what is wrong with a workspace as FILE:LINE:COLUMN path: message (code) on stderr: the document itself, ports that
  cannot be bound here, certificates that the store does not have. Runs nothing.

  --store DIR   folder of the certificate store (default: "certificates" in the app's data folder)
  -h, --help    this text

  Exit code: 0 it can run (there may be warnings), 1 it cannot, 2 FILE cannot be read.
`;

const options = {
  store: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

export async function runCheck(args: string[], io: CommandIo): Promise<ExitCode> {
  const { values, positionals } = parseCommand(args, options);
  if (values.help) {
    io.stdout.write(help);
    return 0;
  }
  const path = onlyFile(positionals);
  const text = await readWorkspaceFile(path, io);
  if (text === null) return 2;
  const { workspace, issues } = checkWorkspaceText(text);
  const found =
    workspace === null
      ? issues
      : [...issues, ...withPositions(await machineIssues(workspace, values.store), parseWorkspaceText(text))];
  printIssues(found, path, io);
  return found.some((issue) => issue.severity === 'error') ? 1 : 0;
}

/** null = it cannot be read, and that was said. */
export async function readWorkspaceFile(path: string, io: CommandIo): Promise<string | null> {
  try {
    const text = await new ConfigFile(path).read();
    if (text !== null) return text;
    io.stderr.write(`${path} cannot be read: there is no such file (unreadable_file)\n`);
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    io.stderr.write(`${oneLine(error)} (unreadable_file)\n`);
  }
  return null;
}

async function machineIssues(workspace: Workspace, store: string | undefined): Promise<ConfigIssue[]> {
  const namesCertificates =
    workspace.listeners.some(({ tls }) => tls !== undefined) ||
    workspace.pools.some(({ tls }) => tls !== undefined);
  const codings = checkCodings(workspace);
  if (!namesCertificates) return [...codings, ...(await checkPorts(workspace, []))];
  const folder = store ?? join(dataFolder(), 'certificates');
  const certificates = await openStore(folder);
  try {
    const own = [...codings, ...checkCertificates(workspace, certificates.materials())];
    return [...own, ...(await checkPorts(workspace, []))];
  } finally {
    certificates.close();
  }
}
