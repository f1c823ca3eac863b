// The part of Node's inside that turnWriter.ts and socketReader.ts rest on: `process.binding` gives it, which Node keeps for
// such uses (DEP0111). null where it is not as expected; then everything goes through Node's streams.

/** Node's object for one write; good for another one if the write was done at once. */
export interface WriteRequest {
  oncomplete?: (this: this, status: number) => void;
}

export interface WriteHandle {
  /** 0 = the system took it, wholly or in part. */
  writeLatin1String(request: WriteRequest, text: string): number;
}

export interface ReadHandle {
  reading: boolean;
  onread: (this: ReadHandle, bytes: ArrayBuffer | undefined) => unknown;
  readStop(): number;
  /** Reads go into this buffer; `onread` is told nothing but their length, in the binding's state. */
  useUserBuffer(buffer: Uint8Array): void;
}

interface StreamBinding {
  readonly WriteWrap: new () => WriteRequest;
  readonly streamBaseState: Int32Array;
  /** Indexes into the state. */
  readonly kReadBytesOrError: number;
  readonly kLastWriteWasAsync: number;
}

type HandleClass = new (kind: number) => WriteHandle & ReadHandle;

export const streamBinding = expectedStreamBinding();
/** The class of the handles of TCP sockets. */
export const TcpHandle = bindingOf<{ readonly TCP: HandleClass }>('tcp_wrap')?.TCP ?? null;

function expectedStreamBinding(): StreamBinding | null {
  const binding = bindingOf<StreamBinding>('stream_wrap');
  const isExpected =
    binding?.streamBaseState instanceof Int32Array &&
    typeof binding.WriteWrap === 'function' &&
    typeof binding.kReadBytesOrError === 'number' &&
    typeof binding.kLastWriteWasAsync === 'number';
  return isExpected ? binding : null;
}

function bindingOf<Binding>(name: string): Binding | null {
  try {
    const { binding } = process as unknown as { binding?: (name: string) => unknown };
    return (binding?.(name) as Binding | undefined) ?? null;
  } catch {
    return null;
  }
}
