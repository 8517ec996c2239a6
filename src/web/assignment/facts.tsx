import { Moment } from "../components/moment.tsx";
import { Card, Fact, Facts } from "../components/parts.tsx";
import type { PageContext } from "../context.ts";
import { days, fileSize, memorySize, points } from "../format.ts";
import type { AssignmentView } from "./load.ts";

/** Dates, what counts, limits: what somebody asks before they begin. */
export function AtAGlance({ at, view }: { at: PageContext; view: AssignmentView }) {
  const { assignment, course } = view.access;
  const { t } = at;
  const config = view.suite?.config;
  return (
    <Card title={t("assignment.facts")} id="facts">
      <Facts>
        {view.due && (
          <Fact name={view.extended ? t("assignment.extended") : t("assignment.due")}>
            <Moment at={view.due} zone={course.timeZone} lang={at.lang} />
            {assignment.graceSeconds > 0 && (
              <span class="muted">
                {` · ${t("assignment.grace", { minutes: Math.round(assignment.graceSeconds / 60) })}`}
              </span>
            )}
            <a href={`/assignments/${course.slug}.${assignment.slug}/extensions`} class="link block">
              {t(view.staff ? "extension.title" : "extension.link")}
            </a>
          </Fact>
        )}
        {view.due && <Fact name={t("assignment.late")}>{latePolicyWords(at, view)}</Fact>}
        <LateDays at={at} view={view} />
        <EarlyDate at={at} view={view} />
        <Fact name={t("assignment.counts")}>{t(`assignment.counts.${assignment.counting}`)}</Fact>
        <Fact name={t("assignment.attempts")}>{attemptWords(at, view)}</Fact>
        <Points at={at} view={view} />
        {view.leaderboard && (
          <Fact name={t("leaderboard.title")}>
            <a href={`/assignments/${course.slug}.${assignment.slug}/leaderboard`} class="link">
              {t("leaderboard.open")}
            </a>
          </Fact>
        )}
        {config && (
          <Fact name={t("assignment.files")}>
            <ul>
              {config.files.required.map((path) => (
                <li>
                  <code>{path}</code>
                </li>
              ))}
              {config.files.optional.map((path) => (
                <li>
                  <code>{path}</code> <span class="muted">{t("assignment.files.optional")}</span>
                </li>
              ))}
              <li class="muted">{t("assignment.limits.upload", { size: fileSize(config.limits.upload) })}</li>
            </ul>
          </Fact>
        )}
        {config && (
          <Fact name={t("assignment.limits")}>
            {t("assignment.limits.run", {
              cpus: config.limits.cpus,
              memory: memorySize(config.limits.memory),
              seconds: config.limits.per_test,
            })}
            {config.limits.gpu !== "none" && ` · ${t("assignment.limits.gpu")}`}
          </Fact>
        )}
      </Facts>
    </Card>
  );
}

function Points({ at, view }: { at: PageContext; view: AssignmentView }) {
  const tests = view.suite?.files.tests;
  if (!tests) return null;
  const sum = (some: typeof tests) => points(some.reduce((total, { max }) => total + max, 0));
  const over = view.due !== null && view.due < view.now;
  const isSeen = ({ visibility }: (typeof tests)[number]) =>
    visibility === "visible" || (visibility === "until_due_date" && !over);
  const [visible, hidden] = [tests.filter(isSeen), tests.filter((test) => !isSeen(test))];
  return (
    <Fact name={at.t("assignment.points")}>
      {sum(tests)}
      {hidden.length > 0 && (
        <span class="muted">
          {` · ${at.t("assignment.points.split", { visible: sum(visible), hidden: sum(hidden) })}`}
        </span>
      )}
      {view.staff && (
        <a
          href={`/assignments/${view.access.course.slug}.${view.access.assignment.slug}/points`}
          class="link block"
        >
          {at.t("worth.title")}
        </a>
      )}
    </Fact>
  );
}

function LateDays({ at, view }: { at: PageContext; view: AssignmentView }) {
  const { workKind: work, lateDaysMost: most, lateLastDay } = view.access.assignment;
  if (!view.due || view.daysLeft <= 0 || most === 0 || lateLastDay === 0) return null;
  return (
    <Fact name={at.t("lateness.days")}>
      <a href={`/courses/${view.access.course.slug}/late-days`} class="link">
        {at.t("lateness.days.left", { left: view.daysLeft, work })}
      </a>
      {most !== null && ` · ${at.t("lateness.days.most", { most })}`}
    </Fact>
  );
}

function EarlyDate({ at, view }: { at: PageContext; view: AssignmentView }) {
  const { earlyAt, earlyBonusPercent: bonus, earlyMalusPercent: malus } = view.access.assignment;
  if (!earlyAt || (bonus === 0 && malus === 0)) return null;
  const words = [
    ...(bonus > 0 ? [at.t("lateness.early.bonus", { percent: bonus })] : []),
    ...(malus > 0 ? [at.t("lateness.early.malus", { percent: malus })] : []),
  ];
  return (
    <Fact name={at.t("lateness.early")}>
      <Moment at={earlyAt} zone={view.access.course.timeZone} lang={at.lang} />
      <span class="muted">{` · ${words.join(" · ")}`}</span>
    </Fact>
  );
}

function latePolicyWords(at: PageContext, view: AssignmentView): string {
  const { lateFlatPercent: percent, lateLastDay } = view.access.assignment;
  const perDay = perDayWords(at, view);
  return percent === 0 || lateLastDay === 0 ? perDay : `${at.t("lateness.flat", { percent })} · ${perDay}`;
}

function perDayWords({ t, lang }: PageContext, { access: { assignment } }: AssignmentView): string {
  const { lateLastDay: last, latePercentPerDay: percent } = assignment;
  if (last === 0) return t("assignment.late.none");
  if (last === null)
    return percent === 0 ? t("assignment.late.endless-free") : t("assignment.late.endless", { percent });
  const until = { days: days(last, lang) };
  return percent === 0
    ? t("assignment.late.free-days", until)
    : t("assignment.late.days", { percent, ...until });
}

function attemptWords({ t }: PageContext, { access: { assignment }, left }: AssignmentView): string {
  const { attemptsTotal, attemptsPerDay, cooldownSeconds } = assignment;
  const words = [
    ...(left === null ? [] : [t("assignment.attempts.left", { left })]),
    ...(attemptsTotal === null ? [] : [t("assignment.attempts.total", { count: attemptsTotal })]),
    ...(attemptsPerDay === null ? [] : [t("assignment.attempts.per-day", { count: attemptsPerDay })]),
    ...(cooldownSeconds === 0 ? [] : [t("assignment.attempts.cooldown", { seconds: cooldownSeconds })]),
  ];
  return words.join(" · ") || t("assignment.attempts.unlimited");
}
