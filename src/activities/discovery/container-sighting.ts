import type { ContainerInspectInfo } from 'dockerode';
import { type ContainerFacts, containerFacts } from '../docker/container-facts.ts';
import type { Appearance } from '../services/recognition.ts';

/** What one container shows of the service that it belongs to. The values of its variables end here. */
export interface ContainerSighting extends Appearance {
  readonly facts: ContainerFacts;
}

export function sightContainer(info: ContainerInspectInfo): ContainerSighting {
  const { Config, HostConfig } = info;
  const published = Object.keys(HostConfig.PortBindings ?? {});
  const exposed = Object.keys(Config.ExposedPorts ?? {});
  return {
    facts: containerFacts(info),
    image: Config.Image,
    words: [...wordsOf(Config.Entrypoint), ...wordsOf(Config.Cmd)],
    variables: (Config.Env ?? []).map((line) => line.split('=', 1)[0] ?? ''),
    ports: [...new Set([...published, ...exposed].flatMap(tcpPort))],
    mounts: (info.Mounts ?? []).map(({ Destination }) => Destination),
    healthCheck: checkWords(wordsOf(Config.Healthcheck?.Test)),
  };
}

const wordsOf = (given: string | readonly string[] | null | undefined): readonly string[] =>
  typeof given === 'string' ? [given] : (given ?? []);

/** `CMD` and `CMD-SHELL` say how the rest is run; `NONE` takes away the check of the image. */
export const checkWords = ([how = '', ...words]: readonly string[]): readonly string[] =>
  how === 'CMD' || how === 'CMD-SHELL' ? words : [];

/** `5432/tcp` */
function tcpPort(text: string): readonly number[] {
  const [port, protocol = 'tcp'] = text.split('/');
  return protocol === 'tcp' && Number(port) > 0 ? [Number(port)] : [];
}
