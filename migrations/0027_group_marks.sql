CREATE TABLE "group_mark_lines" (
	"mark_id" uuid NOT NULL,
	"submission_id" uuid NOT NULL,
	"comment_id" uuid,
	"before" jsonb,
	"version" integer,
	CONSTRAINT "group_mark_lines_mark_id_submission_id_pk" PRIMARY KEY("mark_id","submission_id")
);
--> statement-breakpoint
CREATE TABLE "group_marks" (
	"id" uuid PRIMARY KEY NOT NULL,
	"assignment_id" uuid NOT NULL,
	"group_key" text NOT NULL,
	"title" jsonb NOT NULL,
	"kind" text NOT NULL,
	"text" text NOT NULL,
	"path" text,
	"item" text,
	"points" integer,
	"made_by" uuid NOT NULL,
	"made_at" timestamp with time zone DEFAULT now() NOT NULL,
	"undone_by" uuid,
	"undone_at" timestamp with time zone,
	CONSTRAINT "group_marks_kind" CHECK (case "group_marks"."kind" when 'comment' then "group_marks"."path" is not null when 'item' then "group_marks"."item" is not null and "group_marks"."points" is not null else false end)
);
--> statement-breakpoint
ALTER TABLE "group_mark_lines" ADD CONSTRAINT "group_mark_lines_mark_id_group_marks_id_fk" FOREIGN KEY ("mark_id") REFERENCES "public"."group_marks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "group_mark_lines" ADD CONSTRAINT "group_mark_lines_submission_id_submissions_id_fk" FOREIGN KEY ("submission_id") REFERENCES "public"."submissions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "group_mark_lines" ADD CONSTRAINT "group_mark_lines_comment_id_line_comments_id_fk" FOREIGN KEY ("comment_id") REFERENCES "public"."line_comments"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "group_marks" ADD CONSTRAINT "group_marks_assignment_id_assignments_id_fk" FOREIGN KEY ("assignment_id") REFERENCES "public"."assignments"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "group_marks" ADD CONSTRAINT "group_marks_made_by_people_id_fk" FOREIGN KEY ("made_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "group_marks" ADD CONSTRAINT "group_marks_undone_by_people_id_fk" FOREIGN KEY ("undone_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "group_mark_lines_submission" ON "group_mark_lines" USING btree ("submission_id");--> statement-breakpoint
CREATE INDEX "group_mark_lines_comment" ON "group_mark_lines" USING btree ("comment_id");--> statement-breakpoint
CREATE INDEX "group_marks_group" ON "group_marks" USING btree ("assignment_id","group_key","made_at");