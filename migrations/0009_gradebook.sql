CREATE TABLE "hold_backs" (
	"assignment_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	"reason" text NOT NULL,
	"held_by" uuid NOT NULL,
	"held_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "hold_backs_assignment_id_person_id_pk" PRIMARY KEY("assignment_id","person_id"),
	CONSTRAINT "hold_backs_reason" CHECK ("hold_backs"."reason" <> '')
);
--> statement-breakpoint
CREATE TABLE "assignment_weights" (
	"assignment_id" uuid PRIMARY KEY NOT NULL,
	"weight" integer NOT NULL,
	CONSTRAINT "assignment_weights_range" CHECK ("assignment_weights"."weight" between 0 and 1000)
);
--> statement-breakpoint
CREATE TABLE "leaderboard_names" (
	"assignment_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	CONSTRAINT "leaderboard_names_assignment_id_person_id_pk" PRIMARY KEY("assignment_id","person_id")
);
--> statement-breakpoint
CREATE TABLE "leaderboards" (
	"assignment_id" uuid PRIMARY KEY NOT NULL
);
--> statement-breakpoint
CREATE TABLE "similarity_pairs" (
	"report_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"left_submission" uuid NOT NULL,
	"left_path" text NOT NULL,
	"right_submission" uuid NOT NULL,
	"right_path" text NOT NULL,
	"similarity" integer NOT NULL,
	"longest" integer NOT NULL,
	"fragments" jsonb NOT NULL,
	CONSTRAINT "similarity_pairs_report_id_position_pk" PRIMARY KEY("report_id","position")
);
--> statement-breakpoint
CREATE TABLE "similarity_reports" (
	"id" uuid PRIMARY KEY NOT NULL,
	"assignment_id" uuid NOT NULL,
	"state" text DEFAULT 'running' NOT NULL,
	"fault" text,
	"files" integer DEFAULT 0 NOT NULL,
	"submissions" integer DEFAULT 0 NOT NULL,
	"skipped" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"asked_by" uuid NOT NULL,
	"asked_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp with time zone,
	CONSTRAINT "similarity_reports_state" CHECK ("similarity_reports"."state" in ('running', 'done', 'failed'))
);
--> statement-breakpoint
ALTER TABLE "hold_backs" ADD CONSTRAINT "hold_backs_assignment_id_assignments_id_fk" FOREIGN KEY ("assignment_id") REFERENCES "public"."assignments"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hold_backs" ADD CONSTRAINT "hold_backs_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hold_backs" ADD CONSTRAINT "hold_backs_held_by_people_id_fk" FOREIGN KEY ("held_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "assignment_weights" ADD CONSTRAINT "assignment_weights_assignment_id_assignments_id_fk" FOREIGN KEY ("assignment_id") REFERENCES "public"."assignments"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "leaderboard_names" ADD CONSTRAINT "leaderboard_names_assignment_id_assignments_id_fk" FOREIGN KEY ("assignment_id") REFERENCES "public"."assignments"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "leaderboard_names" ADD CONSTRAINT "leaderboard_names_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "leaderboards" ADD CONSTRAINT "leaderboards_assignment_id_assignments_id_fk" FOREIGN KEY ("assignment_id") REFERENCES "public"."assignments"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "similarity_pairs" ADD CONSTRAINT "similarity_pairs_report_id_similarity_reports_id_fk" FOREIGN KEY ("report_id") REFERENCES "public"."similarity_reports"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "similarity_pairs" ADD CONSTRAINT "similarity_pairs_left_submission_submissions_id_fk" FOREIGN KEY ("left_submission") REFERENCES "public"."submissions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "similarity_pairs" ADD CONSTRAINT "similarity_pairs_right_submission_submissions_id_fk" FOREIGN KEY ("right_submission") REFERENCES "public"."submissions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "similarity_reports" ADD CONSTRAINT "similarity_reports_assignment_id_assignments_id_fk" FOREIGN KEY ("assignment_id") REFERENCES "public"."assignments"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "similarity_reports" ADD CONSTRAINT "similarity_reports_asked_by_people_id_fk" FOREIGN KEY ("asked_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "hold_backs_person" ON "hold_backs" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "leaderboard_names_person" ON "leaderboard_names" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "similarity_pairs_left" ON "similarity_pairs" USING btree ("left_submission");--> statement-breakpoint
CREATE INDEX "similarity_pairs_right" ON "similarity_pairs" USING btree ("right_submission");--> statement-breakpoint
CREATE INDEX "similarity_reports_assignment" ON "similarity_reports" USING btree ("assignment_id","asked_at");--> statement-breakpoint
CREATE INDEX "attempts_points" ON "attempts" USING btree ("subject","run","score","max") WHERE is_final;