CREATE TABLE "upload_claims" (
	"id" uuid PRIMARY KEY NOT NULL,
	"assignment_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	"sha256" text NOT NULL,
	"bytes" bigint NOT NULL,
	"claimed_at" timestamp with time zone DEFAULT now() NOT NULL,
	"submission_id" uuid
);
--> statement-breakpoint
ALTER TABLE "submissions" ADD COLUMN "completed_at" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
UPDATE "submissions" SET "completed_at" = "received_at";--> statement-breakpoint
ALTER TABLE "upload_claims" ADD CONSTRAINT "upload_claims_assignment_id_assignments_id_fk" FOREIGN KEY ("assignment_id") REFERENCES "public"."assignments"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "upload_claims" ADD CONSTRAINT "upload_claims_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "upload_claims" ADD CONSTRAINT "upload_claims_submission_id_submissions_id_fk" FOREIGN KEY ("submission_id") REFERENCES "public"."submissions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "upload_claims_open" ON "upload_claims" USING btree ("person_id","assignment_id","claimed_at") WHERE "upload_claims"."submission_id" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "upload_claims_submission" ON "upload_claims" USING btree ("submission_id");