CREATE TABLE "moved_in" (
	"submission_id" uuid PRIMARY KEY NOT NULL,
	"assignment_id" uuid NOT NULL,
	"origin" text NOT NULL,
	"archive_blob" text NOT NULL,
	"moved_by" uuid NOT NULL,
	"moved_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "moved_in" ADD CONSTRAINT "moved_in_submission_id_submissions_id_fk" FOREIGN KEY ("submission_id") REFERENCES "public"."submissions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "moved_in" ADD CONSTRAINT "moved_in_assignment_id_assignments_id_fk" FOREIGN KEY ("assignment_id") REFERENCES "public"."assignments"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "moved_in" ADD CONSTRAINT "moved_in_moved_by_people_id_fk" FOREIGN KEY ("moved_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "moved_in_origin" ON "moved_in" USING btree ("assignment_id","origin","archive_blob");