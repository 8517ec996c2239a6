CREATE TABLE "review_shares" (
	"submission_id" uuid PRIMARY KEY NOT NULL,
	"grader_id" uuid NOT NULL,
	"shared_by" uuid NOT NULL,
	"shared_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "second_marks" (
	"submission_id" uuid NOT NULL,
	"item" text NOT NULL,
	"points" integer NOT NULL,
	"out_of" integer NOT NULL,
	"marked_by" uuid NOT NULL,
	"marked_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "second_marks_submission_id_item_pk" PRIMARY KEY("submission_id","item"),
	CONSTRAINT "second_marks_points" CHECK ("second_marks"."points" between 0 and "second_marks"."out_of")
);
--> statement-breakpoint
CREATE TABLE "rubric_worths" (
	"id" uuid PRIMARY KEY NOT NULL,
	"assignment_id" uuid NOT NULL,
	"item" text NOT NULL,
	"points" integer NOT NULL,
	"reason" text NOT NULL,
	"made_by" uuid NOT NULL,
	"made_at" timestamp with time zone DEFAULT now() NOT NULL,
	"undone_by" uuid,
	"undone_at" timestamp with time zone,
	CONSTRAINT "rubric_worths_points" CHECK ("rubric_worths"."points" >= 0 and "rubric_worths"."reason" <> '')
);
--> statement-breakpoint
ALTER TABLE "assignments" ADD COLUMN "blind" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "assignments" ADD COLUMN "second_mark_percent" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "rubric_grades" ADD COLUMN "out_of" integer;--> statement-breakpoint
ALTER TABLE "rubric_grades" ADD COLUMN "version" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "review_shares" ADD CONSTRAINT "review_shares_submission_id_submissions_id_fk" FOREIGN KEY ("submission_id") REFERENCES "public"."submissions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "review_shares" ADD CONSTRAINT "review_shares_grader_id_people_id_fk" FOREIGN KEY ("grader_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "review_shares" ADD CONSTRAINT "review_shares_shared_by_people_id_fk" FOREIGN KEY ("shared_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "second_marks" ADD CONSTRAINT "second_marks_submission_id_submissions_id_fk" FOREIGN KEY ("submission_id") REFERENCES "public"."submissions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "second_marks" ADD CONSTRAINT "second_marks_marked_by_people_id_fk" FOREIGN KEY ("marked_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rubric_worths" ADD CONSTRAINT "rubric_worths_assignment_id_assignments_id_fk" FOREIGN KEY ("assignment_id") REFERENCES "public"."assignments"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rubric_worths" ADD CONSTRAINT "rubric_worths_made_by_people_id_fk" FOREIGN KEY ("made_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rubric_worths" ADD CONSTRAINT "rubric_worths_undone_by_people_id_fk" FOREIGN KEY ("undone_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "review_shares_grader" ON "review_shares" USING btree ("grader_id");--> statement-breakpoint
CREATE INDEX "second_marks_person" ON "second_marks" USING btree ("marked_by");--> statement-breakpoint
CREATE INDEX "rubric_worths_assignment" ON "rubric_worths" USING btree ("assignment_id","id");--> statement-breakpoint
ALTER TABLE "assignments" ADD CONSTRAINT "assignments_second_mark" CHECK ("assignments"."second_mark_percent" between 0 and 100);