CREATE TABLE "contribution_statements" (
	"assignment_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	"text" text NOT NULL,
	"share" integer,
	"stated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "contribution_statements_assignment_id_person_id_pk" PRIMARY KEY("assignment_id","person_id"),
	CONSTRAINT "contribution_statements_share" CHECK ("contribution_statements"."share" between 0 and 100 and "contribution_statements"."text" <> '')
);
--> statement-breakpoint
ALTER TABLE "assignments" ADD COLUMN "contributions" text DEFAULT 'off' NOT NULL;--> statement-breakpoint
ALTER TABLE "contribution_statements" ADD CONSTRAINT "contribution_statements_assignment_id_assignments_id_fk" FOREIGN KEY ("assignment_id") REFERENCES "public"."assignments"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contribution_statements" ADD CONSTRAINT "contribution_statements_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "contribution_statements_person" ON "contribution_statements" USING btree ("person_id");--> statement-breakpoint
ALTER TABLE "assignments" ADD CONSTRAINT "assignments_contributions" CHECK ("assignments"."contributions" in ('off', 'staff', 'group'));