CREATE TABLE "device_entries" (
	"id" uuid PRIMARY KEY NOT NULL,
	"team" text NOT NULL,
	"week" date NOT NULL,
	"kind" text NOT NULL,
	"seconds" integer NOT NULL,
	"attempt_id" uuid,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "device_entries_seconds" CHECK ("device_entries"."seconds" >= 0)
);
--> statement-breakpoint
ALTER TABLE "assignments" ADD COLUMN "gpu_fallback" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "assignments" ADD COLUMN "gpu_minutes_a_week" integer;--> statement-breakpoint
ALTER TABLE "attempts" ADD COLUMN "wanted_by" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "attempts" ADD COLUMN "ahead" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "attempts" ADD COLUMN "fallback" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "attempts" ADD COLUMN "week_seconds" integer;--> statement-breakpoint
ALTER TABLE "device_entries" ADD CONSTRAINT "device_entries_attempt_id_attempts_id_fk" FOREIGN KEY ("attempt_id") REFERENCES "public"."attempts"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "device_entries_team" ON "device_entries" USING btree ("team","week");--> statement-breakpoint
CREATE UNIQUE INDEX "device_entries_week" ON "device_entries" USING btree ("team","week") WHERE kind = 'grant';--> statement-breakpoint
CREATE UNIQUE INDEX "device_entries_once" ON "device_entries" USING btree ("attempt_id","kind");--> statement-breakpoint
CREATE INDEX "attempts_for_devices" ON "attempts" USING btree ("priority","id") WHERE state = 'waiting' and lane = 'gpu';--> statement-breakpoint
ALTER TABLE "assignments" ADD CONSTRAINT "assignments_gpu_minutes" CHECK ("assignments"."gpu_minutes_a_week" between 1 and 10080);