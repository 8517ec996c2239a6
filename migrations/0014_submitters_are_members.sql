-- Whoever hands something in is a member of it, whichever way the row came; rows from before this are entered now.
INSERT INTO "submission_members" ("submission_id", "person_id") SELECT "id", "person_id" FROM "submissions" ON CONFLICT DO NOTHING;--> statement-breakpoint
CREATE FUNCTION "submission_member_of_submitter"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "submission_members" ("submission_id", "person_id") VALUES (NEW."id", NEW."person_id") ON CONFLICT DO NOTHING;
  RETURN NULL;
END
$$;--> statement-breakpoint
CREATE TRIGGER "submissions_submitter_is_member" AFTER INSERT ON "submissions"
  FOR EACH ROW EXECUTE FUNCTION "submission_member_of_submitter"();
