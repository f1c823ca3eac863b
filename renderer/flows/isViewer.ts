import { createContext } from 'react';

/** Nothing runs: a capture file is looked at, so nothing can be sent and there is no workspace to go to. */
export const IsViewer = createContext(false);
