// Every filter type and its behaviour.
import { access } from './access';
import { basicAuth } from './basicAuth';
import { cache } from './cache';
import { compress } from './compress';
import { fault } from './fault';
import type { FilterRegistry } from './filterKind';
import { mirror } from './mirror';
import { rateLimit } from './rateLimit';
import { redirect } from './redirect';
import { requestHeaders } from './requestHeaders';
import { respond } from './respond';
import { responseHeaders } from './responseHeaders';
import { rewrite } from './rewrite';

export const filterRegistry: FilterRegistry = {
  requestHeaders,
  responseHeaders,
  rewrite,
  redirect,
  respond,
  mirror,
  fault,
  rateLimit,
  cache,
  compress,
  basicAuth,
  access,
};
