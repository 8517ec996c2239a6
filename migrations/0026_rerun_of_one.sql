DROP INDEX "reruns_open";--> statement-breakpoint
CREATE UNIQUE INDEX "reruns_open_batch" ON "reruns" USING btree ("assignment_id") WHERE "reruns"."state" = 'open' and "reruns"."scope" <> 'one';