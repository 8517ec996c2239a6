// A group's mark in the picture and beside its name: a letter first, a colour and a kind of edge besides, so that
// nobody depends on colours.

const looks = [
  "fill-primary/25 stroke-primary",
  "fill-warning/25 stroke-warning",
  "fill-info/25 stroke-info",
  "fill-success/25 stroke-success",
  "fill-secondary/25 stroke-secondary",
  "fill-error/20 stroke-error",
] as const;
const edges = ["none", "6 3", "2 2"] as const;

export interface Mark {
  letter: string;
  look: string;
  edge: string;
}

const ELSEWHERE: Mark = { letter: "–", look: "fill-base-content/10 stroke-base-content/50", edge: "none" };

/** The letters go A to Z, then AA; null is another course's. */
export function markOf(group: number | null): Mark {
  if (group === null) return ELSEWHERE;
  const edge = edges[Math.floor(group / looks.length) % edges.length]!;
  return { letter: letterOf(group), look: looks[group % looks.length]!, edge };
}

function letterOf(group: number): string {
  const letter = String.fromCharCode(65 + (group % 26));
  return group < 26 ? letter : letterOf(Math.floor(group / 26) - 1) + letter;
}

export function Swatch({ group }: { group: number | null }) {
  const { letter, look, edge } = markOf(group);
  const width = 14 + 8 * letter.length;
  return (
    <svg
      width={width}
      height="22"
      viewBox={`0 0 ${width} 22`}
      aria-hidden="true"
      class="inline-block shrink-0 align-middle"
    >
      <rect
        x="1"
        y="1"
        width={width - 2}
        height="20"
        rx="4"
        class={look}
        stroke-width="1.5"
        stroke-dasharray={edge}
      />
      <text x={width / 2} y="15.5" text-anchor="middle" class="fill-base-content text-[13px] font-semibold">
        {letter}
      </text>
    </svg>
  );
}
