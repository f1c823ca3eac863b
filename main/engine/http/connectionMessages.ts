import { HeadReader } from './headReader';
import { MessageBody } from './messageBody';
import { RequestHead } from './requestHead';
import { ResponseHead } from './responseHead';

/** What reads the messages of a connection. One exchange at a time, so one of each is enough for all its requests. */
export class ConnectionMessages {
  readonly head = new RequestHead();
  readonly headReader = new HeadReader(this.head);
  readonly responseHead = new ResponseHead();
  readonly requestBody = new MessageBody();
  readonly responseBody = new MessageBody();
}
