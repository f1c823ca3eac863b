/** It failed in a way that a person can do something about; the message says what. */
export class SendError extends Error {
  override readonly name = 'SendError';
}
