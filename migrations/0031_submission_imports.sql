CREATE TABLE "submission_imports" (
	"id" uuid PRIMARY KEY NOT NULL,
	"assignment_id" uuid NOT NULL,
	"name" text NOT NULL,
	"blob" text NOT NULL,
	"bytes" bigint NOT NULL,
	"download" jsonb NOT NULL,
	"sheets" text[] DEFAULT '{}' NOT NULL,
	"people" jsonb,
	"received_at" timestamp with time zone,
	"choices" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"state" text DEFAULT 'looked' NOT NULL,
	"outcomes" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"created_by" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"applied_by" uuid,
	"touched_at" timestamp with time zone,
	CONSTRAINT "submission_imports_applied" CHECK ("submission_imports"."state" = 'looked' or "submission_imports"."applied_by" is not null)
);
--> statement-breakpoint
ALTER TABLE "submission_imports" ADD CONSTRAINT "submission_imports_assignment_id_assignments_id_fk" FOREIGN KEY ("assignment_id") REFERENCES "public"."assignments"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "submission_imports" ADD CONSTRAINT "submission_imports_created_by_people_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "submission_imports" ADD CONSTRAINT "submission_imports_applied_by_people_id_fk" FOREIGN KEY ("applied_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "submission_imports_assignment" ON "submission_imports" USING btree ("assignment_id","id");--> statement-breakpoint
CREATE INDEX "submission_imports_open" ON "submission_imports" USING btree ("id") WHERE "submission_imports"."state" = 'applying';