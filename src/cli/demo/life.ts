// What makes the demo's course look lived in: groups for the final project, work handed in late, an extension, rubric
// grades, comments, a regrade request that was answered and one that waits. All through the HTTP API, as its people.
import { z } from "zod";
import { ask } from "../client/api.ts";
import type { ClientSettings } from "../client/settings.ts";
import { COURSE } from "./session.ts";

const DAY_MS = 86_400_000;
const done = z.unknown();
const entries = z.looseObject({
  items: z.array(
    z.looseObject({
      id: z.string(),
      personId: z.string(),
      attempt: z.looseObject({ state: z.string() }).nullable(),
    }),
  ),
});
type Entry = z.infer<typeof entries>["items"][number];

export interface Cast {
  instructor: ClientSettings;
  tas: ClientSettings[];
  students: ClientSettings[];
}

const send = (who: ClientSettings, path: string, json: unknown, method?: string) =>
  ask(who, `/api/v1${path}`, done, { json, ...(method && { method }) });
const assignment = (slug: string) => `/assignments/${COURSE}.${slug}`;

/** Before anything is handed in: the first two students are a group of the final project. */
export async function formGroups({ instructor, students }: Cast): Promise<void> {
  const sets = `/courses/${COURSE}/group-sets`;
  const title = { en: "Final project", zh: "期末项目" };
  const set = { slug: "project", title, mostMembers: 3, formation: "students" };
  const { id } = await ask(instructor, `/api/v1${sets}`, z.looseObject({ id: z.string() }), { json: set });
  const [first, second] = students;
  const made = z.looseObject({ code: z.string() });
  const { code } = await ask(first!, `/api/v1${sets}/project/groups`, made, {
    json: { name: "Blue circles 蓝圆组" },
  });
  await send(second!, `${sets}/project/join`, { code });
  await send(instructor, assignment("final-t2i"), { groupSetId: id }, "PATCH");
}

/** On a machine without a GPU the work runs on a CPU, at the suite's reduced scale; its report says so. */
export async function fallback(
  instructor: ClientSettings,
  slug: string,
  gpuFallback: boolean,
): Promise<void> {
  await send(instructor, assignment(slug), { gpuFallback }, "PATCH");
}

/** After the rows are graded: the first homework is over, reviewed and published; somebody disagrees. */
export async function liveThrough(cast: Cast, say: (line: string) => void): Promise<void> {
  const { instructor, tas } = cast;
  const hw1 = assignment("hw1-cnn");
  const now = Date.now();
  const dueAt = new Date(Math.floor((now - DAY_MS / 2) / 60_000) * 60_000).toISOString();
  const dates = { opensAt: new Date(now - 21 * DAY_MS).toISOString(), dueAt };
  await send(
    instructor,
    hw1,
    { ...dates, latePercentPerDay: 10, lateLastDay: 3, counting: "latest" },
    "PATCH",
  );
  const { items } = await ask(instructor, `/api/v1${hw1}/submissions`, entries);
  const newest = [...Map.groupBy(items, ({ personId }) => personId).values()].map(([first]) => first!);
  const extended = newest[1];
  if (extended) {
    const wish = { dueAt: new Date(now + DAY_MS).toISOString(), reason: "Ill for three days 病假三天" };
    await send(instructor, `${hw1}/extensions/${extended.personId}`, wish, "PUT");
  }
  const [grader, other] = tas;
  // One is left for whoever tries the queue.
  for (const [at, entry] of newest.slice(0, -1).entries()) await review(grader!, entry, at);
  await send(instructor, hw1, { resultsPublishedAt: new Date(now - 60_000).toISOString() }, "PATCH");
  await disagree(cast, newest, other!);
  say(`hw1-cnn: ${newest.length} people, reviewed, published, two regrade requests`);
}

const grades: Record<string, [points: number, comment: string][]> = {
  derivation: [
    [800, "Every index in its place. 每个下标都写清楚了。"],
    [550, "The padded border is missing in dx. dx 缺少填充边界的推导。"],
    [700, ""],
  ],
  method: [
    [600, "Honest measurements. 实测可信。"],
    [450, "Say how much memory the views save. 请说明视图节省了多少内存。"],
    [500, ""],
  ],
  experiments: [
    [750, "Three seeds, well. 三个随机种子，很好。"],
    [600, "One more setting would carry the claim. 再加一组设置结论才站得住。"],
    [500, ""],
  ],
  errors: [
    [400, ""],
    [300, ""],
    [350, ""],
  ],
  writing: [
    [400, ""],
    [300, "Number the equations. 请给公式编号。"],
    [300, ""],
  ],
};

async function review(grader: ClientSettings, { id }: Entry, at: number): Promise<void> {
  for (const [item, ways] of Object.entries(grades)) {
    const [points, comment] = ways[at % ways.length]!;
    await send(grader, `/submissions/${id}/rubric/${item}`, { points, comment }, "PUT");
  }
  const text = "A view would do here: no copy is needed. 此处用视图即可，无需复制。";
  await send(grader, `/submissions/${id}/comments`, { path: "cnn.py", line: 3, text });
  if (at === 0) {
    const reason = "A figure that explains the strides 图示清楚地解释了步长";
    await send(grader, `/submissions/${id}/adjustments`, { points: 100, reason });
  }
}

/** Two of the reviewed ask; one request is answered by the other assistant, one waits. */
async function disagree({ students }: Cast, newest: Entry[], answerer: ClientSettings): Promise<void> {
  const made = z.looseObject({ id: z.string() });
  const reasons = [
    "The step that you miss is on page 2, below the figure. 缺失的步骤在第 2 页图的下方。",
    "Both curves are labelled in the caption. 图注中标明了两条曲线。",
  ];
  const asked: string[] = [];
  for (const student of students) {
    const [mine] = (await ask(student, `/api/v1${assignment("hw1-cnn")}/submissions?mine=true`, entries))
      .items;
    const reason = reasons[asked.length];
    if (!reason || !mine || !newest.slice(0, -1).some(({ id }) => id === mine.id)) continue;
    const json = { kind: "item", target: asked.length === 0 ? "derivation" : "experiments", reason };
    const { id } = await ask(student, `/api/v1/submissions/${mine.id}/regrade-requests`, made, { json });
    asked.push(id);
  }
  const words = "You are right, I see it now. 您说得对，已补分。";
  const [first] = asked;
  if (first)
    await send(answerer, `/regrade-requests/${first}/answer`, { outcome: "accepted", points: 150, words });
}
