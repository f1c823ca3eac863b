import { describe, expect, it } from 'vitest';
import { trustInstructions } from '../../../main/contract/trustInstructions';

function commandOf(client: string, caFile: string, platform: string): string | null | undefined {
  return trustInstructions(caFile, platform).find((instruction) => instruction.client === client)?.steps[0]
    ?.command;
}

describe('trustInstructions', () => {
  it('quotes a file name with spaces and apostrophes for the shell', () => {
    expect(commandOf('curl', "/home/ann's place/ca.pem", 'linux')).toBe(
      "curl --cacert '/home/ann'\\''s place/ca.pem' https://shop.test/",
    );
  });

  it('leaves a plain file name alone', () => {
    expect(commandOf('Node.js', '/data/ca.pem', 'darwin')).toBe('export NODE_EXTRA_CA_CERTS=/data/ca.pem');
  });

  it('speaks PowerShell on Windows', () => {
    expect(commandOf('Node.js', 'C:\\data\\ca.pem', 'win32')).toBe(
      '$env:NODE_EXTRA_CA_CERTS = "C:\\data\\ca.pem"',
    );
  });
});
