import { HeadReader } from './headReader';
import { BodyKind, MessageBody } from './messageBody';
import { RequestHead } from './requestHead';
import { ResponseHead } from './responseHead';

/** What reads the messages of one exchange, and then those of the next: on an HTTP/1.x connection, or on an HTTP/2 stream. */
export class ConnectionMessages {
  readonly head = new RequestHead();
  readonly headReader = new HeadReader(this.head);
  readonly responseHead = new ResponseHead();
  readonly requestBody = new MessageBody();
  readonly responseBody = new MessageBody();

  /** Nothing of an earlier exchange may speak for the next one. */
  forget(): void {
    this.head.forget();
    this.requestBody.start(BodyKind.none, 0);
    this.responseBody.start(BodyKind.none, 0);
  }
}
