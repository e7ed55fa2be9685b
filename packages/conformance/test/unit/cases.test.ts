import { describe, expect, it } from 'vitest';
import { conformanceCases } from '../../src/index.js';
import { basicsMutants } from './mutants/basics-mutants.js';
import { durableMutants } from './mutants/durable-mutants.js';
import { hygieneMutants } from './mutants/hygiene-mutants.js';
import { messageMutants } from './mutants/message-mutants.js';
import { reconnectMutants } from './mutants/reconnect-mutants.js';
import { sharingMutants } from './mutants/sharing-mutants.js';
import { subscriptionMutants } from './mutants/subscription-mutants.js';

const mutants = [
  basicsMutants,
  hygieneMutants,
  messageMutants,
  subscriptionMutants,
  durableMutants,
  sharingMutants,
  reconnectMutants,
].flat();

describe('the cases', () => {
  it('have an id each', () => {
    expect(new Set(conformanceCases.map(({ id }) => id)).size).toBe(conformanceCases.length);
  });

  it('can each fail: some mutant fails it', () => {
    const fallible = new Set(mutants.flatMap(({ fails }) => fails));
    expect(conformanceCases.map(({ id }) => id).filter((id) => !fallible.has(id))).toEqual([]);
  });

  it('each find something: every mutant fails at least one', () => {
    expect(mutants.filter(({ fails }) => fails.length === 0).map(({ fault }) => fault)).toEqual([]);
  });
});
