import {assert, asyncProperty, nat, uniqueArray} from 'fast-check';
import {describe, expect, it} from 'vitest';
import {minimize} from '../../src/shrink/minimize.ts';

const range = (count: number): number[] => Array.from({length: count}, (_, index) => index);
const never = (): boolean => false;

describe('minimize', () => {
  it('keeps just the items that are needed together', async () => {
    const needed = uniqueArray(nat(199), {maxLength: 8});
    await assert(
      asyncProperty(needed, async (culprits) => {
        const fails = async (items: readonly number[]) =>
          culprits.every((culprit) => items.includes(culprit));
        const {items, isMinimal} = await minimize(range(200), {fails, isOver: never});
        expect(items).toEqual(culprits.toSorted((a, b) => a - b));
        expect(isMinimal).toBe(true);
      }),
    );
  });

  it('keeps as many as are needed where it does not matter which', async () => {
    const fails = async (items: readonly number[]) => items.length >= 37;
    expect((await minimize(range(500), {fails, isOver: never})).items).toHaveLength(37);
  });

  it('asks far fewer questions than there are items when one is to blame', async () => {
    let questions = 0;
    const fails = async (items: readonly number[]) => {
      questions += 1;
      return items.includes(12_345);
    };
    const {items} = await minimize(range(30_000), {fails, isOver: never});
    expect(items).toEqual([12_345]);
    expect(questions).toBeLessThan(60);
  });

  it('ends when the time is up, with what fails so far', async () => {
    let questions = 0;
    const fails = async (items: readonly number[]) => {
      questions += 1;
      return items.includes(3);
    };
    const {items, isMinimal} = await minimize(range(1_000), {fails, isOver: () => questions >= 2});
    expect(questions).toBe(2);
    expect(items.length).toBeLessThan(1_000);
    expect(items).toContain(3);
    expect(isMinimal).toBe(false);
  });

  it('leaves an empty list as it is', async () => {
    const fails = async () => true;
    expect(await minimize([], {fails, isOver: never})).toEqual({items: [], isMinimal: true});
  });
});
