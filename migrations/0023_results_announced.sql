ALTER TABLE "assignments" ADD COLUMN "results_announced_for" timestamp with time zone;--> statement-breakpoint
-- Who was to hear of what is out already has heard of it by other ways.
UPDATE "assignments" SET "results_announced_for" = "results_published_at" WHERE "results_published_at" <= now();
