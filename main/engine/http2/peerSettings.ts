// What the peer said in SETTINGS (RFC 9113 6.5.2).
import { defaultWindow, ErrorCode, maxFrameBytes, maxWindow, Setting } from './frame';
import { defaultTableBytes } from './hpackStaticTable';

export class PeerSettings {
  headerTableSize = defaultTableBytes;
  maxConcurrentStreams = Number.POSITIVE_INFINITY;
  initialWindowSize = defaultWindow;
  /** RFC 8441: the peer takes extended CONNECT. */
  enablesConnectProtocol = false;

  constructor(private readonly isPeerServer: boolean) {}

  /** Reads a payload whose length is a multiple of six; returns 0, or the code of the connection error. */
  read(buffer: Buffer, start: number, end: number): number {
    for (let position = start; position < end; position += 6) {
      const error = this.#set(buffer.readUInt16BE(position), buffer.readUInt32BE(position + 2));
      if (error !== 0) return error;
    }
    return 0;
  }

  #set(setting: number, value: number): number {
    switch (setting) {
      case Setting.headerTableSize:
        this.headerTableSize = value;
        return 0;
      case Setting.enablePush:
        return value > 1 || (this.isPeerServer && value !== 0) ? ErrorCode.protocolError : 0;
      case Setting.maxConcurrentStreams:
        this.maxConcurrentStreams = value;
        return 0;
      case Setting.initialWindowSize:
        if (value > maxWindow) return ErrorCode.flowControlError;
        this.initialWindowSize = value;
        return 0;
      case Setting.maxFrameSize:
        // We never send more than the smallest allowed maximum.
        return value < maxFrameBytes || value > 0xff_ffff ? ErrorCode.protocolError : 0;
      case Setting.enableConnectProtocol:
        if (value > 1) return ErrorCode.protocolError;
        this.enablesConnectProtocol = value === 1;
        return 0;
      default:
        return 0;
    }
  }
}
