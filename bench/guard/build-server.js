/** Builds dist/, where src/ is newer. */
import { buildWhenStale } from '../../test/build-when-stale.js';

buildWhenStale();
