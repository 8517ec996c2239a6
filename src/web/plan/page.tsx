import type { NoPlan, Plan } from "../../insight/plan.ts";
import { Alert, Card, Fact, Facts } from "../components/parts.tsx";
import type { PageContext } from "../context.ts";
import { count } from "../format.ts";
import { Lines } from "../insight/lines.tsx";
import { curveNames, type PlanForm } from "./form.ts";

export interface PlanView {
  form: PlanForm;
  plan: Plan | NoPlan;
}

interface Props {
  at: PageContext;
  view: PlanView;
}

/** A rush, simulated: the question on the left, how long people wait on the right. */
export function PlanPart({ at, view }: Props) {
  const { plan } = view;
  return (
    <div class="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-[20rem_minmax(0,1fr)]">
      <Ask at={at} form={view.form} />
      {"reason" in plan ? (
        <Alert kind="info" title={at.t("plan.none")}>
          {plan.reason === "history" ? at.t("plan.no-history") : at.t("plan.no-times", { count: plan.count })}
        </Alert>
      ) : (
        <Answer at={at} view={view} plan={plan} />
      )}
    </div>
  );
}

function Ask({ at, form }: { at: PageContext; form: PlanForm }) {
  const numbers = ["students", "each", "minutes", "workers", "slots", "wait"] as const;
  return (
    <Card title={at.t("plan.ask")} id="ask">
      <form method="get" class="grid gap-3 text-sm">
        {numbers.map((name) => (
          <label>
            {at.t(`plan.${name}`)}
            <input
              type="number"
              name={name}
              value={form[name]}
              min={1}
              required
              inputmode="numeric"
              class="input mt-1 w-full"
            />
          </label>
        ))}
        <label>
          {at.t("plan.curve")}
          <select name="curve" class="select mt-1 w-full">
            {curveNames.map((name) => (
              <option value={name} selected={name === form.curve}>
                {at.t(`plan.curve.${name}`)}
              </option>
            ))}
          </select>
        </label>
        <label>
          {at.t("plan.lane")}
          <select name="lane" class="select mt-1 w-full">
            {(["cpu", "gpu"] as const).map((name) => (
              <option value={name} selected={name === form.lane}>
                {name.toUpperCase()}
              </option>
            ))}
          </select>
        </label>
        <label class="flex items-start gap-2">
          <input
            type="checkbox"
            name="shared"
            value="yes"
            checked={form.shared}
            class="checkbox checkbox-sm mt-0.5"
          />
          <span>{at.t("plan.shared")}</span>
        </label>
        <button type="submit" class="btn btn-primary justify-self-start">
          {at.t("plan.reckon")}
        </button>
      </form>
    </Card>
  );
}

/** `1.4 s`, `2 min`. */
function timeOf(value: number): string {
  if (value < 0.05) return "0 s";
  if (value < 100) return `${Number(value.toPrecision(2))} s`;
  return `${Number((value / 60).toPrecision(2))} min`;
}

function Answer({ at, view, plan }: Props & { plan: Plan }) {
  const { form } = view;
  const { rows, needed, service, submissions } = plan;
  const now = rows.find(({ workers }) => workers === form.workers)!;
  const series = (["p50", "p95", "p99"] as const).map((name) => {
    return { label: at.t(`plan.${name}`), values: rows.map((row) => row[name]) };
  });
  return (
    <div class="grid grid-cols-[minmax(0,1fr)] gap-4">
      <Card title={at.t("plan.answer")} id="answer">
        <p class="mb-4 text-lg font-semibold" role="status">
          {needed === null
            ? at.t("plan.never", { wait: form.wait })
            : at.t("plan.needed", { workers: needed.workers, wait: form.wait })}
        </p>
        <Facts>
          <Fact name={at.t("plan.with-now", { workers: form.workers })}>
            {at.t("plan.waits", { p50: timeOf(now.p50), p95: timeOf(now.p95), longest: timeOf(now.longest) })}
          </Fact>
          <Fact name={at.t("plan.rests-on")}>
            {at.t("plan.times", {
              count: count(service.count, at.lang),
              mean: timeOf(service.mean),
              submissions: count(submissions, at.lang),
            })}
          </Fact>
        </Facts>
      </Card>
      <Card title={at.t("plan.by-workers")} id="by-workers">
        <Lines
          at={at}
          title={at.t("plan.by-workers")}
          head={at.t("plan.workers")}
          places={rows.map(({ workers }) => String(workers))}
          series={series}
          show={timeOf}
        />
        <p class="muted mt-3 text-sm">{at.t("plan.help")}</p>
      </Card>
      <Card title={at.t("plan.table")} id="table">
        <section
          class="overflow-x-auto"
          tabindex={0}
          aria-label={`${at.t("plan.table")}: ${at.t("plan.workers")}`}
        >
          <table class="table table-sm">
            <thead class="text-base-content">
              <tr>
                <th scope="col">{at.t("plan.workers")}</th>
                {series.map(({ label }) => (
                  <th scope="col" class="text-right">
                    {label}
                  </th>
                ))}
                <th scope="col" class="text-right">
                  {at.t("plan.busy")}
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map(({ workers, p50, p95, p99, busy }) => (
                <tr class={workers === form.workers ? "font-semibold" : ""}>
                  <th scope="row" class={workers === form.workers ? "" : "font-normal"}>
                    {workers === form.workers ? `${workers} (${at.t("plan.now")})` : workers}
                  </th>
                  {[p50, p95, p99].map((wait) => (
                    <td class="text-right whitespace-nowrap tabular-nums">{timeOf(wait)}</td>
                  ))}
                  <td class="text-right tabular-nums">{`${Math.round(busy * 100)} %`}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </Card>
    </div>
  );
}
