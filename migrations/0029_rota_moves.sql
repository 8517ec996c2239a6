CREATE TABLE "rota_moves" (
	"id" uuid PRIMARY KEY NOT NULL,
	"course_id" uuid NOT NULL,
	"attempt_id" uuid NOT NULL,
	"place_before" integer NOT NULL,
	"place_after" integer NOT NULL,
	"ahead" jsonb NOT NULL,
	"reason" text NOT NULL,
	"made_by" uuid NOT NULL,
	"made_at" timestamp with time zone DEFAULT now() NOT NULL,
	"undone_by" uuid,
	"undone_at" timestamp with time zone,
	CONSTRAINT "rota_moves_reason" CHECK ("rota_moves"."reason" <> '')
);
--> statement-breakpoint
ALTER TABLE "rota_moves" ADD CONSTRAINT "rota_moves_course_id_courses_id_fk" FOREIGN KEY ("course_id") REFERENCES "public"."courses"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rota_moves" ADD CONSTRAINT "rota_moves_attempt_id_attempts_id_fk" FOREIGN KEY ("attempt_id") REFERENCES "public"."attempts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rota_moves" ADD CONSTRAINT "rota_moves_made_by_people_id_fk" FOREIGN KEY ("made_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rota_moves" ADD CONSTRAINT "rota_moves_undone_by_people_id_fk" FOREIGN KEY ("undone_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "rota_moves_course" ON "rota_moves" USING btree ("course_id","id");--> statement-breakpoint
CREATE INDEX "attempts_device_times" ON "attempts" USING btree ("suite_hash","id") WHERE state = 'finished' and lane = 'gpu';