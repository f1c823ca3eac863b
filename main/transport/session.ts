// One UI on one channel: frames in, calls out, results and pushes back. The border where nothing is believed: every
// input passes its schema here, once, and no error leaves with a stack.
import {
  type ApiEventName,
  type ApiEvents,
  type ApiMethod,
  type ApiParsedInput,
  type ApiResults,
  apiInputs,
} from '../contract/api';
import { AppError, serializeError } from '../contract/appError';
import { type CallFrame, callFrameSchema, type FrameChannel, type ServerFrame } from '../contract/frame';

/** The UI as the implementation of the api sees it. */
export interface ApiClient {
  push<Name extends ApiEventName>(name: Name, payload: ApiEvents[Name]): void;
  /** Bytes pushed and not yet taken; lets a sender drop what is droppable. */
  bufferedBytes(): number;
}

/** The api for one UI; its subscriptions end with `close`. */
export interface ApiConnection {
  call<Method extends ApiMethod>(
    method: Method,
    input: ApiParsedInput<Method>,
  ): Promise<ApiResults[Method]> | ApiResults[Method];
  close(): void;
}

export type OpenApi = (client: ApiClient) => ApiConnection;

export interface Session {
  close(): void;
}

/** Calls of one UI that may be under way at once. */
export const maxConcurrentCalls = 64;

export function openSession(channel: FrameChannel, openApi: OpenApi, onClosed?: () => void): Session {
  let isOpen = true;
  let concurrentCalls = 0;
  const send = (frame: ServerFrame) => {
    if (isOpen) channel.send(frame);
  };
  const connection = openApi({
    push: (name, payload) => send({ type: 'event', name, payload }),
    bufferedBytes: () => channel.bufferedBytes(),
  });
  const end = () => {
    if (!isOpen) return;
    isOpen = false;
    connection.close();
    onClosed?.();
  };

  channel.onClose(end);
  channel.onMessage((message) => {
    const frame = callFrameSchema.safeParse(message);
    if (!frame.success) {
      rejectFrame(message, send, () => channel.close());
      return;
    }
    if (concurrentCalls >= maxConcurrentCalls) {
      const error = new AppError('unavailable', `more than ${maxConcurrentCalls} calls at once`);
      send({ type: 'error', id: frame.data.id, error: serializeError(error) });
      return;
    }
    concurrentCalls++;
    void answer({ ...frame.data, input: frame.data.input }, connection).then((reply) => {
      concurrentCalls--;
      send(reply);
    });
  });
  return {
    close: () => {
      end();
      channel.close();
    },
  };
}

/** A frame that at least carries an id gets an answer; anything else is not our UI, so the line is cut. */
function rejectFrame(message: unknown, send: (frame: ServerFrame) => void, cut: () => void): void {
  const id = typeof message === 'object' && message !== null && 'id' in message ? message.id : null;
  if (!Number.isSafeInteger(id)) {
    cut();
    return;
  }
  const error = new AppError('invalid_input', 'that is not a call frame');
  send({ type: 'error', id: id as number, error: serializeError(error) });
}

async function answer(frame: CallFrame, connection: ApiConnection): Promise<ServerFrame> {
  try {
    const method = knownMethod(frame.method);
    const input = apiInputs[method].safeParse(frame.input);
    if (!input.success) {
      const first = input.error.issues[0];
      const where = first === undefined ? '' : ` at "${first.path.join('.')}": ${first.message}`;
      throw new AppError('invalid_input', `invalid input for ${method}${where}`);
    }
    const value = await connection.call(method, input.data as ApiParsedInput<typeof method>);
    return { type: 'result', id: frame.id, value };
  } catch (error) {
    return { type: 'error', id: frame.id, error: serializeError(error) };
  }
}

function knownMethod(method: string): ApiMethod {
  if (Object.hasOwn(apiInputs, method)) return method as ApiMethod;
  throw new AppError('not_found', `unknown method "${method}"`);
}
