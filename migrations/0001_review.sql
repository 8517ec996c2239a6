CREATE TABLE "adjustments" (
	"id" uuid PRIMARY KEY NOT NULL,
	"submission_id" uuid NOT NULL,
	"points" integer NOT NULL,
	"reason" text NOT NULL,
	"made_by" uuid NOT NULL,
	"made_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "adjustments_reason" CHECK ("adjustments"."points" <> 0 and "adjustments"."reason" <> '')
);
--> statement-breakpoint
CREATE TABLE "line_comments" (
	"id" uuid PRIMARY KEY NOT NULL,
	"submission_id" uuid NOT NULL,
	"path" text NOT NULL,
	"line" integer NOT NULL,
	"text" text NOT NULL,
	"author" uuid NOT NULL,
	"written_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "line_comments_line" CHECK ("line_comments"."line" >= 1)
);
--> statement-breakpoint
CREATE TABLE "rubric_grades" (
	"submission_id" uuid NOT NULL,
	"item" text NOT NULL,
	"points" integer NOT NULL,
	"comment" text DEFAULT '' NOT NULL,
	"graded_by" uuid NOT NULL,
	"graded_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "rubric_grades_submission_id_item_pk" PRIMARY KEY("submission_id","item"),
	CONSTRAINT "rubric_grades_points" CHECK ("rubric_grades"."points" >= 0)
);
--> statement-breakpoint
ALTER TABLE "adjustments" ADD CONSTRAINT "adjustments_submission_id_submissions_id_fk" FOREIGN KEY ("submission_id") REFERENCES "public"."submissions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "adjustments" ADD CONSTRAINT "adjustments_made_by_people_id_fk" FOREIGN KEY ("made_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "line_comments" ADD CONSTRAINT "line_comments_submission_id_submissions_id_fk" FOREIGN KEY ("submission_id") REFERENCES "public"."submissions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "line_comments" ADD CONSTRAINT "line_comments_author_people_id_fk" FOREIGN KEY ("author") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rubric_grades" ADD CONSTRAINT "rubric_grades_submission_id_submissions_id_fk" FOREIGN KEY ("submission_id") REFERENCES "public"."submissions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rubric_grades" ADD CONSTRAINT "rubric_grades_graded_by_people_id_fk" FOREIGN KEY ("graded_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "adjustments_submission" ON "adjustments" USING btree ("submission_id");--> statement-breakpoint
CREATE INDEX "line_comments_submission" ON "line_comments" USING btree ("submission_id","path","line");