-- Another worth of a rubric item changes the points of everybody who has it: their kept standings may be wrong now.
CREATE FUNCTION "note_standings_of_worth"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  INSERT INTO "standing_changes" ("assignment_id") VALUES (NEW."assignment_id");
  RETURN NULL;
END
$$;--> statement-breakpoint
CREATE TRIGGER "rubric_worths_note_standings" AFTER INSERT OR UPDATE ON "rubric_worths" FOR EACH ROW
  EXECUTE FUNCTION "note_standings_of_worth"();
