// How the flow of one process stands, for its console: the same figures as its /metrics.
import type { CollectorStats } from '../../collector/options.js';
import type { FlowFigures } from '../../console/server/status-watch.js';
import type { DetectorStats } from '../../detector/main.js';

export function flowOf({ spool, full }: CollectorStats, { lagMs, problem }: Pick<DetectorStats, 'lagMs' | 'problem'>, name: string): FlowFigures {
  const { bytes: spoolBytes, bytesPerSecond, lastsMs, undeliveredBytes } = spool;
  return {
    evaluation: { lagMs, streams: [], ...(problem === undefined ? {} : { problem }) },
    intakes: [{ name, reached: true, taking: !full, spoolBytes, bytesPerSecond, ...(lastsMs === undefined ? {} : { lastsMs }), waiting: undeliveredBytes > 0 }],
  };
}
