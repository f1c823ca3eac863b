import { createContext } from 'react';

/** Puts text on the clipboard. The app replaces it where the window cannot reach the clipboard itself. */
export const CopyContext = createContext<(text: string) => Promise<void>>((text) =>
  navigator.clipboard.writeText(text),
);
