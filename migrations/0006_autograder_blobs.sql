ALTER TABLE "attempts" ADD COLUMN "metadata_blob" text;--> statement-breakpoint
ALTER TABLE "attempts" ADD COLUMN "results_blob" text;