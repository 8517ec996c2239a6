import { Card } from "../components/parts.tsx";
import { points } from "../format.ts";
import { type GroupProps, groupAddress } from "./group-view.ts";

/** One comment, or one item's grade, for all of the group; both are looked at before anything is given. */
export function GroupForms({ at, view }: GroupProps) {
  if (view.members.length === 0) return null;
  return (
    <>
      <CommentForm at={at} view={view} />
      {view.rubric.length > 0 && <ItemForm at={at} view={view} />}
    </>
  );
}

function CommentForm({ at, view }: GroupProps) {
  const { group, paths, wish } = view;
  const said = wish?.kind === "comment" ? wish : null;
  const [module, name] = group.where?.split(".") ?? [];
  const path = said?.path ?? paths.find((one) => one === `${module}.py`) ?? paths[0];
  const near = said?.near ?? (name ? `def ${name}(` : "");
  return (
    <Card title={at.t("group.comment")} id="comment">
      <form method="post" action={`${groupAddress(view)}/preview`} class="grid gap-3 text-sm">
        <input type="hidden" name="kind" value="comment" />
        <input type="hidden" name="on" value={group.basis} />
        <label>
          {at.t("group.comment.text")}
          <textarea name="text" rows={3} required maxlength={5000} class="textarea mt-1 w-full">
            {said?.text ?? group.known?.hint[at.lang] ?? ""}
          </textarea>
        </label>
        <div class="grid gap-3 sm:grid-cols-2">
          <label>
            {at.t("group.comment.path")}
            <select name="path" class="select mt-1 w-full">
              {paths.map((one) => (
                <option value={one} selected={one === path}>
                  {one}
                </option>
              ))}
            </select>
          </label>
          <label>
            {at.t("group.comment.near")}
            <input
              name="near"
              value={near}
              maxlength={200}
              autocomplete="off"
              class="input mt-1 w-full font-mono"
              aria-describedby="near-help"
            />
          </label>
        </div>
        <p id="near-help" class="muted">
          {at.t("group.comment.near.help")}
        </p>
        <button type="submit" class="btn btn-sm justify-self-start">
          {at.t("worth.look")}
        </button>
      </form>
    </Card>
  );
}

function ItemForm({ at, view }: GroupProps) {
  const { group, rubric, wish } = view;
  const said = wish?.kind === "item" ? wish : null;
  return (
    <Card title={at.t("group.item")} id="item">
      <form method="post" action={`${groupAddress(view)}/preview`} class="grid gap-3 text-sm">
        <input type="hidden" name="kind" value="item" />
        <input type="hidden" name="on" value={group.basis} />
        <div class="grid gap-3 sm:grid-cols-[1fr_8rem]">
          <label>
            {at.t("group.item.which")}
            <select name="item" class="select mt-1 w-full">
              {rubric.map(({ id, title, points: most }) => (
                <option value={id} selected={id === said?.item}>
                  {`${title[at.lang]} (${points(Math.round(most * 100))})`}
                </option>
              ))}
            </select>
          </label>
          <label>
            {at.t("worth.points")}
            <input
              name="points"
              value={said?.points ?? ""}
              required
              inputmode="decimal"
              autocomplete="off"
              pattern="[0-9]{1,5}([.][0-9]{1,2})?"
              class="input mt-1 w-full"
            />
          </label>
        </div>
        <label>
          {at.t("group.item.text")}
          <textarea name="text" rows={2} maxlength={5000} class="textarea mt-1 w-full">
            {said?.text ?? ""}
          </textarea>
        </label>
        <label class="flex items-center gap-2">
          <input
            type="checkbox"
            name="replace"
            value="yes"
            checked={said?.replace === true}
            class="checkbox checkbox-sm"
          />
          {at.t("group.item.replace")}
        </label>
        <button type="submit" class="btn btn-sm justify-self-start">
          {at.t("worth.look")}
        </button>
      </form>
    </Card>
  );
}
