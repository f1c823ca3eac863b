import { createPrivateKey, createPublicKey } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { describe, expect, it } from 'vitest';
import { createKeyPair, keyTypeOf } from '../../../main/certs/keyPairs';
import { certificateKeyTypes } from '../../../main/contract/certificate';

describe('createKeyPair', () => {
  it.each(certificateKeyTypes.filter((keyType) => keyType !== 'rsa-4096'))('makes %s', async (keyType) => {
    const { privateKeyPem, publicKey } = await createKeyPair(keyType);
    expect(keyTypeOf(privateKeyPem)).toBe(keyType);
    expect(createPublicKey(privateKeyPem).export({ format: 'der', type: 'spki' })).toEqual(publicKey);
    expect(createPrivateKey(privateKeyPem).asymmetricKeyType).toBe(keyType.startsWith('rsa') ? 'rsa' : 'ec');
  });

  it('leaves the event loop to others while RSA keys are made', async () => {
    const before = performance.eventLoopUtilization();
    const startedAt = performance.now();
    for (const { privateKeyPem } of await Promise.all([
      createKeyPair('rsa-4096'),
      createKeyPair('rsa-3072'),
    ])) {
      expect(privateKeyPem).toContain('PRIVATE KEY');
    }
    const { active } = performance.eventLoopUtilization(before);
    const elapsed = performance.now() - startedAt;
    // Made on this thread it would be busy all the time.
    expect(active).toBeLessThan(Math.max(elapsed / 2, 25));
  });
});
