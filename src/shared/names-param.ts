/** Parameters that list things of a platform; a run's locks follow from them. */
export type NamesParam = 'services' | 'secrets';

export const isNamesParam = (type: string | undefined): type is NamesParam =>
  type === 'services' || type === 'secrets';
