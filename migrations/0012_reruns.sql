CREATE TABLE "rerun_entries" (
	"rerun_id" uuid NOT NULL,
	"submission_id" uuid NOT NULL,
	"run_before" text,
	"version_before" uuid,
	CONSTRAINT "rerun_entries_rerun_id_submission_id_pk" PRIMARY KEY("rerun_id","submission_id")
);
--> statement-breakpoint
CREATE TABLE "reruns" (
	"id" uuid PRIMARY KEY NOT NULL,
	"assignment_id" uuid NOT NULL,
	"version_id" uuid NOT NULL,
	"scope" text NOT NULL,
	"reason" text NOT NULL,
	"state" text DEFAULT 'open' NOT NULL,
	"policy" text,
	"requested_by" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"decided_at" timestamp with time zone,
	CONSTRAINT "reruns_state" CHECK ("reruns"."state" in ('open', 'accepted', 'cancelled', 'undone'))
);
--> statement-breakpoint
ALTER TABLE "rerun_entries" ADD CONSTRAINT "rerun_entries_rerun_id_reruns_id_fk" FOREIGN KEY ("rerun_id") REFERENCES "public"."reruns"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rerun_entries" ADD CONSTRAINT "rerun_entries_submission_id_submissions_id_fk" FOREIGN KEY ("submission_id") REFERENCES "public"."submissions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rerun_entries" ADD CONSTRAINT "rerun_entries_version_before_suite_versions_id_fk" FOREIGN KEY ("version_before") REFERENCES "public"."suite_versions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reruns" ADD CONSTRAINT "reruns_assignment_id_assignments_id_fk" FOREIGN KEY ("assignment_id") REFERENCES "public"."assignments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reruns" ADD CONSTRAINT "reruns_version_id_suite_versions_id_fk" FOREIGN KEY ("version_id") REFERENCES "public"."suite_versions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reruns" ADD CONSTRAINT "reruns_requested_by_people_id_fk" FOREIGN KEY ("requested_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "rerun_entries_submission" ON "rerun_entries" USING btree ("submission_id");--> statement-breakpoint
CREATE INDEX "reruns_assignment" ON "reruns" USING btree ("assignment_id","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "reruns_open" ON "reruns" USING btree ("assignment_id") WHERE "reruns"."state" = 'open';--> statement-breakpoint
CREATE INDEX "audit_log_action" ON "audit_log" USING btree ("action","id");--> statement-breakpoint
CREATE INDEX "audit_log_course_action" ON "audit_log" USING btree ("course_id","action","id");