CREATE TABLE "regrade_requests" (
	"id" uuid PRIMARY KEY NOT NULL,
	"submission_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"target" text NOT NULL,
	"reason" text NOT NULL,
	"asked_by" uuid NOT NULL,
	"asked_at" timestamp with time zone DEFAULT now() NOT NULL,
	"state" text DEFAULT 'open' NOT NULL,
	"answered_by" uuid,
	"answered_at" timestamp with time zone,
	"answer" text DEFAULT '' NOT NULL,
	"points" integer DEFAULT 0 NOT NULL,
	"adjustment_id" uuid,
	CONSTRAINT "regrade_requests_state" CHECK ("regrade_requests"."state" in ('open', 'withdrawn', 'accepted', 'refused', 'ours')),
	CONSTRAINT "regrade_requests_answered" CHECK (("regrade_requests"."state" in ('open', 'withdrawn')) = ("regrade_requests"."answered_by" is null and "regrade_requests"."answered_at" is null))
);
--> statement-breakpoint
CREATE TABLE "review_claims" (
	"submission_id" uuid PRIMARY KEY NOT NULL,
	"claimed_by" uuid NOT NULL,
	"claimed_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "settled_flags" (
	"submission_id" uuid PRIMARY KEY NOT NULL,
	"note" text NOT NULL,
	"settled_by" uuid NOT NULL,
	"settled_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "refunds" (
	"submission_id" uuid PRIMARY KEY NOT NULL,
	"reason" text NOT NULL,
	"given_by" uuid NOT NULL,
	"given_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "assignments" ADD COLUMN "regrade_days" integer DEFAULT 7;--> statement-breakpoint
ALTER TABLE "regrade_requests" ADD CONSTRAINT "regrade_requests_submission_id_submissions_id_fk" FOREIGN KEY ("submission_id") REFERENCES "public"."submissions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "regrade_requests" ADD CONSTRAINT "regrade_requests_asked_by_people_id_fk" FOREIGN KEY ("asked_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "regrade_requests" ADD CONSTRAINT "regrade_requests_answered_by_people_id_fk" FOREIGN KEY ("answered_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "regrade_requests" ADD CONSTRAINT "regrade_requests_adjustment_id_adjustments_id_fk" FOREIGN KEY ("adjustment_id") REFERENCES "public"."adjustments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "review_claims" ADD CONSTRAINT "review_claims_submission_id_submissions_id_fk" FOREIGN KEY ("submission_id") REFERENCES "public"."submissions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "review_claims" ADD CONSTRAINT "review_claims_claimed_by_people_id_fk" FOREIGN KEY ("claimed_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "settled_flags" ADD CONSTRAINT "settled_flags_submission_id_submissions_id_fk" FOREIGN KEY ("submission_id") REFERENCES "public"."submissions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "settled_flags" ADD CONSTRAINT "settled_flags_settled_by_people_id_fk" FOREIGN KEY ("settled_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_submission_id_submissions_id_fk" FOREIGN KEY ("submission_id") REFERENCES "public"."submissions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_given_by_people_id_fk" FOREIGN KEY ("given_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "regrade_requests_target" ON "regrade_requests" USING btree ("submission_id","kind","target") WHERE "regrade_requests"."state" <> 'withdrawn';--> statement-breakpoint
CREATE INDEX "regrade_requests_open" ON "regrade_requests" USING btree ("asked_at","id") WHERE "regrade_requests"."state" = 'open';--> statement-breakpoint
CREATE INDEX "review_claims_person" ON "review_claims" USING btree ("claimed_by");--> statement-breakpoint
CREATE INDEX "attempts_attention" ON "attempts" USING btree ("crowd","id") WHERE state = 'needs_attention';--> statement-breakpoint
CREATE INDEX "attempts_flagged" ON "attempts" USING btree ("crowd","id") WHERE is_final and jsonb_array_length(report->'flags') > 0;--> statement-breakpoint
ALTER TABLE "assignments" ADD CONSTRAINT "assignments_regrade_days" CHECK ("assignments"."regrade_days" between 0 and 365);