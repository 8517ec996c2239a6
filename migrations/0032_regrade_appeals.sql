DROP INDEX "regrade_requests_target";--> statement-breakpoint
ALTER TABLE "regrade_requests" ADD COLUMN "round" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "regrade_requests_target" ON "regrade_requests" USING btree ("submission_id","kind","target","round") WHERE "regrade_requests"."state" <> 'withdrawn';--> statement-breakpoint
ALTER TABLE "regrade_requests" ADD CONSTRAINT "regrade_requests_round" CHECK ("regrade_requests"."round" between 1 and 2);