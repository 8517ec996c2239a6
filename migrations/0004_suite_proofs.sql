CREATE TABLE "suite_proof_runs" (
	"proof_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"expected" jsonb NOT NULL,
	"flagged" boolean NOT NULL,
	"subject" text NOT NULL,
	CONSTRAINT "suite_proof_runs_proof_id_position_pk" PRIMARY KEY("proof_id","position")
);
--> statement-breakpoint
CREATE TABLE "suite_proofs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"version_id" uuid NOT NULL,
	"requested_by" uuid NOT NULL,
	"seeds" integer NOT NULL,
	"empty_zip" jsonb,
	"state" text DEFAULT 'running' NOT NULL,
	"fault" text,
	"started_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp with time zone,
	CONSTRAINT "suite_proofs_state" CHECK ("suite_proofs"."state" in ('running', 'ended', 'failed', 'cancelled'))
);
--> statement-breakpoint
ALTER TABLE "suite_proof_runs" ADD CONSTRAINT "suite_proof_runs_proof_id_suite_proofs_id_fk" FOREIGN KEY ("proof_id") REFERENCES "public"."suite_proofs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "suite_proofs" ADD CONSTRAINT "suite_proofs_version_id_suite_versions_id_fk" FOREIGN KEY ("version_id") REFERENCES "public"."suite_versions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "suite_proofs" ADD CONSTRAINT "suite_proofs_requested_by_people_id_fk" FOREIGN KEY ("requested_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "suite_proof_runs_subject" ON "suite_proof_runs" USING btree ("subject");--> statement-breakpoint
CREATE INDEX "suite_proofs_version" ON "suite_proofs" USING btree ("version_id","started_at");--> statement-breakpoint
CREATE UNIQUE INDEX "suite_proofs_running" ON "suite_proofs" USING btree ("version_id") WHERE "suite_proofs"."state" = 'running';