import assert from "node:assert/strict";
import { test } from "node:test";
import { grouped, groupWords, saidOf } from "./mark_groups.ts";

const SIZES = { gap: 9, room: 24 };
const at = (epoch: number) => ({ epoch, label: `Head ${epoch} locks in`, color: "red" });
const placed = (epochs: readonly number[]) =>
  grouped(epochs.map(at), (epoch) => epoch, 1000, SIZES).map(({ marks, place }) => [marks.length, place]);

test("a few marks that coincide stand beside each other", () => {
  assert.deepEqual(placed([0, 0, 0, 0, 3, 70]), [
    [1, 0],
    [1, 9],
    [1, 18],
    [1, 27],
    [1, 36],
    [1, 70],
  ]);
  assert.deepEqual(placed([]), []);
});

test("many are one mark at their place, and others stay alone", () => {
  assert.deepEqual(placed([...Array(72).fill(200), 500, 1000]), [
    [72, 200],
    [1, 500],
    [1, 1000],
  ]);
});

test("however many there are, none stands far from its epoch", () => {
  for (const count of [10, 144, 2000]) {
    const marks = Array.from({ length: count }, (_, i) => at(Math.floor((i * i * 1000) / (count * count))));
    const groups = grouped(marks, (epoch) => epoch, 1000, SIZES);
    assert.deepEqual(
      groups.flatMap((group) => group.marks),
      marks,
    );
    for (const { marks: members, place } of groups) assert.ok(Math.abs(place - members[0].epoch) <= 36, `${place}`);
  }
});

test("a group says what happens, of which heads, and its notes", () => {
  const ends = { color: "red", label: "L0H1 locks in, relative to epoch 12" };
  const marks = [
    { ...ends, epoch: 8 },
    { ...ends, epoch: 8, label: "L3H11 locks in, relative to epoch 12" },
    { epoch: 9, color: "grey", label: "test accuracy reaches 0.99" },
    { epoch: 9, color: "blue", label: "look here", isNote: true },
  ];
  assert.equal(
    groupWords(marks),
    "Epochs 8 to 9\nlocks in, relative to epoch 12: L0H1, L3H11\ntest accuracy reaches 0.99\nEpoch 9: look here",
  );
  assert.equal(groupWords(marks.slice(0, 1)), "L0H1 locks in, relative to epoch 12: epoch 8");
  const all = Array.from({ length: 30 }, (_, i) => ({ ...ends, epoch: 1200, label: `Head ${i} locks in` }));
  assert.match(groupWords(all), /^Epoch 1,200\nlocks in: Head 0, .*, Head 23 and 6 more$/);
});

test("what has no name with a number is said as it is", () => {
  assert.deepEqual(saidOf(["query head locks in", "Head 4: score 0.9", "Head 5: score 0.9", "reaches 0.99"]), [
    { what: "query head locks in", names: [] },
    { what: "score 0.9", names: ["Head 4", "Head 5"] },
    { what: "reaches 0.99", names: [] },
  ]);
});
