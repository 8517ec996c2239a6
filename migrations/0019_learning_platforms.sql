CREATE TABLE "lms_contexts" (
	"platform_id" uuid NOT NULL,
	"context_id" text NOT NULL,
	"course_id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "lms_contexts_platform_id_context_id_pk" PRIMARY KEY("platform_id","context_id")
);
--> statement-breakpoint
CREATE TABLE "lms_keys" (
	"id" text PRIMARY KEY NOT NULL,
	"private_key" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "lms_launches" (
	"key" text PRIMARY KEY NOT NULL,
	"platform_id" uuid NOT NULL,
	"browser" text NOT NULL,
	"nonce" text NOT NULL,
	"facts" jsonb NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "lms_launches_nonce_unique" UNIQUE("nonce")
);
--> statement-breakpoint
CREATE TABLE "lms_links" (
	"id" uuid PRIMARY KEY NOT NULL,
	"platform_id" uuid NOT NULL,
	"context_id" text NOT NULL,
	"resource_id" text NOT NULL,
	"assignment_id" uuid NOT NULL,
	"line_item" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "lms_platforms" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"issuer" text NOT NULL,
	"client_id" text NOT NULL,
	"authorization_url" text NOT NULL,
	"token_url" text NOT NULL,
	"keys_url" text NOT NULL,
	"deployments" text[] NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "lms_scores" (
	"link_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	"points" integer,
	"max" integer NOT NULL,
	"state" text NOT NULL,
	"tries" integer DEFAULT 0 NOT NULL,
	"next_at" timestamp with time zone DEFAULT now() NOT NULL,
	"sent_at" timestamp with time zone,
	"fault" text,
	CONSTRAINT "lms_scores_link_id_person_id_pk" PRIMARY KEY("link_id","person_id"),
	CONSTRAINT "lms_scores_state" CHECK ("lms_scores"."state" in ('waiting', 'sent', 'failed'))
);
--> statement-breakpoint
ALTER TABLE "lms_contexts" ADD CONSTRAINT "lms_contexts_platform_id_lms_platforms_id_fk" FOREIGN KEY ("platform_id") REFERENCES "public"."lms_platforms"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "lms_contexts" ADD CONSTRAINT "lms_contexts_course_id_courses_id_fk" FOREIGN KEY ("course_id") REFERENCES "public"."courses"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "lms_launches" ADD CONSTRAINT "lms_launches_platform_id_lms_platforms_id_fk" FOREIGN KEY ("platform_id") REFERENCES "public"."lms_platforms"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "lms_links" ADD CONSTRAINT "lms_links_assignment_id_assignments_id_fk" FOREIGN KEY ("assignment_id") REFERENCES "public"."assignments"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "lms_links" ADD CONSTRAINT "lms_links_context" FOREIGN KEY ("platform_id","context_id") REFERENCES "public"."lms_contexts"("platform_id","context_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "lms_scores" ADD CONSTRAINT "lms_scores_link_id_lms_links_id_fk" FOREIGN KEY ("link_id") REFERENCES "public"."lms_links"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "lms_scores" ADD CONSTRAINT "lms_scores_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "lms_contexts_course" ON "lms_contexts" USING btree ("course_id");--> statement-breakpoint
CREATE INDEX "lms_launches_expiry" ON "lms_launches" USING btree ("expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "lms_links_resource" ON "lms_links" USING btree ("platform_id","context_id","resource_id");--> statement-breakpoint
CREATE INDEX "lms_links_assignment" ON "lms_links" USING btree ("assignment_id");--> statement-breakpoint
CREATE UNIQUE INDEX "lms_platforms_client" ON "lms_platforms" USING btree ("issuer","client_id");--> statement-breakpoint
CREATE INDEX "lms_scores_waiting" ON "lms_scores" USING btree ("next_at") WHERE "lms_scores"."state" = 'waiting';--> statement-breakpoint
CREATE INDEX "lms_scores_person" ON "lms_scores" USING btree ("person_id");