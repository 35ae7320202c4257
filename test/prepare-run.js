import { buildWhenStale } from './build-when-stale.js';
import { chooseTemporaryFolder } from './temporary-folder.js';

/** Once before all tests; the processes that run them inherit the environment. */
export default function prepareRun() {
  chooseTemporaryFolder();
  buildWhenStale();
}
