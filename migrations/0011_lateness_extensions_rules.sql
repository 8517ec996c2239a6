CREATE TABLE "extension_requests" (
	"id" uuid PRIMARY KEY NOT NULL,
	"assignment_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	"wanted_at" timestamp with time zone NOT NULL,
	"reason" text NOT NULL,
	"state" text DEFAULT 'asked' NOT NULL,
	"granted_at" timestamp with time zone,
	"answer" text DEFAULT '' NOT NULL,
	"answered_by" uuid,
	"answered_at" timestamp with time zone,
	"asked_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "extension_requests_state" CHECK ("extension_requests"."state" in ('asked', 'granted', 'refused', 'withdrawn'))
);
--> statement-breakpoint
CREATE TABLE "late_day_budgets" (
	"course_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"days" integer NOT NULL,
	CONSTRAINT "late_day_budgets_course_id_kind_pk" PRIMARY KEY("course_id","kind"),
	CONSTRAINT "late_day_budgets_days" CHECK ("late_day_budgets"."days" between 0 and 365)
);
--> statement-breakpoint
CREATE TABLE "late_day_entries" (
	"id" uuid PRIMARY KEY NOT NULL,
	"course_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	"work" text NOT NULL,
	"kind" text NOT NULL,
	"days" integer NOT NULL,
	"assignment_id" uuid,
	"submission_id" uuid,
	"reason" text DEFAULT '' NOT NULL,
	"made_by" uuid,
	"made_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "late_day_entries_days" CHECK ("late_day_entries"."days" > 0 and "late_day_entries"."kind" in ('grant', 'charge', 'refund'))
);
--> statement-breakpoint
CREATE TABLE "score_rule_sets" (
	"id" uuid PRIMARY KEY NOT NULL,
	"assignment_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"rules" jsonb NOT NULL,
	"reason" text NOT NULL,
	"made_by" uuid NOT NULL,
	"made_at" timestamp with time zone DEFAULT now() NOT NULL,
	"undone_by" uuid,
	"undone_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "assignments" ADD COLUMN "late_flat_percent" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "assignments" ADD COLUMN "work_kind" text DEFAULT 'homework' NOT NULL;--> statement-breakpoint
ALTER TABLE "assignments" ADD COLUMN "late_days_most" integer;--> statement-breakpoint
ALTER TABLE "assignments" ADD COLUMN "group_late_rule" text DEFAULT 'each' NOT NULL;--> statement-breakpoint
ALTER TABLE "assignments" ADD COLUMN "early_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "assignments" ADD COLUMN "early_bonus_percent" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "assignments" ADD COLUMN "early_malus_percent" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "attempts" ADD COLUMN "rules" jsonb;--> statement-breakpoint
ALTER TABLE "submissions" ADD COLUMN "feedback" text DEFAULT 'full' NOT NULL;--> statement-breakpoint
ALTER TABLE "extension_requests" ADD CONSTRAINT "extension_requests_assignment_id_assignments_id_fk" FOREIGN KEY ("assignment_id") REFERENCES "public"."assignments"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "extension_requests" ADD CONSTRAINT "extension_requests_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "extension_requests" ADD CONSTRAINT "extension_requests_answered_by_people_id_fk" FOREIGN KEY ("answered_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "late_day_budgets" ADD CONSTRAINT "late_day_budgets_course_id_courses_id_fk" FOREIGN KEY ("course_id") REFERENCES "public"."courses"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "late_day_entries" ADD CONSTRAINT "late_day_entries_course_id_courses_id_fk" FOREIGN KEY ("course_id") REFERENCES "public"."courses"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "late_day_entries" ADD CONSTRAINT "late_day_entries_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "late_day_entries" ADD CONSTRAINT "late_day_entries_assignment_id_assignments_id_fk" FOREIGN KEY ("assignment_id") REFERENCES "public"."assignments"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "late_day_entries" ADD CONSTRAINT "late_day_entries_submission_id_submissions_id_fk" FOREIGN KEY ("submission_id") REFERENCES "public"."submissions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "late_day_entries" ADD CONSTRAINT "late_day_entries_made_by_people_id_fk" FOREIGN KEY ("made_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "score_rule_sets" ADD CONSTRAINT "score_rule_sets_assignment_id_assignments_id_fk" FOREIGN KEY ("assignment_id") REFERENCES "public"."assignments"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "score_rule_sets" ADD CONSTRAINT "score_rule_sets_made_by_people_id_fk" FOREIGN KEY ("made_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "score_rule_sets" ADD CONSTRAINT "score_rule_sets_undone_by_people_id_fk" FOREIGN KEY ("undone_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "extension_requests_open" ON "extension_requests" USING btree ("assignment_id","person_id") WHERE "extension_requests"."state" = 'asked';--> statement-breakpoint
CREATE INDEX "extension_requests_assignment" ON "extension_requests" USING btree ("assignment_id","asked_at");--> statement-breakpoint
CREATE INDEX "extension_requests_person" ON "extension_requests" USING btree ("person_id","asked_at");--> statement-breakpoint
CREATE INDEX "late_day_entries_person" ON "late_day_entries" USING btree ("course_id","person_id","work");--> statement-breakpoint
CREATE INDEX "late_day_entries_assignment" ON "late_day_entries" USING btree ("assignment_id","person_id");--> statement-breakpoint
CREATE UNIQUE INDEX "late_day_entries_charge" ON "late_day_entries" USING btree ("submission_id","person_id") WHERE "late_day_entries"."kind" = 'charge';--> statement-breakpoint
CREATE UNIQUE INDEX "score_rule_sets_number" ON "score_rule_sets" USING btree ("assignment_id","number");--> statement-breakpoint
ALTER TABLE "assignments" ADD CONSTRAINT "assignments_percents" CHECK ("assignments"."late_flat_percent" between 0 and 100 and "assignments"."early_bonus_percent" between 0 and 100
        and "assignments"."early_malus_percent" between 0 and 100 and "assignments"."late_days_most" >= 0);