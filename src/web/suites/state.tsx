// Where a version stands: a shape, a colour and a word.
import type { Child } from "hono/jsx";
import type { VersionState } from "../../suites/tables.ts";
import { Icon } from "../components/icons.tsx";
import type { PageContext } from "../context.ts";

const looks: Record<VersionState, { colour: string; shape: Child }> = {
  registered: { colour: "", shape: <circle cx="8" cy="8" r="6" stroke-dasharray="2.5 2.5" /> },
  validating: {
    colour: "text-info",
    shape: (
      <>
        <circle cx="8" cy="8" r="6" />
        <path d="M8 4.6V8l2.3 1.6" />
      </>
    ),
  },
  proved: {
    colour: "text-success",
    shape: (
      <>
        <circle cx="8" cy="8" r="7" fill="currentColor" stroke="none" />
        <path d="M4.8 8.3 7 10.5l4.3-4.8" class="stroke-base-100" />
      </>
    ),
  },
  refused: {
    colour: "text-error",
    shape: (
      <>
        <rect x="1.5" y="1.5" width="13" height="13" rx="2" />
        <path d="m5.3 5.3 5.4 5.4m0-5.4-5.4 5.4" />
      </>
    ),
  },
  published: {
    colour: "text-primary",
    shape: (
      <>
        <path d="M8 1.5 14.5 8 8 14.5 1.5 8z" fill="currentColor" />
        <path d="M5.6 8.1 7.4 10l3.2-3.6" class="stroke-base-100" />
      </>
    ),
  },
};

export function StateTag({ at, state }: { at: PageContext; state: VersionState }) {
  const { colour, shape } = looks[state];
  return (
    <span
      class={`inline-flex items-center gap-1.5 font-medium whitespace-nowrap ${colour}`}
      data-version-state={state}
    >
      <Icon>{shape}</Icon>
      {at.t(`suite.state.${state}`)}
    </span>
  );
}
