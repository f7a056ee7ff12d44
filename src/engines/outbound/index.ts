export { AddressRules } from './address-rules.ts';
export {
  Outbound,
  type OutboundAnswer,
  OutboundRefusal,
  outboundLimits,
  type Resolve,
  systemResolve,
} from './outbound.ts';
