CREATE TABLE "accounts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"person_id" uuid NOT NULL,
	"provider_id" text NOT NULL,
	"account_id" text NOT NULL,
	"access_token" text,
	"refresh_token" text,
	"id_token" text,
	"access_token_expires_at" timestamp with time zone,
	"refresh_token_expires_at" timestamp with time zone,
	"scope" text,
	"password" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "api_tokens" (
	"id" uuid PRIMARY KEY NOT NULL,
	"person_id" uuid NOT NULL,
	"name" text NOT NULL,
	"hash" "bytea" NOT NULL,
	"tail" text NOT NULL,
	"scopes" text[] NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"last_used_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "api_tokens_hash_unique" UNIQUE("hash")
);
--> statement-breakpoint
CREATE TABLE "audit_log" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "audit_log_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"actor_id" uuid,
	"action" text NOT NULL,
	"course_id" uuid,
	"subject_kind" text NOT NULL,
	"subject_id" text NOT NULL,
	"detail" jsonb DEFAULT '{}'::jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "people" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"email" text NOT NULL,
	"email_verified" boolean DEFAULT false NOT NULL,
	"image" text,
	"admin" boolean DEFAULT false NOT NULL,
	"language" text,
	"disabled_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "people_email_unique" UNIQUE("email"),
	CONSTRAINT "people_email_small" CHECK ("people"."email" = lower("people"."email"))
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"person_id" uuid NOT NULL,
	"token" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"ip_address" text,
	"user_agent" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "sessions_token_unique" UNIQUE("token")
);
--> statement-breakpoint
CREATE TABLE "sign_in_limits" (
	"key" text PRIMARY KEY NOT NULL,
	"failures" integer NOT NULL,
	"window_started_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "verifications" (
	"id" uuid PRIMARY KEY NOT NULL,
	"identifier" text NOT NULL,
	"value" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "assignments" (
	"id" uuid PRIMARY KEY NOT NULL,
	"course_id" uuid NOT NULL,
	"slug" text NOT NULL,
	"title" jsonb NOT NULL,
	"suite_version_id" uuid,
	"state" text DEFAULT 'draft' NOT NULL,
	"opens_at" timestamp with time zone,
	"due_at" timestamp with time zone,
	"grace_seconds" integer DEFAULT 0 NOT NULL,
	"late_percent_per_day" integer DEFAULT 0 NOT NULL,
	"late_last_day" integer DEFAULT 0,
	"counting" text DEFAULT 'latest' NOT NULL,
	"attempts_total" integer,
	"attempts_per_day" integer,
	"cooldown_seconds" integer DEFAULT 0 NOT NULL,
	"results_published_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "assignments_state" CHECK ("assignments"."state" in ('draft', 'open', 'closed')),
	CONSTRAINT "assignments_open_has_suite" CHECK ("assignments"."state" = 'draft' or "assignments"."suite_version_id" is not null),
	CONSTRAINT "assignments_late_percent" CHECK ("assignments"."late_percent_per_day" between 0 and 100)
);
--> statement-breakpoint
CREATE TABLE "extensions" (
	"assignment_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"reason" text NOT NULL,
	"granted_by" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "extensions_assignment_id_person_id_pk" PRIMARY KEY("assignment_id","person_id")
);
--> statement-breakpoint
CREATE TABLE "courses" (
	"id" uuid PRIMARY KEY NOT NULL,
	"slug" text NOT NULL,
	"title" jsonb NOT NULL,
	"time_zone" text DEFAULT 'Asia/Shanghai' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "courses_slug_unique" UNIQUE("slug")
);
--> statement-breakpoint
CREATE TABLE "roster" (
	"course_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	"role" text NOT NULL,
	"student_number" text,
	"section" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "roster_course_id_person_id_pk" PRIMARY KEY("course_id","person_id"),
	CONSTRAINT "roster_role" CHECK ("roster"."role" in ('student', 'ta', 'instructor'))
);
--> statement-breakpoint
CREATE TABLE "artifacts" (
	"attempt_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"number" smallint NOT NULL,
	"blob" text NOT NULL,
	"name" text NOT NULL,
	"media_type" text NOT NULL,
	"bytes" bigint NOT NULL,
	CONSTRAINT "artifacts_attempt_id_position_number_pk" PRIMARY KEY("attempt_id","position","number")
);
--> statement-breakpoint
CREATE TABLE "attempts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"subject" text NOT NULL,
	"run" text NOT NULL,
	"number" integer NOT NULL,
	"archive_blob" text NOT NULL,
	"archive_hash" text NOT NULL,
	"archive_bytes" bigint NOT NULL,
	"suite_blob" text NOT NULL,
	"suite_hash" text NOT NULL,
	"suite_config" jsonb NOT NULL,
	"key" "bytea" NOT NULL,
	"options" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"lane" text NOT NULL,
	"priority" integer NOT NULL,
	"team" text NOT NULL,
	"crowd" text DEFAULT '' NOT NULL,
	"state" text DEFAULT 'waiting' NOT NULL,
	"token" uuid,
	"worker" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	"touched_at" timestamp with time zone,
	"fault" text,
	"report" jsonb,
	"score" integer,
	"max" integer,
	"is_final" boolean DEFAULT false NOT NULL,
	"announced_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "test_results" (
	"attempt_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"name" text NOT NULL,
	"result" jsonb NOT NULL,
	"score" integer NOT NULL,
	"max" integer NOT NULL,
	"visibility" text NOT NULL,
	CONSTRAINT "test_results_attempt_id_position_pk" PRIMARY KEY("attempt_id","position")
);
--> statement-breakpoint
CREATE TABLE "workers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"host" text NOT NULL,
	"pid" integer NOT NULL,
	"lanes" text[] NOT NULL,
	"slots" integer NOT NULL,
	"started_at" timestamp with time zone DEFAULT now() NOT NULL,
	"seen_at" timestamp with time zone DEFAULT now() NOT NULL,
	"detail" jsonb DEFAULT '{}'::jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "manifest_entries" (
	"submission_id" uuid NOT NULL,
	"position" integer NOT NULL,
	"path" text NOT NULL,
	"bytes" bigint NOT NULL,
	"sha256" text NOT NULL,
	"offset_bytes" bigint NOT NULL,
	CONSTRAINT "manifest_entries_submission_id_position_pk" PRIMARY KEY("submission_id","position")
);
--> statement-breakpoint
CREATE TABLE "submissions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"assignment_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"received_at" timestamp with time zone DEFAULT now() NOT NULL,
	"suite_version_id" uuid NOT NULL,
	"original_blob" text NOT NULL,
	"original_name" text NOT NULL,
	"original_bytes" bigint NOT NULL,
	"archive_blob" text NOT NULL,
	"archive_bytes" bigint NOT NULL,
	"notes" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"idempotency_key" text
);
--> statement-breakpoint
CREATE TABLE "suite_versions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"suite_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"hash" text NOT NULL,
	"blob" text NOT NULL,
	"bytes" bigint NOT NULL,
	"config" jsonb NOT NULL,
	"secret" "bytea" NOT NULL,
	"tests" jsonb,
	"state" text DEFAULT 'registered' NOT NULL,
	"proof" jsonb,
	"unproved_reason" text,
	"registered_by" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"published_at" timestamp with time zone,
	CONSTRAINT "suite_versions_state" CHECK ("suite_versions"."state" in ('registered', 'validating', 'proved', 'refused', 'published'))
);
--> statement-breakpoint
CREATE TABLE "suites" (
	"id" uuid PRIMARY KEY NOT NULL,
	"course_id" uuid NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_tokens" ADD CONSTRAINT "api_tokens_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "audit_log" ADD CONSTRAINT "audit_log_actor_id_people_id_fk" FOREIGN KEY ("actor_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "assignments" ADD CONSTRAINT "assignments_course_id_courses_id_fk" FOREIGN KEY ("course_id") REFERENCES "public"."courses"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "assignments" ADD CONSTRAINT "assignments_suite_version_id_suite_versions_id_fk" FOREIGN KEY ("suite_version_id") REFERENCES "public"."suite_versions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "extensions" ADD CONSTRAINT "extensions_assignment_id_assignments_id_fk" FOREIGN KEY ("assignment_id") REFERENCES "public"."assignments"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "extensions" ADD CONSTRAINT "extensions_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "extensions" ADD CONSTRAINT "extensions_granted_by_people_id_fk" FOREIGN KEY ("granted_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "roster" ADD CONSTRAINT "roster_course_id_courses_id_fk" FOREIGN KEY ("course_id") REFERENCES "public"."courses"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "roster" ADD CONSTRAINT "roster_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "artifacts" ADD CONSTRAINT "artifacts_attempt_id_attempts_id_fk" FOREIGN KEY ("attempt_id") REFERENCES "public"."attempts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "test_results" ADD CONSTRAINT "test_results_attempt_id_attempts_id_fk" FOREIGN KEY ("attempt_id") REFERENCES "public"."attempts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "manifest_entries" ADD CONSTRAINT "manifest_entries_submission_id_submissions_id_fk" FOREIGN KEY ("submission_id") REFERENCES "public"."submissions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "submissions" ADD CONSTRAINT "submissions_assignment_id_assignments_id_fk" FOREIGN KEY ("assignment_id") REFERENCES "public"."assignments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "submissions" ADD CONSTRAINT "submissions_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "submissions" ADD CONSTRAINT "submissions_suite_version_id_suite_versions_id_fk" FOREIGN KEY ("suite_version_id") REFERENCES "public"."suite_versions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "suite_versions" ADD CONSTRAINT "suite_versions_suite_id_suites_id_fk" FOREIGN KEY ("suite_id") REFERENCES "public"."suites"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "suite_versions" ADD CONSTRAINT "suite_versions_registered_by_people_id_fk" FOREIGN KEY ("registered_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "suites" ADD CONSTRAINT "suites_course_id_courses_id_fk" FOREIGN KEY ("course_id") REFERENCES "public"."courses"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "accounts_subject" ON "accounts" USING btree ("provider_id","account_id");--> statement-breakpoint
CREATE INDEX "accounts_person" ON "accounts" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "api_tokens_person" ON "api_tokens" USING btree ("person_id","created_at");--> statement-breakpoint
CREATE INDEX "audit_log_course" ON "audit_log" USING btree ("course_id","id");--> statement-breakpoint
CREATE INDEX "audit_log_subject" ON "audit_log" USING btree ("subject_kind","subject_id","id");--> statement-breakpoint
CREATE INDEX "audit_log_actor" ON "audit_log" USING btree ("actor_id","id");--> statement-breakpoint
CREATE INDEX "sessions_person" ON "sessions" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "sign_in_limits_window" ON "sign_in_limits" USING btree ("window_started_at");--> statement-breakpoint
CREATE INDEX "verifications_identifier" ON "verifications" USING btree ("identifier");--> statement-breakpoint
CREATE UNIQUE INDEX "assignments_slug" ON "assignments" USING btree ("course_id","slug");--> statement-breakpoint
CREATE INDEX "assignments_suite_version" ON "assignments" USING btree ("suite_version_id");--> statement-breakpoint
CREATE INDEX "extensions_person" ON "extensions" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "extensions_due" ON "extensions" USING btree ("assignment_id","due_at");--> statement-breakpoint
CREATE UNIQUE INDEX "roster_student_number" ON "roster" USING btree ("course_id","student_number") WHERE "roster"."student_number" is not null;--> statement-breakpoint
CREATE INDEX "roster_person" ON "roster" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "artifacts_blob" ON "artifacts" USING btree ("blob");--> statement-breakpoint
CREATE UNIQUE INDEX "attempts_number" ON "attempts" USING btree ("subject","run","number");--> statement-breakpoint
CREATE UNIQUE INDEX "attempts_final" ON "attempts" USING btree ("subject","run") WHERE is_final;--> statement-breakpoint
CREATE UNIQUE INDEX "attempts_token" ON "attempts" USING btree ("token");--> statement-breakpoint
CREATE UNIQUE INDEX "attempts_open" ON "attempts" USING btree ("subject","run") WHERE state in ('waiting', 'running');--> statement-breakpoint
CREATE INDEX "attempts_unfinished" ON "attempts" USING btree ("state","team") WHERE state in ('waiting', 'running');--> statement-breakpoint
CREATE INDEX "attempts_crowd" ON "attempts" USING btree ("crowd") WHERE state = 'waiting';--> statement-breakpoint
CREATE INDEX "attempts_unannounced" ON "attempts" USING btree ("id") WHERE announced_at is null and state in ('finished', 'needs_attention');--> statement-breakpoint
CREATE UNIQUE INDEX "manifest_entries_path" ON "manifest_entries" USING btree ("submission_id","path");--> statement-breakpoint
CREATE UNIQUE INDEX "submissions_number" ON "submissions" USING btree ("assignment_id","person_id","number");--> statement-breakpoint
CREATE UNIQUE INDEX "submissions_idempotency_key" ON "submissions" USING btree ("person_id","idempotency_key") WHERE "submissions"."idempotency_key" is not null;--> statement-breakpoint
CREATE INDEX "submissions_received" ON "submissions" USING btree ("assignment_id","received_at","id");--> statement-breakpoint
CREATE INDEX "submissions_person" ON "submissions" USING btree ("person_id","received_at");--> statement-breakpoint
CREATE INDEX "submissions_suite_version" ON "submissions" USING btree ("suite_version_id");--> statement-breakpoint
CREATE UNIQUE INDEX "suite_versions_number" ON "suite_versions" USING btree ("suite_id","number");--> statement-breakpoint
CREATE UNIQUE INDEX "suite_versions_hash" ON "suite_versions" USING btree ("suite_id","hash");--> statement-breakpoint
CREATE INDEX "suite_versions_registered_by" ON "suite_versions" USING btree ("registered_by");--> statement-breakpoint
CREATE UNIQUE INDEX "suites_name" ON "suites" USING btree ("course_id","name");