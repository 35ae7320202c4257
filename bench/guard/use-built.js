/**
 * Imported before a measuring process begins: takes the server from dist/, as it runs in earnest. The loader of TypeScript
 * gives every function its name at run time, each time it is made, and that would be measured, too.
 */
import { register } from 'node:module';

register('./built-hooks.js', import.meta.url);
