// What most screens are made of.
import type { Child } from "hono/jsx";

/** A titled piece of a page. */
export function Card(props: {
  title?: Child;
  id?: string;
  actions?: Child;
  children: Child;
  class?: string;
}) {
  const heading = props.id ? `${props.id}-title` : undefined;
  return (
    <section id={props.id} aria-labelledby={props.title && heading} class={`card-box ${props.class ?? ""}`}>
      {props.title && (
        <div class="mb-3 flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
          <h2 id={heading} class="text-lg font-semibold">
            {props.title}
          </h2>
          {props.actions}
        </div>
      )}
      {props.children}
    </section>
  );
}

/** Says what will be here, and what to do until then. */
export function Empty({ title, children }: { title: string; children?: Child }) {
  return (
    <div class="rounded-box border border-dashed border-base-content/30 px-4 py-8 text-center">
      <p class="font-medium">{title}</p>
      {children && <p class="muted mt-1 text-sm">{children}</p>}
    </div>
  );
}

export function Alert(props: {
  kind: "error" | "success" | "info" | "warning";
  title?: string;
  children?: Child;
  id?: string;
}) {
  const edge = {
    error: "border-error",
    success: "border-success",
    info: "border-info",
    warning: "border-warning",
  };
  return (
    <div
      id={props.id}
      role={props.kind === "error" ? "alert" : "status"}
      class={`rounded-box border border-l-4 bg-base-100 px-4 py-3 ${edge[props.kind]}`}
    >
      {props.title && <p class="font-semibold">{props.title}</p>}
      {props.children && <div class="whitespace-pre-line wrap-anywhere">{props.children}</div>}
    </div>
  );
}

/** Names and values, one under the other on a phone. */
export function Facts({ children }: { children: Child }) {
  return <dl class="grid gap-x-4 gap-y-3 text-sm">{children}</dl>;
}

export function Fact({ name, children }: { name: string; children: Child }) {
  return (
    <div>
      <dt class="muted">{name}</dt>
      <dd class="wrap-anywhere">{children}</dd>
    </div>
  );
}

export function Field(props: {
  label: string;
  name: string;
  type?: string;
  autocomplete?: string;
  value?: string;
  help?: string;
  minlength?: number;
  required?: boolean;
}) {
  const id = `field-${props.name}`;
  return (
    <div class="mb-4">
      <label for={id} class="mb-1 block text-sm font-medium">
        {props.label}
      </label>
      <input
        id={id}
        name={props.name}
        type={props.type ?? "text"}
        autocomplete={props.autocomplete ?? "off"}
        value={props.value}
        minlength={props.minlength}
        required={props.required ?? true}
        aria-describedby={props.help ? `${id}-help` : undefined}
        class="input w-full"
      />
      {props.help && (
        <p id={`${id}-help`} class="muted mt-1 text-sm">
          {props.help}
        </p>
      )}
    </div>
  );
}

/** A word in a frame: a state, a role. */
export function Tag({ children, strong }: { children: Child; strong?: boolean }) {
  const look = strong ? "border-primary text-primary font-medium" : "border-base-content/30 font-normal";
  return (
    <span class={`inline-block rounded-field border px-1.5 text-sm whitespace-nowrap ${look}`}>
      {children}
    </span>
  );
}
