import { isMap } from 'yaml';
import { yamlDocument } from '../../shared/yaml-document.ts';

/** The `name` of a platform file; undefined for a text that is none. */
export function parseYamlName(text: string): string | undefined {
  const root = yamlDocument(text, {})?.contents;
  const name = isMap(root) ? root.get('name') : undefined;
  return typeof name === 'string' ? name : undefined;
}
