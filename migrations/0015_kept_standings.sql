CREATE TABLE "kept_standings" (
	"assignment_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	"submission_id" uuid NOT NULL,
	"points" integer,
	CONSTRAINT "kept_standings_assignment_id_person_id_pk" PRIMARY KEY("assignment_id","person_id")
);
--> statement-breakpoint
CREATE TABLE "standing_changes" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "standing_changes_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"assignment_id" uuid NOT NULL,
	"person_id" uuid
);
--> statement-breakpoint
ALTER TABLE "kept_standings" ADD CONSTRAINT "kept_standings_assignment_id_assignments_id_fk" FOREIGN KEY ("assignment_id") REFERENCES "public"."assignments"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "kept_standings" ADD CONSTRAINT "kept_standings_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "kept_standings" ADD CONSTRAINT "kept_standings_submission_id_submissions_id_fk" FOREIGN KEY ("submission_id") REFERENCES "public"."submissions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "kept_standings_person" ON "kept_standings" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "kept_standings_submission" ON "kept_standings" USING btree ("submission_id");--> statement-breakpoint
CREATE INDEX "standing_changes_assignment" ON "standing_changes" USING btree ("assignment_id");