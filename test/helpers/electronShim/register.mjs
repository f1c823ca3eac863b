// `node --import register.mjs dist/main/index.js`: the name "electron" means the shim beside this file.
import { register } from 'node:module';

const shim = new URL('./electron.mjs', import.meta.url).href;
const hooks = `export function resolve(specifier, context, next) {
  return specifier === 'electron' ? { url: ${JSON.stringify(shim)}, shortCircuit: true } : next(specifier, context);
}`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
