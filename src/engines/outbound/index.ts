export { AddressRules } from './address-rules.ts';
export { Outbound, type OutboundAnswer, OutboundRefusal, outboundLimits, type Resolve } from './outbound.ts';
