import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { searchAttributes } from './messages.ts';

const keyword = (name: string) => defineSearchAttributeKey(name, SearchAttributeType.KEYWORD);

/** Our search attributes as the SDK sets and reads them. */
export const searchAttributeKeys = {
  platform: keyword(searchAttributes.platform),
  state: keyword(searchAttributes.state),
  step: keyword(searchAttributes.step),
  trigger: keyword(searchAttributes.trigger),
  plan: defineSearchAttributeKey(searchAttributes.plan, SearchAttributeType.BOOL),
};
