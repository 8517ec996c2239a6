// What a platform's identity token says of a launch (LTI 1.3 core, sections 5.3 and 5.4), and what we keep of it.
import { z } from "zod";
import type { Role } from "../courses/tables.ts";

const LTI = "https://purl.imsglobal.org/spec/lti/claim";
const AGS = "https://purl.imsglobal.org/spec/lti-ags";
export const SCORE_SCOPE = `${AGS}/scope/score`;
export const LINE_ITEM_SCOPE = `${AGS}/scope/lineitem`;

const id = z.string().min(1).max(255);
const words = z.string().max(1000).optional().catch(undefined);

const launchClaims = z.object({
  sub: id,
  name: words,
  given_name: words,
  family_name: words,
  email: words,
  nonce: id,
  [`${LTI}/message_type`]: z.literal("LtiResourceLinkRequest"),
  [`${LTI}/version`]: z.literal("1.3.0"),
  [`${LTI}/deployment_id`]: id,
  [`${LTI}/resource_link`]: z.object({ id, title: words }),
  [`${LTI}/context`]: z.object({ id, title: words, label: words }),
  [`${LTI}/roles`]: z.array(z.string().max(1000)).max(200),
  [`${AGS}/claim/endpoint`]: z
    .object({
      scope: z.array(z.string()).default([]),
      lineitem: z.url().optional(),
      lineitems: z.url().optional(),
    })
    .optional(),
});

/** Of one launch, in our words. */
export interface LaunchFacts {
  subject: string;
  deployment: string;
  name: string | null;
  email: string | null;
  role: Role;
  context: { id: string; title: string };
  link: { id: string; title: string };
  /** Where points go; null where the platform offers it not. */
  lineItem: string | null;
  /** Where a column of points can be made, if there is none. */
  lineItems: string | null;
}

/** @returns undefined for what is no launch of a link; that `nonce` is ours is the caller's to check */
export function launchFacts(claims: unknown): (LaunchFacts & { nonce: string }) | undefined {
  const read = launchClaims.safeParse(claims);
  if (!read.success) return undefined;
  const said = read.data;
  const context = said[`${LTI}/context`];
  const link = said[`${LTI}/resource_link`];
  const endpoint = said[`${AGS}/claim/endpoint`];
  const may = (scope: string) => endpoint?.scope.includes(scope) ?? false;
  return {
    nonce: said.nonce,
    subject: said.sub,
    deployment: said[`${LTI}/deployment_id`],
    name: nameOf(said),
    email: said.email?.trim().toLowerCase() || null,
    role: roleOf(said[`${LTI}/roles`]),
    context: { id: context.id, title: context.title ?? context.label ?? context.id },
    link: { id: link.id, title: link.title ?? link.id },
    lineItem: (may(SCORE_SCOPE) && endpoint?.lineitem) || null,
    lineItems: (may(SCORE_SCOPE) && may(LINE_ITEM_SCOPE) && endpoint?.lineitems) || null,
  };
}

function nameOf(said: {
  name?: string | undefined;
  given_name?: string | undefined;
  family_name?: string | undefined;
}) {
  const whole = said.name ?? [said.given_name, said.family_name].filter(Boolean).join(" ");
  // One line, no control or direction characters: it is shown on pages.
  const inert = whole.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]+/gu, " ").trim();
  return inert.slice(0, 200) || null;
}

const MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership";

/**
 * Of this course only: who is an administrator of a whole platform, or an instructor of its institution, is a student
 * here unless the course says otherwise. A teaching assistant is named by a sub-role of the instructor's.
 */
export function roleOf(roles: readonly string[]): Role {
  const has = (role: string) => roles.includes(role);
  const assistant = roles.some((role) => role.startsWith(`${MEMBERSHIP}/Instructor#TeachingAssistant`));
  if (assistant) return "ta";
  // The short form is older platforms'.
  if (has(`${MEMBERSHIP}#Instructor`) || has("Instructor")) return "instructor";
  if (roles.some((role) => role.startsWith(`${MEMBERSHIP}#TeachingAssistant`))) return "ta";
  return "student";
}
