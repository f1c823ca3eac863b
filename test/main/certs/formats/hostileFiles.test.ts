// What strangers may send: deep, huge, malformed, and files that ask for years of key derivation. All of it costs little and ends in
// one sentence.
import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCertificate } from '../../../../main/certs/certificateFacts';
import { describeExtension } from '../../../../main/certs/extensionTexts';
import { readCertificateFiles } from '../../../../main/certs/formats/certificateFiles';
import {
  DerError,
  identifier,
  integer,
  nil,
  octetString,
  readDer,
  sequence,
  tagged,
} from '../../../../main/certs/formats/der';
import { readRequest } from '../../../../main/certs/requestInfo';
import { OpensslFixture } from '../../../helpers/opensslFixture';

const files = new OpensslFixture();
beforeAll(() => {
  files.key('ec', 'EC', 'ec_paramgen_curve:P-256');
  files.certificate('ec', {
    subject: '/CN=a.test',
    extensions: [
      'subjectAltName=DNS:a.test,IP:127.0.0.1',
      'keyUsage=digitalSignature',
      'extendedKeyUsage=serverAuth',
    ],
  });
  files.openssl('x509', '-in', 'ec.pem', '-outform', 'DER', '-out', 'ec.der');
  files.openssl(
    'pkcs12',
    '-export',
    '-in',
    'ec.pem',
    '-inkey',
    'ec.key',
    '-passout',
    'pass:x',
    '-iter',
    '1',
    '-out',
    'ec.p12',
  );
  files.openssl(
    'pkcs12',
    '-export',
    '-in',
    'ec.pem',
    '-inkey',
    'ec.key',
    '-passout',
    'pass:x',
    '-iter',
    '1',
    '-legacy',
    '-out',
    'legacy.p12',
  );
  files.openssl(
    'pkcs8',
    '-topk8',
    '-in',
    'ec.key',
    '-passout',
    'pass:x',
    '-iter',
    '1',
    '-outform',
    'DER',
    '-out',
    'sealed.der',
  );
  files.openssl(
    'req',
    '-new',
    '-key',
    'ec.key',
    '-subj',
    '/CN=a.test',
    '-addext',
    'subjectAltName=DNS:a.test',
    '-outform',
    'DER',
    '-out',
    'ec.csr',
  );
});
afterAll(() => files.close());

const read = (bytes: Uint8Array) => readCertificateFiles([{ name: 'x', bytes }], ['x']);

describe('readDer', () => {
  const deep = (levels: number) => {
    const bytes = Buffer.alloc(levels * 2, Buffer.of(0x30, 0x80));
    return bytes;
  };
  it.each<[string, Uint8Array, string]>([
    ['200,000 nested elements', deep(200_000), 'nested deeper'],
    ['elements without end', Buffer.alloc(500_000, Buffer.of(0x30, 0x80, 0x30, 0x00)), 'nested deeper'],
    ['a flood of elements', sequence(Buffer.alloc(200_002, Buffer.of(5, 0))), 'more than 50000 elements'],
    ['a length beyond the end', Buffer.from('308400ffffff', 'hex'), 'longer than what holds it'],
    ['a length of many octets', Buffer.from('308800ffffffffffffff00', 'hex'), 'a length is too large'],
    ['a child longer than its parent', Buffer.from('30030405aa', 'hex'), 'longer than'],
    ['a high tag number', Buffer.from('1f8f0100', 'hex'), 'tag number above 30'],
    ['nothing', new Uint8Array(), 'ends in the middle'],
    ['two elements', Buffer.from('05000500', 'hex'), 'left over'],
    ['2 MiB', Buffer.alloc(2_097_152, 0x30), 'larger than 1 MiB'],
  ])('refuses %s at once', (_what, bytes, words) => {
    const startedAt = performance.now();
    expect(() => readDer(bytes)).toThrow(words);
    expect(() => readDer(bytes)).toThrow(DerError);
    expect(performance.now() - startedAt).toBeLessThan(1000);
  });
});

