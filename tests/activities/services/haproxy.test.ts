import { describe, expect, test } from 'vitest';
import { haproxy, parseBackends } from '../../../src/activities/services/haproxy/kind.ts';
import { curl, running, serviceDouble } from './service-double.ts';

const csv = (
  primary: string,
) => `# pxname,svname,qcur,qmax,scur,smax,slim,stot,bin,bout,dreq,dresp,ereq,econ,eresp,wretr,wredis,status,weight,act
primary,FRONTEND,,,7,8,500,138,60023,99058,0,0,0,,,,,OPEN,,
primary,pg1,0,0,0,0,,0,0,0,,0,,0,0,0,0,DOWN,1,1
primary,BACKEND,0,0,7,8,50,138,60023,99058,0,0,,9,0,0,0,${primary},1,1
replica,BACKEND,0,0,0,1,50,1,290,718,0,0,,0,0,0,0,UP,2,2
state,FRONTEND,,,1,1,500,27,2288,3900,0,0,0,,,,,OPEN,,
`;
const check = (answer: ReturnType<typeof curl>, settings = {}) =>
  haproxy.health?.check(serviceDouble([running('haproxy')], () => answer, settings));

test('backends are read by the titles of the columns', () => {
  expect(parseBackends(csv('DOWN'))).toEqual([
    { name: 'primary', up: false },
    { name: 'replica', up: true },
  ]);
  expect(parseBackends('<html>')).toEqual([]);
});

describe('a proxy', () => {
  test('with a server behind each backend is healthy', async () => {
    expect(await check(curl(200, csv('UP')))).toMatchObject({
      ready: true,
      healthy: true,
      summary: 'servers behind primary, replica',
    });
  });

  test('with nothing behind a backend is ready and not healthy', async () => {
    expect(await check(curl(200, csv('DOWN')))).toMatchObject({
      ready: true,
      healthy: false,
      unhealthy: ['haproxy'],
      summary: 'no server behind primary',
    });
  });

  test('is held to the backends that the platform file names', async () => {
    const verdict = (backends: string) => check(curl(200, csv('DOWN')), { backends });
    expect(await verdict('replica')).toMatchObject({ healthy: true });
    expect(await verdict('replica, missing')).toMatchObject({ healthy: false });
  });

  test('that does not answer is not ready', async () => {
    expect(await check(curl(0))).toMatchObject({ ready: false, healthy: false });
  });
});
