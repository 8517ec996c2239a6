ALTER TABLE "assignments" ADD COLUMN "diagnosis_readers" text;--> statement-breakpoint
ALTER TABLE "assignments" ADD COLUMN "diagnosis_attempts" integer;--> statement-breakpoint
ALTER TABLE "attempts" ADD COLUMN "diagnosing" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "test_results" ADD COLUMN "diagnosis" jsonb;--> statement-breakpoint
CREATE INDEX "test_results_diagnosed" ON "test_results" USING btree ("attempt_id") WHERE diagnosis is not null;--> statement-breakpoint
ALTER TABLE "assignments" ADD CONSTRAINT "assignments_diagnosis_attempts" CHECK ("assignments"."diagnosis_attempts" between 1 and 100);