describe('files that ask for work', () => {
  /** EncryptedPrivateKeyInfo whose PBKDF2 asks for so many rounds. */
  const pbkdf2Bomb = (rounds: number) =>
    sequence(
      sequence(
        identifier('1.2.840.113549.1.5.13'),
        sequence(
          sequence(
            identifier('1.2.840.113549.1.5.12'),
            sequence(octetString(Buffer.alloc(8)), integer(rounds)),
          ),
          sequence(identifier('2.16.840.1.101.3.4.1.42'), octetString(Buffer.alloc(16))),
        ),
      ),
      octetString(Buffer.alloc(32)),
    );
  const scryptBomb = sequence(
    sequence(
      identifier('1.2.840.113549.1.5.13'),
      sequence(
        sequence(
          identifier('1.3.6.1.4.1.11591.4.11'),
          sequence(octetString(Buffer.alloc(8)), integer(2 ** 30), integer(8), integer(1)),
        ),
        sequence(identifier('2.16.840.1.101.3.4.1.42'), octetString(Buffer.alloc(16))),
      ),
    ),
    octetString(Buffer.alloc(32)),
  );
  /** PKCS#12 whose own seal asks for so many rounds. */
  const macBomb = (rounds: number) =>
    sequence(
      integer(3),
      sequence(identifier('1.2.840.113549.1.7.1'), tagged(0, octetString(sequence()))),
      sequence(
        sequence(sequence(identifier('1.3.14.3.2.26'), nil), octetString(Buffer.alloc(20))),
        octetString(Buffer.alloc(8)),
        integer(rounds),
      ),
    );

  it.each<[string, Uint8Array]>([
    ['four billion rounds of PBKDF2', pbkdf2Bomb(2 ** 32)],
    ['a gigabyte of scrypt', scryptBomb],
    ['two billion rounds of PKCS#12', macBomb(2 ** 31)],
    ['no rounds at all', macBomb(0)],
  ])('refuses %s', async (_what, bytes) => {
    const startedAt = performance.now();
    const {
      files: [file],
    } = await read(bytes);
    expect(file?.status).toBe('unreadable');
    expect(file?.message).toMatch(/rounds|cost/);
    expect(performance.now() - startedAt).toBeLessThan(500);
  });

  it('lets others work while it derives a key by many rounds', async () => {
    let turns = 0;
    let isOver = false;
    const turn = () => {
      turns++;
      if (!isOver) setImmediate(turn);
    };
    turn();
    const {
      files: [file],
    } = await read(macBomb(50_000));
    isOver = true;
    expect(file?.status).toBe('wrongPassword');
    expect(turns).toBeGreaterThan(40);
  });
});

describe('damaged files', () => {
  /** The same sequence every time (xorshift). */
  const random = () => {
    let state = 0x2545f491;
    return (below: number) => {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      return (state >>> 0) % below;
    };
  };

  it.each(['ec.der', 'ec.p12', 'legacy.p12', 'sealed.der', 'ec.pem', 'ec.key', 'ec.csr'])(
    'are read or refused in words, 400 times %s',
    async (name) => {
      const whole = files.read(name);
      const next = random();
      const startedAt = performance.now();
      for (let round = 0; round < 400; round++) {
        const bytes = Buffer.from(whole.subarray(0, round % 5 === 0 ? next(whole.length) : whole.length));
        for (let change = 0; change < 1 + next(4) && bytes.length > 0; change++)
          bytes[next(bytes.length)] = next(256);
        const {
          files: [file],
          certificates,
        } = await read(bytes);
        if (file?.status === 'unreadable') expect(file.message).toMatch(/^x: \S/);
        for (const facts of certificates)
          for (const extension of facts.extensions) describeExtension(extension);
        if (name.endsWith('.csr')) {
          try {
            readRequest(bytes);
          } catch (error) {
            expect(error).toMatchObject({ code: 'invalid_input' });
          }
        }
      }
      expect(performance.now() - startedAt).toBeLessThan(15_000);
    },
  );

  it('are bounded in number of blocks and certificates', async () => {
    const many = await read(Buffer.from('-----BEGIN A-----\n-----END A-----\n'.repeat(20_000)));
    expect(many.files[0]?.message).toContain('more than 300 blocks');
    await expect(read(Buffer.from(files.text('ec.pem').repeat(250)))).rejects.toThrow(
      'more than 200 certificates',
    );
  });

  it('read a certificate with a thousand names as it is', () => {
    const names = Array.from({ length: 1500 }, (_, index) => `DNS:n${index}.test`).join(',');
    files.certificate('ec', { subject: '/CN=many', extensions: [`subjectAltName=${names}`] });
    expect(readCertificate(files.text('ec.pem')).dnsNames).toHaveLength(1000);
    expect(new X509Certificate(files.text('ec.pem')).subjectAltName).toContain('n1499.test');
  });
});
