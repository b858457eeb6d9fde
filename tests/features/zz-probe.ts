import { World } from '../support/world.ts';
import { taskQueue } from '../../src/shared/messages.ts';
const t0=Date.now();
const world = await World.open({ platform: 'mini' });
console.log('open', Date.now()-t0);
try {
for (const id of ['../../etc/x','é/😀\u202e']) {
  const t=Date.now();
  const h = await world.client.workflow.start('deploy',{taskQueue, workflowId:id, args:[{options:{plan:true}}]});
  const r = await world.report(h);
  console.log(id, Date.now()-t, r.outcome, r.summary, JSON.stringify(r.error));
  for (const s of r.steps) console.log('  ', s.id, s.status, Date.parse(s.endedAt??'')-Date.parse(s.startedAt), s.now);
}
  const t=Date.now();
  const r = await world.cli('start','deploy','--yes');
  console.log(Date.now()-t, r);
} finally { await world.close(); }
process.exit(0);
